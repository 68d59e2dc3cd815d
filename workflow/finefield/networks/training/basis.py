"""Temporal bases of networks."""

import logging

import numpy as np

from finefield.averages.separation import separate
from finefield.averages.sta import spike_triggered_average
from finefield.networks.positions.draw import FEW_SPIKES, View, draw, enough, filtering
from finefield.networks.positions.filters import Filters
from finefield.networks.positions.grid import best_grid
from finefield.networks.positions.simplify import simplify
from finefield.networks.positions.time_courses import common_course
from finefield.networks.settings import NetworkSettings
from finefield.networks.training.whitening import lag_covariance
from finefield.responses.samples import TrainingData
from finefield.stimuli.movie import Stimulus

log = logging.getLogger(__name__)

#: Variance added to each lag of a correlated stimulus, in units of its own.
RIDGE = 0.01


def temporal_basis(
    stimulus: Stimulus,
    data: TrainingData,
    gain: np.ndarray,
    settings: NetworkSettings,
    rng: np.random.Generator,
) -> np.ndarray:
    """Temporal functions that a cell's stimulus is projected on, from training data alone.

    Parameters
    ----------
    stimulus : Stimulus
        Training sequence on the cell's crop.
    data, gain
        The cell's samples, and the drift of its rate (trial,).
    settings : NetworkSettings
        Its `lags`, `temporal_basis` and `decorrelate`.
    rng : numpy.random.Generator
        Source of the samples that are looked at.

    Returns
    -------
    ndarray of float32, shape (function, lag)

    Notes
    -----
    The first is the time course of the spike-triggered average, the likeliest one for white noise.
    A correlated stimulus smears it; there, it is the one with which Gaussians at many positions
    predict best.
    """
    lags, known = settings.lags, ~data.held_out
    mean, sd = stimulus.mean_and_sd()
    newest = data.newest[known]
    average = spike_triggered_average(stimulus, newest, data.count[known], lags)
    n_functions, covariance = min(settings.temporal_basis, lags), None
    if settings.decorrelate:
        covariance = lag_covariance(stimulus, newest, lags, mean, sd)
    basis = orthonormal_basis(separate(average - mean)[0], n_functions, covariance)
    if covariance is None:
        return basis
    log.info("correlated stimulus: the temporal basis begins with the time course of a grid")
    leading = _course(stimulus, data, gain, basis, (mean, sd), rng)
    return orthonormal_basis(leading, n_functions, covariance)


def _course(
    stimulus: Stimulus, data: TrainingData, gain, basis: np.ndarray, scale: tuple[float, float], rng
) -> np.ndarray:
    """The time course (lag,) with which Gaussians on a grid predict best."""
    few = data.keeping(enough(data, rng, FEW_SPIKES))
    view = View.of(stimulus, few, basis[0], *scale)
    rows = draw(few, view, filtering(stimulus, view.region, basis, *scale), rng)
    sample = rows.samples(few, gain[few.trial], np.ones(len(few.count)), rng).few
    grid = best_grid(view.inside, sample.leading())
    if not len(grid):
        return basis[0]
    filters = simplify(Filters.of(grid), sample.leading(), join=False)
    return common_course(filters, sample)[0].numpy() @ basis


def orthonormal_basis(
    leading: np.ndarray, n_functions: int, covariance: np.ndarray | None = None
) -> np.ndarray:
    """Temporal basis that begins with a given profile and covers recent lags finely.

    Parameters
    ----------
    leading : ndarray, shape (lag,)
        First function, such as the temporal part of the spike-triggered average.
    n_functions : int
        Number of functions, at least 1 and at most the number of lags.
    covariance : ndarray, shape (lag, lag), optional
        Covariance of a stimulus that is not white, in units of its variance. What the stimulus
        gives through two functions is then uncorrelated and of variance 1, as for white noise; else
        smooth functions would give more, and penalties on their weights would favour them.

    Returns
    -------
    ndarray of float32, shape (function, lag)
        Rows, orthonormal in the metric of the covariance: the leading profile, then Gaussian bumps
        whose centres and widths grow with the lag, each made orthogonal to those before it.

    Raises
    ------
    ValueError
        If there are more functions than lags, or the leading profile is zero.

    Examples
    --------
    >>> basis = orthonormal_basis(np.sin(np.arange(20) / 3), 4)
    >>> np.allclose(basis @ basis.T, np.eye(4), atol=1e-6)
    True
    """
    lags = len(leading)
    if n_functions > lags or not np.any(leading):
        raise ValueError(
            f"{n_functions} functions from a leading profile of {lags} lags: {leading}"
        )
    position = np.linspace(0, 1, n_functions + 1)[1:]
    centres = (lags - 1) * position**1.5 * 0.8
    widths = np.maximum(1.0, centres / 4)
    bumps = np.exp(-0.5 * ((np.arange(lags) - centres[:, None]) / widths[:, None]) ** 2)
    functions = np.vstack([leading, bumps[: n_functions - 1]]).T
    root = np.eye(lags)
    if covariance is not None:
        root = np.linalg.cholesky(covariance + RIDGE * np.eye(lags)).T
    orthogonal, triangle = np.linalg.qr(root @ functions)
    orthogonal *= np.sign(np.diag(triangle))
    return np.linalg.solve(root, orthogonal).T.astype(np.float32)
