"""Networks without some of their filters, their readout fitted anew."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from finefield.networks.dynamics.model import Dynamics
from finefield.networks.known import Known
from finefield.networks.network import Network
from finefield.networks.readout import Readout, fit_readout
from finefield.responses.scores import correlation
from finefield.responses.testing import CellTest


@dataclass(frozen=True)
class Refit:
    """Networks of some of a network's filters, their readout fitted anew on training data.

    Attributes
    ----------
    drives : ndarray, shape (sample, filter)
        What each filter adds to the network's readout [1].
    count : ndarray, shape (sample,)
        Spikes.
    exposure : ndarray, shape (sample,)
        Drift of the cell's rate.
    fed_back : ndarray, shape (sample,)
        What feedback of the whole network's rate adds to the readout [1].
    frame_rate : float
        Frames per second [Hz].
    """

    drives: np.ndarray
    count: np.ndarray
    exposure: np.ndarray
    fed_back: np.ndarray
    frame_rate: float

    @classmethod
    def of(cls, network: Network, known: Known, most: int = 40_000) -> "Refit":
        """From the training samples, at most about `most` of them, in blocks spread evenly."""
        data = known.data
        training = ~data.held_out
        every = max(1, round(training.sum() / most))
        used = training & (data.blocks() % every == 0)
        if not data.count[used].any():  # all spikes lie elsewhere
            used = training
        drives = network.drives(known.stimulus, data.newest[used])
        return cls(
            drives=drives,
            count=data.count[used],
            exposure=known.gain[data.trial[used]],
            fed_back=network.fed_back(drives, data.newest[used]),
            frame_rate=known.frame_rate,
        )

    def fit(self, kept: np.ndarray) -> Readout:
        """The readout of the `kept` filters, bool (filter,); without any, the mean rate."""
        added = self.fed_back if kept.any() else 0.0
        return fit_readout(self.drives[:, kept], self.count, self.exposure, added=added)

    def rate(
        self, kept: np.ndarray, drives: np.ndarray, fed_back: np.ndarray | float = 0.0
    ) -> np.ndarray:
        """Spikes per frame (sample,) that the `kept` filters, bool (filter,), predict elsewhere.

        Parameters
        ----------
        kept : ndarray of bool, shape (filter,)
            Filters whose readout is fitted.
        drives : ndarray, shape (sample, filter)
            Drives of all filters [1].
        fed_back : ndarray, shape (sample,), or float
            What feedback of the whole network's rate adds [1].
        """
        return self.fit(kept).rate(drives[:, kept], added=fed_back if kept.any() else 0.0)

    def network(self, network: Network, kept: np.ndarray) -> Network:
        """The network with the `kept` filters alone, bool (filter,).

        Each kept filter's readout is multiplied by a factor of 0 or more, which is fitted with the
        output's offset and scale; what a filter looks like and how its positions are weighted
        stays. Without any filter left the network predicts the mean rate. Dynamics stay, and see
        the kept filters alone; those of `rate` see all filters.
        """
        fit = self.fit(kept)
        factor = np.zeros(len(kept))
        factor[kept] = fit.weight
        return replace(
            network,
            readout=network.readout * factor[:, None, None],
            readout_offset=float(fit.offset),
            rate_scale=float(fit.scale * self.frame_rate),
            dynamics=network.dynamics if kept.any() else Dynamics(),
        )


def prune(network: Network, kept: np.ndarray, known: Known) -> Network:
    """The network with the `kept` filters alone, bool (filter,), its readout fitted anew.

    `known` is what the network was trained on. With a hidden layer it is the hidden filters whose
    readout is fitted.
    """
    if network.hidden_weight is None:
        return Refit.of(network, known).network(network, kept)
    pruned = network.keeping(kept)
    return Refit.of(pruned, known).network(pruned, np.ones(len(pruned.readout), bool))


@dataclass(frozen=True)
class Pruning:
    """Scores of a network and of networks of some of its filters, on what they are tested on.

    Attributes
    ----------
    correlation : float
        Of the whole network.
    pruned_correlation : float
        With its effective filters alone, the readout fitted anew.
    n_effective : int
        Number of these.
    kept_correlation : ndarray, shape (kept,)
        With 1, 2, ... filters, those of the largest removal cost first.
    random_correlation : ndarray, shape (order, kept)
        The same in random orders.
    """

    correlation: float
    pruned_correlation: float
    n_effective: int
    kept_correlation: np.ndarray
    random_correlation: np.ndarray


def score_pruned(
    network: Network,
    known: Known,
    test: CellTest,
    effective: np.ndarray,
    cost: np.ndarray,
    rng: np.random.Generator,
) -> Pruning:
    """Score a network on test data, whole and with some of its filters.

    Parameters
    ----------
    network : Network
        A trained network.
    known : Known
        What it was trained on; readouts are fitted to it.
    test : CellTest
        What networks are tested on.
    effective : ndarray of bool, shape (filter,)
        Effective filters.
    cost : ndarray, shape (filter,)
        Removal cost of each filter, which gives the order "best first".
    rng : numpy.random.Generator
        Source of the random orders.

    Returns
    -------
    Pruning
    """
    drives = network.drives(test.stimulus, test.newest)
    fed_back = network.fed_back(drives, test.newest)
    if network.hidden_weight is None:
        refit = Refit.of(network, known)
        pruned = refit.rate(effective, drives, fed_back)
    else:
        refit = None
        pruned = prune(network, effective, known).predict(test.stimulus, test.newest)
    best, random = pruning_curve(refit, cost, drives, test.measured, rng, fed_back)
    return Pruning(
        correlation=correlation(network.rate(drives, test.newest), test.measured),
        pruned_correlation=correlation(pruned, test.measured),
        n_effective=int(effective.sum()),
        kept_correlation=best,
        random_correlation=random,
    )


def pruning_curve(
    refit: Refit | None,
    cost: np.ndarray,
    test_drives: np.ndarray,
    measured: np.ndarray,
    rng: np.random.Generator,
    fed_back: np.ndarray | float = 0.0,
    n_orders: int = 5,
) -> tuple[np.ndarray, np.ndarray]:
    """Correlation on test data with some of the filters, each time with a new readout.

    Parameters
    ----------
    refit : Refit or None
        Of the network; None for one with a hidden layer, whose filters have no drive of their own.
    cost, rng
        As for `score_pruned`.
    test_drives : ndarray, shape (frame, filter)
        The filters' drives in the tested frames.
    measured : ndarray, shape (frame,)
        Measured rate there [Hz].
    fed_back : ndarray, shape (frame,), or float
        What feedback of the whole network's rate adds there [1].
    n_orders : int
        Random orders.

    Returns
    -------
    kept_correlation, random_correlation : ndarray
        As in `Pruning`; empty without a `refit`.
    """
    if refit is None:
        return np.empty(0), np.empty((n_orders, 0))

    def scores(order: Iterable[int]) -> list[float]:
        kept, found = np.zeros(len(cost), bool), []
        for one in order:
            kept[one] = True
            found.append(correlation(refit.rate(kept, test_drives, fed_back), measured))
        return found

    orders = [rng.permutation(len(cost)) for _ in range(n_orders)]
    best = scores(np.argsort(-cost, kind="stable"))
    return np.array(best), np.array([scores(order) for order in orders])
