"""The samples that readouts are fitted to on target cells, against every sample tried."""

import numpy as np

from finefield.responses.responses import Responses
from finefield.stimuli.window import Window
from finefield.transfer.targets import Target, reach, refit_samples


def test_samples_for_refits_reach_no_frame_that_is_held_out():
    rng = np.random.default_rng(0)
    held_out, lags = rng.random(600) < 0.05, 4
    counts = rng.integers(0, 3, (3, 200))
    cell = Responses(counts, 200 * np.arange(3), 30.0, delay=1)
    expected = [
        (200 * trial + frame - 1, counts[trial, frame])
        for trial in range(3)
        for frame in range(lags, 200)
        if not any(held_out[200 * trial + frame - 1 - lag] for lag in range(lags))
    ]
    newest, count = refit_samples(cell, lags, 10**6, held_out)
    assert list(zip(newest, count, strict=True)) == expected
    first, _ = refit_samples(cell, lags, 7, held_out)
    assert first.tolist() == newest[:7].tolist()
    every, _ = refit_samples(cell, lags, 10**6)
    assert every.tolist() == cell.samples(lags)[0].tolist()


def test_targets_reach_as_far_as_their_last_sample():
    def target(last):
        nothing = np.zeros(0, int)
        samples = {"refit_newest": np.array([0, last]), "refit_count": nothing}
        average = {"temporal": nothing, "spatial": nothing}
        window = Window(0, 0, 4, 4)
        return Target(window=window, newest=nothing, rate=nothing, **samples, **average)

    assert reach({"a": target(5), "b": target(9), "c": target(2)}) == 10
