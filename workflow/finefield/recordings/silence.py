"""Trials, or their ends, in which no cell fires: not recorded, and padded with zeros."""

import logging
from collections.abc import Sequence as Listed
from dataclasses import replace

import numpy as np

from finefield.recordings.data import Recording, Sequence

log = logging.getLogger(__name__)

#: Spikes that the other trials must lead to expect, for silence to be strange.
LEAST_EXPECTED = 20
#: The same of a trial's end: of repeats, in which others fire there; and of running trials, whose
#: stimulus may be dark.
REPEATED_END, RUNNING_END = 40, 100


def check_silence(recording: Recording, leave_out: bool) -> Recording:
    """Name the trials, and ends of trials, in which no cell fires; leave them out if asked to.

    Parameters
    ----------
    recording : Recording
        All cells' responses.
    leave_out : bool
        Whether they are left out.

    Returns
    -------
    Recording

    Examples
    --------
    >>> trials = np.zeros((1, 3, 50), np.uint8)
    >>> trials[:, :2] = 1
    >>> whole = Sequence(trials, np.zeros(3, int), np.full(3, 50))
    >>> found = check_silence(Recording(("a",), whole, whole), leave_out=True)
    >>> found.frozen.spike_count.shape
    (1, 2, 50)
    """
    kept = {}
    for name, sequence in recording.sequences.items():
        fired = fired_frames(sequence)
        short = fired < sequence.n_frames
        if short.any():
            what = silence_in_words(
                *(1 + np.flatnonzero(short & each) for each in (fired == 0, fired > 0)), len(fired)
            )
            fix = "left out" if leave_out else "layout.silent_trials: leave_out leaves them out"
            log.warning("%s sequence: %s, from 1; were they recorded? %s", name, what, fix)
            if leave_out:
                sequence = _cut(sequence, fired)
        kept[name] = sequence
    return replace(recording, **kept)


def fired_frames(sequence: Sequence) -> np.ndarray:
    """Frames of each trial up to which cells fire.

    Parameters
    ----------
    sequence : Sequence
        All cells' responses.

    Returns
    -------
    ndarray of int64, shape (trial,)
        All frames of the trial, unless it is silent, or silent to its end, where the others lead to
        expect spikes.
    """
    spikes = sequence.spike_count.sum(0, dtype=np.int64)
    after_last = spikes.shape[1] - np.argmax(spikes[:, ::-1] > 0, axis=1)
    fired = np.where(spikes.any(1), after_last, 0)
    seen = sequence.inside if sequence.observed is None else sequence.observed.any(0)
    seen = seen & sequence.inside
    later = np.arange(spikes.shape[1]) >= fired[:, None]
    rate, least = spikes.sum() / max(1, (seen & ~later).sum()), RUNNING_END
    if len(fired) > 1 and np.ptp(sequence.first_frame) == 0:
        # Other repeats tell what to expect in each frame, but no few of them alone.
        rate = spikes.sum(0) / np.maximum(len(fired) / 2, (seen & ~later).sum(0))
        least = REPEATED_END
    expected = (rate * (seen & later)).sum(1)
    strange = expected > np.where(fired > 0, least, LEAST_EXPECTED)
    return np.where(strange, fired, sequence.n_frames)


def silence_in_words(whole: Listed[int], ended: Listed[int], n_trials: int) -> str:
    """Which trials are silent, and which to their ends.

    Examples
    --------
    >>> silence_in_words([3, 4], [], 5), silence_in_words([4], [5], 5)
    ('no cell fires in trials 3, 4 of 5', 'no cell fires in trials 4, and to the end of 5 of 5')
    """
    silent, ends = (", ".join(map(str, trials)) for trials in (whole, ended))
    words = "to the end of" if silent else "to the end of trials"
    parts = [f"in trials {silent}"] * bool(silent) + [f"{words} {ends}"] * bool(ends)
    return f"no cell fires {', and '.join(parts)} of {n_trials}"


def _cut(sequence: Sequence, n_frames: np.ndarray) -> Sequence:
    """The first frames of each trial; none of those of which none is left."""
    kept, observed = n_frames > 0, sequence.observed
    return replace(
        sequence,
        spike_count=sequence.spike_count[:, kept],
        first_frame=sequence.first_frame[kept],
        n_frames=n_frames[kept],
        observed=None if observed is None else observed[:, kept],
    )
