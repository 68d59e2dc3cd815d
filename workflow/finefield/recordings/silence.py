"""Trials in which no cell fires: those that were not recorded and are padded with zeros."""

import logging
from dataclasses import replace

import numpy as np

from finefield.recordings.data import Recording, Sequence

log = logging.getLogger(__name__)

#: Spikes that the other trials must lead to expect, for silence to be strange.
LEAST_EXPECTED = 20


def check_silence(recording: Recording, leave_out: bool) -> Recording:
    """Name the trials in which no cell fires, and leave them out if asked to.

    Parameters
    ----------
    recording : Recording
        All cells' responses.
    leave_out : bool
        Whether those trials are left out.

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
        silent = silent_trials(sequence)
        if silent.any():
            numbers = ", ".join(map(str, 1 + np.flatnonzero(silent)))
            what = f"{name} sequence: no cell fires in trials {numbers} of {len(silent)}"
            fix = "left out" if leave_out else "layout.silent_trials: leave_out leaves them out"
            log.warning("%s, from 1; were they recorded? %s", what, fix)
            if leave_out:
                sequence = _without(sequence, silent)
        kept[name] = sequence
    return replace(recording, **kept)


def silent_trials(sequence: Sequence) -> np.ndarray:
    """Trials without a spike where the others lead to expect some, bool (trial,)."""
    spikes = sequence.spike_count.sum((0, 2), dtype=np.int64)
    fired = spikes > 0
    rate = spikes.sum() / max(1, sequence.n_frames[fired].sum())
    return ~fired & (rate * sequence.n_frames > LEAST_EXPECTED)


def _without(sequence: Sequence, silent: np.ndarray) -> Sequence:
    observed = sequence.observed
    return replace(
        sequence,
        spike_count=sequence.spike_count[:, ~silent],
        first_frame=sequence.first_frame[~silent],
        n_frames=sequence.n_frames[~silent],
        observed=None if observed is None else observed[:, ~silent],
    )
