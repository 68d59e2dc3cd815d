"""The strongest averages of a recording, as a first look at whether spikes follow the stimulus."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from finefield.averages.fields.location import ReceptiveField, locate_cell
from finefield.averages.fields.region import around, map_through, noise_sd
from finefield.averages.settings import ReceptiveFieldSettings
from finefield.averages.sta import spike_triggered_average
from finefield.responses.responses import Responses
from finefield.stimuli.movie import BinaryStimulus, Stimulus
from finefield.stimuli.window import Window

#: Cells that are looked at, and spikes that a cell must have for that.
MOST_CELLS, LEAST_SPIKES = 9, 50
#: Side of the window that is kept of an average, and radius around the receptive field's centre
#: in which its time course is taken [pixels].
SIDE, RADIUS = 32, 2


@dataclass(frozen=True)
class Look:
    """A first look at one cell's average.

    Attributes
    ----------
    field : ReceptiveField
        What was found.
    temporal : ndarray of float64, shape (lag,)
        Time course of the average at the field's centre [1].
    spatial : ndarray of float64, shape (y, x)
        Smoothed average seen through the time course, over the SD of its noise; negative for a cell
        whose time course has its peak at a dark stimulus [1].
    """

    field: ReceptiveField
    temporal: np.ndarray
    spatial: np.ndarray


def survey(
    movie: Stimulus,
    responses: Mapping[str, Responses],
    lags: int,
    pixel_size: float,
    settings: ReceptiveFieldSettings,
) -> dict[str, Look]:
    """Average the first frames of a stimulus over the spikes of the cells that fire most in them.

    Parameters
    ----------
    movie : Stimulus
        The first frames of the training sequence, on the whole field.
    responses : dict of str to Responses
        Cell -> its responses to the whole sequence.
    lags, pixel_size, settings
        As for `location.locate_cell`.

    Returns
    -------
    dict of str to Look
        Of up to `MOST_CELLS` cells with spikes enough, the one that fires most first.
    """
    parts = {cell: one.where(one.shown < movie.n_frames) for cell, one in responses.items()}
    n_spikes = {cell: int(one.samples(lags)[1].sum()) for cell, one in parts.items()}
    most = sorted(parts, key=lambda cell: n_spikes[cell], reverse=True)[:MOST_CELLS]
    mean, known = movie.mean_and_sd()[0], (lags, pixel_size, settings)
    return {
        cell: _look(movie, mean, parts[cell], *known)
        for cell in most
        if n_spikes[cell] >= LEAST_SPIKES
    }


def _look(
    movie: Stimulus,
    mean: float,
    responses: Responses,
    lags: int,
    pixel_size: float,
    settings: ReceptiveFieldSettings,
) -> Look:
    """One cell's receptive field, and its average around it; `mean` is the movie's."""
    shape = movie.shape[1:]
    read_crop = partial(_crop, movie)
    field = locate_cell([movie], mean, read_crop, responses, lags, shape, pixel_size, settings)
    centre, sizes = (field.ellipse.y, field.ellipse.x), (min(SIDE, room) for room in shape)
    window = Window.around(centre, tuple(sizes), shape)
    newest, count = responses.samples(lags)
    sta = spike_triggered_average(movie.crop(window), newest, count, lags) - mean
    near = around((centre[0] - window.y, centre[1] - window.x), RADIUS, sta.shape[1:])
    temporal, (seen,) = map_through(sta[None], near)
    sign = 1 if temporal[np.abs(temporal).argmax()] > 0 else -1
    return Look(field, temporal, sign * seen / (noise_sd(seen) or 1.0))


def _crop(movie: Stimulus, window: Window, n_frames: int | None = None) -> Stimulus:
    """A movie on a window, or its first frames."""
    crop = movie.crop(window)
    if n_frames is None or n_frames >= movie.n_frames:
        return crop
    n_codes = -(-n_frames // 8) if isinstance(movie, BinaryStimulus) else n_frames
    return replace(crop, codes=crop.codes[..., :n_codes], n_frames=n_frames)
