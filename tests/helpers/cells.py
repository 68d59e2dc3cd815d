"""Simulated cells that fire in short movies, and settings of networks for them."""

import numpy as np

from finefield.networks.settings import NetworkSettings
from finefield.responses.responses import Responses
from finefield.simulation.cell import build_cell
from finefield.simulation.settings import CellSettings
from finefield.simulation.spikes import simulate_responses
from finefield.stimuli.noise import binary_noise

YAN2020 = CellSettings(
    crop={"y": 0, "x": 0},
    subunits=[{"shape": "block", "y": y, "x": x} for y in (2, 4) for x in (2, 4)],
)


def noise(n_frames, seed=0, side=8):
    return binary_noise(np.random.default_rng(seed), n_frames, side, side, -0.5, 0.5)


def settings(**keys):
    """Settings of a network that starts from random weights."""
    return NetworkSettings(**{"start": "random"} | keys)


def busy_cell(n_frames, n_trials=1):
    """A cell that fires in a fifth of the frames, a movie, and its responses in trials."""
    cell = build_cell(YAN2020.changed(output={"threshold": 1, "gain": 4}, spikes="poisson"), 30.0)
    movie = noise(n_frames)
    spikes = simulate_responses(cell, movie, 1, 30.0, np.random.default_rng(0)).spike_count
    first_frame = n_frames // n_trials * np.arange(n_trials)
    return cell, movie, Responses(spikes.reshape(n_trials, -1), first_frame, 30.0)
