"""Which noise was shown: that of a seed under other settings, tried on the spikes of some cells."""

from collections.abc import Sequence

import numpy as np

from finefield.averages.fields.location import FALSE_ALARM, detect, threshold
from finefield.averages.sta import spike_triggered_average
from finefield.responses.responses import Responses
from finefield.stimuli.build import first_frames
from finefield.stimuli.candidates import candidates
from finefield.stimuli.settings import Regenerated

#: Numbers that are drawn again for a candidate, at most.
NUMBERS = 2**27
#: Peaks that are lower than the highest by no more than this part are as good.
CLOSE = 0.1


def noise_that_fits(
    settings: Regenerated,
    height: int,
    width: int,
    cells: Sequence[Responses],
    lags: int,
) -> list[Regenerated]:
    """Noise of the same seed that has the highest peak in the averages of some cells.

    Parameters
    ----------
    settings : Ran1Noise, NumpyNoise or MatlabNoise
        The stimulus as the config has it, in which no cell has a receptive field.
    height, width : int
        Size of the field [pixels].
    cells : sequence of Responses
        Responses of some cells that fire much to the running sequence.
    lags : int
        Frames of an average; a stimulus that is off by fewer frames is found, too.

    Returns
    -------
    list of Regenerated
        Those of `candidates`, the stated ones included, that have the highest peak, whatever its
        polarity, or one that is lower by at most a tenth; none if noise might reach it. There are
        several if they give the same noise or, on a square field, the same but for an exchange of
        y and x.

    Notes
    -----
    A wrong order of y and x permutes the pixels of a frame, and so scatters a receptive field:
    peaks remain, and are lower.

    Only the first frames are drawn again, `NUMBERS` values at most. In 4,473 frames of 150 x 200
    pixels, 8 of the 10 cells of Liu et al. 2017 that fire most have such a peak.

    Examples
    --------
    >>> from finefield.stimuli.settings import NumpyNoise
    >>> shown = np.random.RandomState(3).rand(2000, 12, 20) > 0.5
    >>> count = shown[:, 5:7, 10:12].sum(axis=(1, 2))
    >>> cell = Responses(count[None], np.zeros(1, int), 30.0)
    >>> stated = NumpyNoise(kind="numpy", running_seed=3, frozen_seed=4)
    >>> [(one.kind, one.order) for one in noise_that_fits(stated, 12, 20, [cell], lags=4)]
    [('numpy', ['frame', 'y', 'x']), ('matlab', ['x', 'y', 'frame'])]
    """
    n_frames = max(int(cell.shown[cell.inside].max()) + 1 for cell in cells)
    drawn, whole = candidates(settings, n_frames, height * width)
    alarm = FALSE_ALARM / (len(cells) * (len(drawn) + len(whole)))
    least = threshold(lags * height * width, alarm)
    shape = min(n_frames, NUMBERS // (height * width)), height, width
    for tried in (drawn, whole):
        heights = [_height(candidate, shape, cells, lags) for candidate in tried]
        highest = max(heights, default=0)
        if highest > least:
            close = max(least, (1 - CLOSE) * highest)
            return [tried[n] for n, height in enumerate(heights) if height >= close]
    return []


def _height(
    candidate: Regenerated, shape: tuple[int, int, int], cells: Sequence[Responses], lags: int
) -> float:
    """Height of the highest peak in the averages of cells on the first frames of a candidate."""
    n_frames = min(shape[0], candidate.running_seed[0].frames)
    movie = first_frames(candidate, n_frames, *shape[1:])
    mean, highest = movie.mean_and_sd()[0], 0.0
    for cell in cells:
        newest, count = cell.samples(lags)
        early = newest < n_frames
        if count[early].any():
            sta = spike_triggered_average(movie, newest[early], count[early], lags) - mean
            highest = max(highest, detect(sta[None].astype(np.float64))[1])
    return highest
