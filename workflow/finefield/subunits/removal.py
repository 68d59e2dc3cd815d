"""What the validation data say about each filter of a network."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from finefield.networks.known import Known
from finefield.networks.loss import poisson_loss
from finefield.networks.network import Network
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


def remove_each(network: Network, known: Known) -> Removal:
    """Rise of the validation loss without each filter.

    Parameters
    ----------
    network : Network
        A trained network.
    known : Known
        What it was trained on; the held-out samples are used.

    Returns
    -------
    Removal
        The error is that of a sum over blocks of 500 frames.
    """
    data, part = known.data, known.data.held_out
    count, exposure = data.count[part], known.gain[data.trial[part]] / known.frame_rate
    block = data.blocks()[part]
    rates = _without_each(network, known.stimulus, data.newest[part])
    whole = poisson_loss(next(rates) * exposure, count)
    cost, error = [], []
    for rate in rates:
        sums = np.bincount(block, poisson_loss(rate * exposure, count) - whole)
        cost.append(sums.sum() / count.sum())
        error.append(sums.std(ddof=1) * np.sqrt(len(sums)) / count.sum() if len(sums) > 1 else 0.0)
    return Removal(np.array(cost), np.array(error))


def _without_each(network: Network, stimulus: Stimulus, newest: np.ndarray) -> Iterator[np.ndarray]:
    """Rate (sample,) [Hz] of the network, then without each of its filters."""
    if network.hidden_weight is not None:
        yield network.predict(stimulus, newest)
        for one in np.eye(len(network.weight), dtype=bool):
            yield network.keeping(~one).predict(stimulus, newest)
        return
    drives = network.drives(stimulus, newest)
    total = drives.sum(1)
    for change in [0.0, *(drives.mean(0) - drives).T]:
        yield network.rate((total + change)[:, None], newest)
