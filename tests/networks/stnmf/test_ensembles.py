"""What a cell saw before each spike, filtered in time: what STNMF factorises."""

import numpy as np
import pytest
from helpers.cells import noise

from finefield.networks.stnmf.ensembles import ensemble, time_course
from finefield.stimuli.movie import BinaryStimulus, GreyStimulus


@pytest.mark.parametrize("kind", ["binary", "grey"])
def test_the_ensemble_is_what_was_seen_before_each_spike(kind):
    rng = np.random.default_rng(0)
    n_frames = 9001  # more than two blocks
    if kind == "binary":
        movie = BinaryStimulus.from_frames(rng.integers(0, 2, (n_frames, 3, 2)), -0.5, 2.0)
    else:
        movie = GreyStimulus(rng.integers(0, 256, (3, 2, n_frames), np.uint8), n_frames, -1, 0.01)
    newest = np.r_[rng.integers(4, n_frames, 300), 4, 4095, 4096, 4097, 8192, 9000]
    count, temporal = rng.integers(0, 3, len(newest)), rng.normal(size=5)
    frames = movie.frames().astype(float)
    contrast = (frames - frames.mean()) / frames.std()
    expected = [
        sum(temporal[lag] * contrast[one - lag] for lag in range(5))
        for one, times in zip(newest, count, strict=True)
        for _ in range(times)
    ]
    found = ensemble(movie, newest, count, temporal)
    assert found.shape == (3, 2, count.sum()) and found.dtype == np.float32
    assert np.moveaxis(found, -1, 0) == pytest.approx(np.array(expected), abs=1e-4)


def test_of_too_many_spikes_some_are_used_that_are_spread_evenly():
    movie, newest = noise(1000), np.arange(20, 1000)
    every = ensemble(movie, newest, np.ones(980), np.ones(20))
    some = ensemble(movie, newest, np.ones(980), np.ones(20), max_spikes=12)
    used = [int(np.flatnonzero((every == one[..., None]).all((0, 1)))[0])
            for one in np.moveaxis(some, -1, 0)]  # fmt: skip
    assert used[0] == 0 and used[-1] == 979
    assert set(np.diff(used)) == {89}


def test_the_time_course_is_that_of_the_cell(toy):
    cell, movie, responses = toy
    found = time_course(movie, *responses.samples(20), 20)
    assert np.linalg.norm(found) == pytest.approx(1)
    assert found @ cell.temporal_filter > 0.99
