"""What recordings are said to hold, against plain counts."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from helpers.formats import times_npz
from helpers.recordings import (
    CELLS,
    FROZEN,
    RATE,
    RUNNING,
    SPIKE_TIMES,
    TRIALS,
    read_recording,
    simulate,
)
from hypothesis import given
from hypothesis import strategies as st

from finefield.recordings.data import Recording, Sequence
from finefield.recordings.description import describe, most_alike, part_rates
from finefield.recordings.parts import joined
from finefield.recordings.times import refractory_violations
from finefield.recordings.triggers import INTERVALS, Timing, check_intervals


def drawn(seed, observed=False):
    """Three cells in trials of unequal lengths."""
    rng = np.random.default_rng(seed)
    n_frames = np.array([40, 25, 40])
    count = rng.poisson(0.7, (3, 3, 40)).astype(np.uint8)
    count[:, 1, 25:] = 0
    seen = rng.random(count.shape) < 0.6 if observed else None
    return Sequence(count, np.array([0, 40, 65]), n_frames, seen)


@pytest.mark.parametrize("observed", [False, True])
def test_rates_of_tenths_are_those_of_the_frames_in_order(observed):
    sequence = drawn(0, observed)
    for cell, found in enumerate(part_rates(sequence, RATE)):
        values = []
        for trial, length in enumerate(sequence.n_frames):
            for frame in range(length):
                seen = not observed or sequence.observed[cell, trial, frame]
                values.append(sequence.spike_count[cell, trial, frame] if seen else np.nan)
        edges = [int(part * len(values) / 10) for part in range(11)]
        parts = [values[a:b] for a, b in pairwise(edges)]
        np.testing.assert_allclose(found, [RATE * np.nanmean(part) for part in parts])


def test_a_part_in_which_a_cell_was_not_observed_has_no_rate():
    sequence = drawn(0)
    seen = np.ones(sequence.spike_count.shape, bool)
    seen[1, 2] = False
    rates = part_rates(Sequence(*list(vars(sequence).values())[:3], seen), RATE)
    assert np.isnan(rates[1]).sum() == 3 and np.isfinite(rates[[0, 2]]).all()


def test_cells_are_alike_as_their_correlation_says():
    sequence = drawn(1)
    inside = np.arange(40) < sequence.n_frames[:, None]
    table = np.corrcoef(sequence.spike_count[:, inside])
    np.fill_diagonal(table, -1)
    other, correlation = most_alike(sequence)
    assert other.tolist() == table.argmax(1).tolist()
    np.testing.assert_allclose(correlation, table.max(1))


def test_a_cell_without_spikes_or_company_is_like_no_other():
    sequence = drawn(2)
    sequence.spike_count[1] = 0
    assert np.isnan(most_alike(sequence)[1]).tolist() == [False, True, False]
    alone = Recording(("a", "b", "c"), sequence, None).chosen(["c"])
    assert alone.cells == ("c",) and alone.frozen is None
    assert np.array_equal(alone.running.spike_count[0], sequence.spike_count[2])
    assert np.isnan(most_alike(alone.running)[1]).all()


def test_a_simulated_recording_is_described_as_it_was_made(tmp_path):
    simulated = simulate(dropped=True)
    layout = times_npz(simulated, tmp_path / "a.npz")
    recording = read_recording(tmp_path / "a.npz", layout | {"spikes_outside": "ignore"}, RATE)
    running, frozen = (describe(one, RATE) for one in recording.sequences.values())
    assert (running.n_frames, running.reach) == (TRIALS * RUNNING, TRIALS * RUNNING)
    assert (frozen.reach, frozen.n_whole) == (FROZEN, 2)
    for found, trials in ((running, simulated.running), (frozen, simulated.frozen)):
        rates = [RATE * counts.mean() for _, counts in trials]
        np.testing.assert_allclose(found.trial_rate, rates)
    # The frame that came late, after frame 9 of running trial 1.
    timing = recording.running.timing
    assert timing.gap_length.tolist() == [2]
    assert timing.gap_time.tolist() == [simulated.running_times[1, 9]]
    assert timing.interval_count.sum() == TRIALS * (RUNNING - 1)
    # Frame 5 of frozen trial 2 has no time: neither of its intervals is known.
    assert recording.frozen.timing.interval_count.sum() == 2 * (FROZEN - 1) + FROZEN - 3 + 8
    for cell, found in zip(CELLS, recording.violations, strict=True):
        times = simulated.spikes[cell]
        times = times[times >= simulated.running_times[0, 0]]
        short = sum(b - a < 0.0015 for a, b in pairwise(times))
        assert found == pytest.approx(short / (len(times) - 1))


def test_times_of_gaps_and_spikes_count_in_seconds_whatever_their_unit(tmp_path):
    simulated = simulate(dropped=True)
    found = []
    for unit in (1.0, 1e-3):
        variables = {f"spike_times/{cell}": t / unit for cell, t in simulated.spikes.items()}
        variables |= {
            "running_frame_times": simulated.running_times / unit,
            "frozen_frame_times": simulated.frozen_times / unit,
        }
        np.savez(tmp_path / "a.npz", **variables)
        layout = SPIKE_TIMES | {"seconds_per_unit": unit, "spikes_outside": "ignore"}
        found.append(read_recording(tmp_path / "a.npz", layout, RATE))
    seconds, milliseconds = found
    np.testing.assert_allclose(milliseconds.violations, seconds.violations)
    times = [one.running.timing.gap_time for one in found]
    np.testing.assert_allclose(times[1], times[0])


@given(st.lists(st.floats(0.62, 5), min_size=1, max_size=20))
def test_every_interval_is_counted_in_the_bin_nearest_to_it(intervals):
    onset = np.cumsum([0.0, *intervals])[None]
    found = check_intervals(onset, 1.0, "times").interval_count
    nearest = [np.abs(INTERVALS - one).argmin() for one in np.diff(onset[0])]
    assert found.tolist() == np.bincount(nearest, minlength=len(INTERVALS)).tolist()


def test_refractory_violations_are_those_below_a_millisecond_and_a_half():
    times = np.cumsum([0.0, 0.0014, 0.0016, 0.1, 0.001])
    assert refractory_violations(times) == 0.5
    assert np.isnan(refractory_violations(times[:1]))


def test_what_the_times_of_several_files_tell_is_told_together():
    parts = {}
    for name, spikes, share in (("a", 1, [0.1, np.nan]), ("b", 3, [0.3, 0.2])):
        timing = Timing(
            np.array([5.0 * spikes]), np.array([spikes]), np.full(49, spikes), np.zeros(0)
        )
        count = np.full((2, 1, 10), spikes, np.uint8)
        shown = Sequence(count, np.array([0]), np.array([10]), timing=timing)
        parts[Path(name)] = Recording(("x", "y"), shown, None, np.array(share))
    both = joined(parts, "go_on")
    np.testing.assert_allclose(both.violations, [(10 * 0.1 + 30 * 0.3) / 40, 0.2])
    timing = both.running.timing
    assert timing.gap_time.tolist() == [5, 15] and timing.gap_length.tolist() == [1, 3]
    assert (timing.interval_count == 4).all()
