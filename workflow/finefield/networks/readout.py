"""A readout fitted to spike counts: weights of given drives and the softplus behind them."""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize

#: Penalty per spike on half the squared weights and offset, in units of the drives' SD. It is far
#: below the noise of the loss, and makes the answer unique: for copies of one drive, and where the
#: softplus tends to an exponential or to a line, whose offset and scale cannot be told apart.
RIDGE = 1e-8


@dataclass(frozen=True)
class Readout:
    """Spikes per frame = exposure scale softplus(offset + added + sum over features weight drive).

    Attributes
    ----------
    weight : ndarray of float64, shape (feature,)
        Weight of each drive [1].
    offset : float
        Added to their sum [1].
    scale : float
        Scale of the softplus, above 0 [spikes per frame].
    """

    weight: np.ndarray
    offset: float
    scale: float

    def rate(
        self,
        drives: np.ndarray,
        exposure: np.ndarray | float = 1.0,
        added: np.ndarray | float = 0.0,
    ) -> np.ndarray:
        """Expected spikes per frame (sample,) from drives (sample, feature)."""
        return exposure * self.scale * np.logaddexp(0, drives @ self.weight + self.offset + added)


def fit_readout(
    drives: np.ndarray,
    count: np.ndarray,
    exposure: np.ndarray | float = 1.0,
    start: Readout | None = None,
    nonnegative: bool = True,
    added: np.ndarray | float = 0.0,
) -> Readout:
    """Fit a readout to spike counts by Poisson maximum likelihood.

    Parameters
    ----------
    drives : ndarray, shape (sample, feature)
        What each feature adds to the output at a weight of 1 [1]; none: the mean rate is fitted.
    count : ndarray, shape (sample,)
        Spikes; ValueError if there is none.
    exposure : ndarray, shape (sample,), or float
        Known factor on each sample's rate, above 0, such as the drift of a cell's rate.
    start : Readout, optional
        Where to start from, such as the readout of another cell.
    nonnegative : bool
        Whether weights are kept at 0 or above.
    added : ndarray, shape (sample,), or float
        Known part of the sum, such as feedback [1].

    Returns
    -------
    Readout
        A feature that never changes has the weight 0.

    Notes
    -----
    The loss per spike, sum of (rate - count log rate) over the sum of counts, is minimised over
    weights and offset by L-BFGS-B (Byrd et al. 1995, SIAM J. Sci. Comput. 16:1190). See
    `_objective` for the scale and `RIDGE` for the penalty.

    Examples
    --------
    >>> drives = np.array([[0.0], [0.0], [1.0], [1.0]])
    >>> fit_readout(drives, np.array([1, 1, 2, 4])).rate(drives).round(3).tolist()
    [1.0, 1.0, 3.0, 3.0]
    >>> fit_readout(drives, np.array([4, 2, 1, 1])).weight.tolist()
    [0.0]
    """
    drives, count = np.asarray(drives, np.float64), np.asarray(count, np.float64)
    if not count.any():
        raise ValueError(f"no spike in {len(count)} samples")
    exposure, added = (
        np.broadcast_to(np.asarray(one, np.float64), count.shape) for one in (exposure, added)
    )
    return _fitted(drives, count, exposure, start, nonnegative, added)


def _fitted(
    drives: np.ndarray,
    count: np.ndarray,
    exposure: np.ndarray,
    start: Readout | None,
    nonnegative: bool,
    added: np.ndarray,
) -> Readout:
    """`fit_readout` in units of the drives' SD."""
    mean, sd = drives.mean(0), drives.std(0)
    # What is left of a constant by rounding is no feature.
    used = sd > 1e-9 * np.abs(drives).max(0, initial=0)
    mean, sd = mean[used], sd[used]
    standard = drives[:, used]  # a copy
    standard -= mean
    standard /= sd
    first = np.zeros(used.sum() + 1)
    if start is not None:
        first[:-1] = start.weight[used] * sd
        first[-1] = start.offset + start.weight[used] @ mean
    bounds = [(0 if nonnegative else None, None)] * used.sum() + [(None, None)]
    found = minimize(
        _objective, first, (standard, count, exposure, added), "L-BFGS-B", jac=True, bounds=bounds,
        options={"maxiter": 1000, "maxfun": 2000, "ftol": 1e-13, "gtol": 1e-7},
    )  # fmt: skip
    weight = np.zeros(len(used))
    weight[used] = found.x[:-1] / sd
    offset = found.x[-1] - weight[used] @ mean
    seen = exposure @ np.logaddexp(0, standard @ found.x[:-1] + found.x[-1] + added)
    return Readout(weight, float(offset), float(count.sum() / seen))


def _objective(
    parameters: np.ndarray,
    drives: np.ndarray,
    count: np.ndarray,
    exposure: np.ndarray,
    added: np.ndarray,
) -> tuple[float, np.ndarray]:
    """Loss per spike at the best scale, less a constant, and its gradient.

    The best scale has a closed form, sum of counts over sum of exposure softplus, so that the
    spikes predicted on the data of the fit are as many as those counted.

    Parameters
    ----------
    parameters : ndarray, shape (feature + 1,)
        Weights, then the offset.
    drives, count, exposure, added
        As in `fit_readout`.
    """
    total, sum_of_drives = count.sum(), drives @ parameters[:-1]
    sum_of_drives += parameters[-1] + added
    small = np.exp(-np.abs(sum_of_drives))
    soft = np.maximum(sum_of_drives, 0) + np.log1p(small)
    slope = np.where(sum_of_drives > 0, 1, small) / (1 + small)
    seen = max(exposure @ soft, 1e-300)
    spikes = np.flatnonzero(count)
    # A softplus that underflows to 0 at a spike costs much, not infinity.
    at_spikes = np.maximum(soft[spikes], 1e-300)
    loss = np.log(seen) - count[spikes] @ np.log(at_spikes) / total
    by_sum = exposure * slope
    by_sum /= seen
    by_sum[spikes] -= count[spikes] * slope[spikes] / (at_spikes * total)
    gradient = np.append(by_sum @ drives, by_sum.sum())
    return loss + RIDGE / 2 * parameters @ parameters, gradient + RIDGE * parameters
