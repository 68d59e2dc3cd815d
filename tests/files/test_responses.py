"""Responses come back from files of cells and recordings; cells too silent are marked."""

import numpy as np
import pytest

from finefield.files import store
from finefield.files.responses import (
    read_recorded,
    read_recorded_frames,
    read_recording,
    read_responses,
    responses_of,
    write_recording,
    write_responses,
)
from finefield.recordings.data import Recording, Sequence
from finefield.recordings.triggers import INTERVALS, Timing
from finefield.responses.quality import too_few_spikes
from finefield.responses.responses import Responses

ABOUT = store.provenance("A test", {"seed": 3}, "made")


def test_responses_come_back_and_silent_cells_are_marked(tmp_path):
    counts = np.random.default_rng(0).poisson(0.1, (3, 100)).astype(np.uint8)
    found = Responses(counts, np.array([0, 100, 200]), 30.0, delay=1)
    path, both = tmp_path / "a.nc", {"running": found, "frozen": found}
    for least, dropped in ((5, None), (10**6, "fewer than 1000000")):
        write_responses(path, "a", both, ABOUT, dropped=too_few_spikes(found, least))
        reason = store.dropped_reason([path])
        assert reason is None if dropped is None else dropped in reason
    for group in both:
        again = read_responses(path, group)
        assert np.array_equal(again.spike_count, counts)
        assert (again.delay, again.frame_rate, again.n_spikes) == (1, 30.0, counts.sum())
        assert again.first_frame.tolist() == [0, 100, 200]


def test_a_recordings_cells_come_back_one_by_one(tmp_path):
    rng = np.random.default_rng(1)
    running = Sequence(rng.poisson(1, (2, 3, 50)), np.array([0, 40, 80]), np.array([50, 50, 30]))
    frozen = Sequence(rng.poisson(1, (2, 4, 20)), np.zeros(4, int), np.full(4, 20))
    path = tmp_path / "recording.nc"
    write_recording(path, Recording(("a", "b"), running, frozen), 30.0, ABOUT)
    assert read_recorded_frames(path) == {"running": 110, "frozen": 20}
    found = read_recorded(path, "b", 30.0, delay=0)
    assert np.array_equal(found["running"].spike_count, running.spike_count[1])
    assert np.array_equal(found["frozen"].spike_count, frozen.spike_count[1])
    assert found["running"].n_frames.tolist() == [50, 50, 30]


@pytest.mark.parametrize("timed", [False, True])
def test_a_recording_comes_back_whole(tmp_path, timed):
    rng = np.random.default_rng(2)
    seen = rng.random((2, 3, 50)) < 0.5
    timing = Timing(
        np.array([1.5, 4.0]), np.array([2, 5]), np.arange(len(INTERVALS)), np.array([9.5])
    )
    known = (seen, timing) if timed else ()
    counts = rng.poisson(1, (2, 3, 50)).astype(np.uint8)
    running = Sequence(counts, np.array([0, 40, 80]), np.array([50, 50, 30]), *known)
    frozen = Sequence(counts[:, :, :20], np.zeros(3, int), np.full(3, 20))
    violations = np.array([0.01, np.nan]) if timed else None
    recording = Recording(("a", "b"), running, None if timed else frozen, violations)
    path = tmp_path / "recording.nc"
    write_recording(path, recording, 30.0, ABOUT)
    again = read_recording(path)
    assert again.cells == recording.cells and again.sequences.keys() == recording.sequences.keys()
    np.testing.assert_equal(again.violations, violations)
    for name, one in recording.sequences.items():
        other = again.sequences[name]
        for key in ("spike_count", "first_frame", "n_frames", "observed"):
            np.testing.assert_equal(getattr(other, key), getattr(one, key))
        assert (other.timing is None) == (one.timing is None)
    if timed:
        np.testing.assert_equal(vars(again.running.timing), vars(timing))
    for cell, found in responses_of(recording, 30.0, 1):
        for name, one in read_recorded(path, cell, 30.0, 1).items():
            np.testing.assert_equal(vars(found[name]), vars(one))
