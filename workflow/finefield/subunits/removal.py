"""What the validation data say about each filter of a network."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from finefield.networks.known import Known
from finefield.networks.loss import poisson_loss
from finefield.networks.network import Network, drives_of
from finefield.stimuli.movie import Stimulus


@dataclass(frozen=True)
class Removal:
    """What the validation data say about each filter.

    Attributes
    ----------
    cost : ndarray of float64, shape (filter,)
        Rise of the Poisson loss per spike if the filter's drive is held at its mean.
    error : ndarray of float64, shape (filter,)
        Its standard error.
    """

    cost: np.ndarray
    error: np.ndarray


def remove_each(networks: Sequence[Network], known: Known) -> list[Removal]:
    """Rise of the validation loss without each filter of each network.

    Parameters
    ----------
    networks : sequence of Network
        Trained networks of one cell.
    known : Known
        What they were trained on; the held-out samples are used.

    Returns
    -------
    list of Removal
        The error is that of a sum over blocks of 500 frames.
    """
    data, part = known.data, known.data.held_out
    count, exposure = data.count[part], known.gain[data.trial[part]] / known.frame_rate
    block = data.blocks()[part]
    every = _without_each(networks, known.stimulus, data.newest[part])
    return [_removal((rate * exposure for rate in rates), count, block) for rates in every]


def _removal(expected: Iterator[np.ndarray], count: np.ndarray, block: np.ndarray) -> Removal:
    """From the spikes expected (sample,), of the network and then without each filter."""
    whole, cost, error = poisson_loss(next(expected), count), [], []
    for without in expected:
        sums = np.bincount(block, poisson_loss(without, count) - whole)
        cost.append(sums.sum() / count.sum())
        error.append(sums.std(ddof=1) * np.sqrt(len(sums)) / count.sum() if len(sums) > 1 else 0.0)
    return Removal(np.array(cost), np.array(error))


def _without_each(
    networks: Sequence[Network], stimulus: Stimulus, newest: np.ndarray
) -> Iterator[Iterator[np.ndarray]]:
    """Rates (sample,) [Hz] of each network, then without each of its filters."""
    if networks[0].hidden_weight is not None:
        for network in networks:
            kept = [np.ones(len(network.weight), bool), *~np.eye(len(network.weight), dtype=bool)]
            yield (network.keeping(one).predict(stimulus, newest) for one in kept)
        return
    for network, drives in zip(networks, drives_of(networks, stimulus, newest), strict=True):
        changes = [0.0, *(drives.mean(0) - drives).T]
        total = drives.sum(1)
        yield (network.rate((total + one)[:, None], newest) for one in changes)
