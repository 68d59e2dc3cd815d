"""Simulated cells that fire in short movies, and settings of networks for them."""

import numpy as np

from finefield.config.reading import complete
from finefield.responses.responses import Responses
from finefield.simulation.cell import build_cell, simulate_responses
from finefield.stimuli.noise import binary_noise

YAN2020 = {
    "crop": {"y": 0, "x": 0, "height": 8, "width": 8},
    "polarity": "OFF",
    "temporal_filter": {"lags": 20, "time_constant": 0.05, "delay": 2, "orders": (4, 5)},
    "subunits": [
        {"shape": "block", "y": y, "x": x, "height": 2, "width": 2, "weight": 1}
        for y in (2, 4)
        for x in (2, 4)
    ],
    "subunit_nonlinearity": "rectified_linear",
    "output": {"threshold": 2.5, "gain": 2},
    "spikes": "bernoulli",
}


def noise(n_frames, seed=0, side=8):
    return binary_noise(np.random.default_rng(seed), n_frames, side, side, -0.5, 0.5)


CONFIG = {"datasets": {"d": {"kind": "recorded", "recording": "none.mat"}}}


def settings(**changes):
    return complete(CONFIG | {"models": {"m": changes}})["models"]["m"]


def busy_cell(n_frames, n_trials=1):
    """A cell that fires in a fifth of the frames, a movie, and its responses in trials."""
    cell = build_cell(
        YAN2020 | {"output": {"threshold": 1.0, "gain": 4}, "spikes": "poisson"}, 30.0
    )
    movie = noise(n_frames)
    _, spikes = simulate_responses(cell, movie, 1, 30.0, np.random.default_rng(0))
    first_frame = n_frames // n_trials * np.arange(n_trials)
    return cell, movie, Responses(spikes.reshape(n_trials, -1), first_frame, 30.0)
