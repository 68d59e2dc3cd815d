"""Responses come back from files of cells and recordings; cells too silent are marked."""

import numpy as np

from finefield.files import store
from finefield.files.responses import (
    read_recorded,
    read_recorded_frames,
    read_responses,
    write_recording,
    write_responses,
)
from finefield.recordings.data import Recording, Sequence
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
