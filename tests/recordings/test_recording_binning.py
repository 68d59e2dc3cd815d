"""Spikes fall in the frames that a plain loop over frames finds."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from finefield.recordings.binning import FrameTimes, bin_recording
from finefield.recordings.names import natural_order

#: On a grid of quarters of a period, nothing is rounded.
PERIOD = 4
NAMES = "running", "frozen"

frame = st.tuples(
    st.sampled_from([4, 4, 4, 3, 5, 6, 7, 8, 20]),  # time to the next frame
    st.sampled_from([1, 1, 1, 1, 1, 2, -3]),  # step of the index to the next frame
    st.sampled_from([True, True, True, False]),  # whether it was shown
)
#: Rows of running and frozen frames by turns.
rows = st.lists(st.lists(frame, min_size=1, max_size=7), min_size=1, max_size=6)


def timed(rows):
    """Rows [(onset, index or None)] of either sequence; each begins with a long regular one."""
    sequences, now = ([], []), 100
    regular = [(PERIOD, 1, True)] * 50
    for number, row in enumerate([regular, regular, *rows]):
        frames, index = [], 10 * number
        for interval, step, shown in row:
            frames.append((now, index if shown else None))
            now, index = now + interval, index + step
        sequences[number % 2].append(frames)
    return sequences


def arrays(rows, name):
    """The rows as arrays, padded to one length."""
    shape = len(rows), max(map(len, rows))
    onset, index = np.full(shape, np.nan), np.zeros(shape, int)
    for n, row in enumerate(rows):
        for k, (time, number) in enumerate(row):
            if number is not None:
                onset[n, k], index[n, k] = time, number
    return FrameTimes(onset, index, name)


def trials_of(rows):
    """Trials [(onset, index)] by walking along the frames."""
    trials = []
    for row in rows:
        before = None
        for time, number in row:
            if number is not None:
                if before is None or number != before[1] + 1 or time - before[0] > 1.5 * PERIOD:
                    trials.append([])
                trials[-1].append((time, number))
            before = (time, number) if number is not None else None
    return trials


def count_by_hand(trials, onsets, spikes):
    """Spikes in each frame of each trial, each frame's end sought among all onsets."""
    counts = []
    for trial in trials:
        counts.append([])
        for k, (start, _) in enumerate(trial):
            following = min((time for time in onsets if time > start), default=np.inf)
            end = trial[k + 1][0] if k + 1 < len(trial) else min(start + PERIOD, following)
            counts[-1].append(sum(start <= spike < end for spike in spikes))
    return counts


@given(rows, st.integers(0, 1000), st.sampled_from([1.0, 0.001]))
def test_every_spike_is_in_the_frame_that_a_plain_loop_finds(rows, seed, unit):
    sequences = timed(rows)
    trials = [trials_of(rows) for rows in sequences]
    onsets = [time for both in trials for trial in both for time, _ in trial]
    # On half of the onsets and of the middles between, and some outside.
    halves = np.arange(2 * min(onsets) - 10, 2 * max(onsets) + 30)
    spikes = halves[np.random.default_rng(seed).random(len(halves)) < 0.5] / 2
    recording = bin_recording(
        {"a": spikes, "silent": np.zeros(0)},
        {name: arrays(one, name) for name, one in zip(NAMES, sequences, strict=True)},
        1 / PERIOD / unit,
        "spikes",
        seconds_per_unit=unit,
        spikes_outside="ignore",
    )
    assert recording.cells == ("a", "silent")
    for sequence, expected in zip((recording.running, recording.frozen), trials, strict=True):
        assert sequence.first_frame.tolist() == [trial[0][1] for trial in expected]
        assert sequence.n_frames.tolist() == [len(trial) for trial in expected]
        counts = count_by_hand(expected, onsets, spikes)
        for trial, n in enumerate(sequence.n_frames):
            assert sequence.spike_count[0, trial, :n].tolist() == counts[trial]
            assert not sequence.spike_count[0, trial, n:].any()
        assert not sequence.spike_count[1].any()


@pytest.mark.parametrize("rate", [30.0, 59.94, 60.0, 85.0, 1000 / 33.0])
@pytest.mark.parametrize("unit", [1.0, 0.001, 1 / 20000])
@pytest.mark.parametrize("start", [0.0, 12345.678])
def test_rounding_moves_no_spike(rate, unit, start):
    """Spikes one step of floating point inside either end of every frame, rows without pauses."""
    n, rows = 20, 30
    onset = (start + np.arange(n * rows + n) / rate) / unit
    running = onset[: n * rows].reshape(rows, n)
    frozen = onset[n * rows :][None]
    spikes = np.concatenate([onset[:-1], np.nextafter(onset[1:], -np.inf)])
    recording = bin_recording(
        {"a": np.sort(spikes)},
        {
            "running": FrameTimes(running, np.arange(n * rows).reshape(rows, n), "running"),
            "frozen": FrameTimes(frozen, np.arange(n)[None], "frozen"),
        },
        rate,
        "spikes",
        seconds_per_unit=unit,
        spikes_outside="error",
    )
    assert (recording.running.spike_count == 2).all()
    assert recording.frozen.spike_count.tolist() == [[[2] * (n - 1) + [0]]]


@given(st.lists(st.from_regex("[a-z]{0,2}[0-9]{1,3}", fullmatch=True), unique=True))
def test_natural_order_sorts_numbers_by_size(names):
    """Padding with zeros makes plain sorting do the same."""

    def padded(name):
        letters = name.rstrip("0123456789")
        return letters, int(name[len(letters) :]), name

    assert natural_order(names) == sorted(names, key=padded)
