"""Fisher scoring: few parameters of a Poisson likelihood, found in a few steps of all samples."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

#: Smallest damping, in units of the information's diagonal.
LEAST = 1e-7
#: Part of the information's diagonal that is always added, as parameters of equal effect exist.
RIDGE = 1e-9
#: Largest part of the groups that is removed at once.
AT_ONCE = 0.3
#: Exchanges of parameters at their bounds at most, and those in a row that may help nothing.
MOST_EXCHANGES, PATIENCE = 100, 3

#: Fisher information (chosen, chosen) of chosen parameters, bool (parameter,): made when asked for,
#: as most parameters of a grid stay at their bound.
Information = Callable[[np.ndarray], np.ndarray]
#: Parameters (parameter,) to loss, its gradient (parameter,) and the information.
Curvature = Callable[[np.ndarray], tuple[float, np.ndarray, Information]]


@dataclass(frozen=True)
class Scored:
    """Parameters (parameter,) at the lowest loss found, with the loss and information there."""

    parameters: np.ndarray
    loss: float
    information: Information


def fisher_scoring(
    start: np.ndarray,
    curvature: Curvature,
    nonnegative: np.ndarray,
    largest: np.ndarray | float = np.inf,
    steps: int = 8,
    tolerance: float = 0.5,
) -> Scored:
    """Minimise a negative log likelihood.

    Parameters
    ----------
    start : ndarray, shape (parameter,)
        Where to start from.
    curvature : callable
        Loss [nats], gradient and Fisher information at given parameters.
    nonnegative : ndarray of bool, shape (parameter,)
        Parameters kept at 0 or above.
    largest : ndarray, shape (parameter,), or float
        Largest change of each parameter in one step; longer steps are shortened as a whole.
    steps, tolerance : int, float
        Steps at most; one that lowers the loss by less than the tolerance is the last [nats].

    Returns
    -------
    Scored

    Notes
    -----
    Newton's method with the expected second derivatives, damped as by Levenberg and Marquardt
    (Nocedal and Wright 2006, Numerical optimization, ch. 10). Parameters pushed below 0 stay there.
    """
    best, damping = np.asarray(start, float), 1e-3
    (loss, gradient, information), own = curvature(best), None
    for _ in range(steps):
        free = ~(nonnegative & (best <= 0) & (gradient > 0))
        own = information(free) if own is None else own
        step, lowest = np.zeros(len(best)), np.where(nonnegative, -best, -np.inf)
        step[free] = bounded_step(_damped(own, damping), -gradient[free], lowest[free])
        trial = best + step / max(1, np.max(np.abs(step) / largest))
        trial[nonnegative] = np.maximum(trial[nonnegative], 0)
        found = curvature(trial)
        if found[0] < loss:
            gain, best, own = loss - found[0], trial, None
            loss, gradient, information = found
            damping = max(damping / 5, LEAST)
            if gain < tolerance:
                break
        else:
            damping *= 10
    return Scored(best, loss, information)


def removable(
    scored: Scored, n_groups: int, size: int, most: float
) -> list[tuple[int, np.ndarray]]:
    """Groups of parameters whose removal is expected to cost little, the cheapest first.

    Parameters
    ----------
    scored : Scored
        Parameters at the lowest loss. They begin with the groups; the last, a scale, stays.
    n_groups, size : int
        Number of groups, and of parameters in each. The first of them, a weight, becomes 0, without
        which the others mean nothing.
    most : float
        What the removal of a group may cost [nats].

    Returns
    -------
    list of (int, ndarray of shape (parameter,))
        A group, and all parameters once this one and those before it are gone.

    Notes
    -----
    By the quadratic approximation of the loss, with all other parameters adapting (Hassibi and
    Stork 1993, optimal brain surgeon).
    """
    parameters, left, found = scored.parameters.copy(), np.arange(n_groups), []
    adapting = np.arange(len(parameters)) < len(parameters) - 1
    covariance = np.linalg.inv(_damped(scored.information(adapting), 0.0))
    while len(left) and len(found) < max(1, AT_ONCE * n_groups):
        places = size * left[:, None] + np.arange(size)
        own = np.linalg.inv(covariance[places[:, :, None], places[:, None]])
        cost = parameters[places[:, 0]] ** 2 * own[:, 0, 0] / 2
        one = int(cost.argmin())
        if cost[one] > most:
            break
        gone, effect = places[one], covariance[:, places[one]] @ own[one]
        parameters[:-1] -= effect[:, 0] * parameters[gone[0]]
        covariance = covariance - effect @ covariance[gone]
        found.append((int(left[one]), parameters.copy()))
        left = np.delete(left, one)
    return found


def _damped(own: np.ndarray, damping: float) -> np.ndarray:
    """Information with more on its diagonal."""
    diagonal = np.diag(own)
    added = (damping + RIDGE) * diagonal + RIDGE * max(diagonal.max(initial=0), 1e-300)
    return own + np.diag(added)


def bounded_step(own: np.ndarray, force: np.ndarray, lowest: np.ndarray) -> np.ndarray:
    """The step that minimises step' own step / 2 - force' step, and is not below the lowest.

    Parameters
    ----------
    own : ndarray, shape (parameter, parameter)
        Positive definite.
    force, lowest : ndarray, shape (parameter,)
        The lowest step of each parameter may be minus infinity.

    Returns
    -------
    ndarray, shape (parameter,)

    Notes
    -----
    Block principal pivoting (Kim and Park 2011, SIAM J. Sci. Comput. 33:3261): parameters on the
    wrong side change sides together, or the last one alone where that does not help.

    Examples
    --------
    >>> bounded_step(np.eye(2), np.array([-2.0, 1.0]), np.array([-1.0, -1.0])).tolist()
    [-1.0, 1.0]
    """
    bound, fewest, patience = np.zeros(len(force), bool), len(force) + 1, PATIENCE
    for _ in range(MOST_EXCHANGES):
        step = np.where(bound, lowest, 0.0)
        rest = force[~bound] - own[np.ix_(~bound, bound)] @ lowest[bound]
        step[~bound] = np.linalg.solve(own[np.ix_(~bound, ~bound)], rest)
        wrong = np.where(bound, own @ step < force, step < lowest)
        if not wrong.any():
            break
        if wrong.sum() < fewest:
            fewest, patience = wrong.sum(), PATIENCE
        else:
            patience -= 1
        bound ^= wrong if patience > 0 else np.arange(len(wrong)) == np.flatnonzero(wrong)[-1]
    return np.maximum(step, lowest)
