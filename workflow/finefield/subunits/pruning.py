"""Networks without some of their filters, their readout fitted anew."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
import xarray as xr

from finefield.networks.network import Network
from finefield.networks.readout import fit_readout
from finefield.responses.samples import TrainingData
from finefield.responses.scores import correlation
from finefield.stimuli.movie import Stimulus


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
    frame_rate : float
        Frames per second [Hz].
    """

    drives: np.ndarray
    count: np.ndarray
    exposure: np.ndarray
    frame_rate: float

    @classmethod
    def of(
        cls, network: Network, stimulus: Stimulus, data: TrainingData, gain, frame_rate, most=40_000
    ) -> "Refit":
        """From the training samples, at most about `most` of them, in blocks spread evenly."""
        known = ~data.held_out
        every = max(1, round(known.sum() / most))
        used = known & (data.blocks() % every == 0)
        drives = network.drives(stimulus, data.newest[used])
        return cls(drives, data.count[used], gain[data.trial[used]], frame_rate)

    def network(self, network: Network, kept: np.ndarray) -> Network:
        """The network with the `kept` filters alone, bool (filter,).

        Each kept filter's readout is multiplied by a factor of 0 or more, which is fitted with the
        output's offset and scale; what a filter looks like and how its positions are weighted
        stays. Without any filter left the network predicts the mean rate.
        """
        fit = fit_readout(self.drives[:, kept], self.count, self.exposure)
        factor = np.zeros(len(kept))
        factor[kept] = fit.weight
        return replace(
            network,
            readout=network.readout * factor[:, None, None],
            readout_offset=float(fit.offset),
            rate_scale=float(fit.scale * self.frame_rate),
        )


def prune(network: Network, kept: np.ndarray, *known) -> Network:
    """The network with the `kept` filters alone, bool (filter,), its readout fitted anew.

    `known` is what it was trained on, as for `Refit.of`. With a hidden layer it is the hidden
    filters whose readout is fitted.
    """
    if network.hidden_weight is None:
        return Refit.of(network, *known).network(network, kept)
    pruned = network.keeping(kept)
    return Refit.of(pruned, *known).network(pruned, np.ones(len(pruned.readout), bool))


@dataclass(frozen=True)
class PruningCurve:
    """Score of a network against the number of its filters that are kept.

    Attributes
    ----------
    best_first : ndarray, shape (kept,)
        Correlation with 1, 2, ... filters, those of the largest removal cost first.
    random_order : ndarray, shape (order, kept)
        The same in random orders.
    """

    best_first: np.ndarray
    random_order: np.ndarray

    def to_dataset(self) -> xr.Dataset:
        """As a dataset."""
        return xr.Dataset(
            {
                "kept_correlation": ("kept", self.best_first),
                "random_correlation": (("order", "kept"), self.random_order),
            },
            {"kept": 1 + np.arange(len(self.best_first))},
        )


def pruning_curve(
    refit: Refit,
    network: Network,
    cost: np.ndarray,
    test_drives: np.ndarray,
    measured: np.ndarray,
    rng: np.random.Generator,
    n_orders: int = 5,
) -> PruningCurve:
    """Correlation on the frozen sequence with some of the filters, each time with a new readout.

    Parameters
    ----------
    refit : Refit
        Training samples, on which readouts are fitted.
    network : Network
        A trained network.
    cost : ndarray, shape (filter,)
        Removal cost of each filter, which gives the order "best first".
    test_drives : ndarray, shape (frame, filter)
        The filters' drives on the frozen sequence.
    measured : ndarray, shape (frame,)
        Measured rate on the frozen sequence [Hz].
    rng : numpy.random.Generator
        Source of the random orders.
    n_orders : int
        Random orders.

    Returns
    -------
    PruningCurve
        Empty for a network with a hidden layer, whose filters have no drive of their own.
    """
    if network.hidden_weight is not None:
        return PruningCurve(np.empty(0), np.empty((n_orders, 0)))

    def scores(order: Iterable[int]) -> list[float]:
        kept, found = np.zeros(len(cost), bool), []
        for one in order:
            kept[one] = True
            fit = fit_readout(refit.drives[:, kept], refit.count, refit.exposure)
            found.append(correlation(fit.rate(test_drives[:, kept]), measured))
        return found

    orders = [rng.permutation(len(cost)) for _ in range(n_orders)]
    best = scores(np.argsort(-cost, kind="stable"))
    return PruningCurve(np.array(best), np.array([scores(order) for order in orders]))
