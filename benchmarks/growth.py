"""How the seconds of a training with default settings grow with the size of the problem."""

from collections.abc import Iterator

from machine import timed
from simulated import Data, simulate, simulate_drawn

from finefield.networks.settings import NetworkSettings
from finefield.networks.training.train import train

CROPS, SUBUNITS = (8, 16, 24), (4, 8, 16)
#: Cells of the default config on crops of 8 x 8 pixels.
CELLS = ("yan2020", "l_shape", "on_cell", "squaring")


def train_seconds(data: Data, settings: NetworkSettings) -> float:
    """Seconds of one whole training."""
    return timed(train, data.stimulus, data.responses, settings, 1)[0]


def growth(n_frames: int, settings: NetworkSettings) -> Iterator[tuple[str, str, float]]:
    """Train at several sizes, one varied at a time.

    Parameters
    ----------
    n_frames : int
        Frames, but where they are what varies.
    settings : NetworkSettings
        Of the network.

    Yields
    ------
    what, size : str
        What varies, and its value.
    seconds : float
        Of the whole training; of several cells, one after another, together.
    """
    for frames in (n_frames // 10, 3 * n_frames // 10, n_frames):
        yield "frames", f"{frames:,}", train_seconds(simulate(frames), settings)
    for size in CROPS:
        yield "crop", f"{size} x {size}", train_seconds(simulate(n_frames, size=size), settings)
    for number in SUBUNITS:
        data = simulate_drawn(n_frames, number, max(CROPS))
        yield "subunits, 24 x 24", str(number), train_seconds(data, settings)
    total = 0.0
    for number, name in enumerate(CELLS, 1):
        total += train_seconds(simulate(n_frames, name), settings)
        if number in (1, 2, 4):
            yield "cells", str(number), total
