"""What a training ends in: networks from several starts, and how they got there."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from finefield.networks.network import Network
from finefield.networks.placement import distinct_filters

#: A network of several filters that uses fewer different ones than this has collapsed.
COLLAPSED = 1.5


@dataclass(frozen=True)
class Training:
    """Networks trained from several starts, and how they got there.

    Attributes
    ----------
    networks : list of Network
        One for each start: the network at its best check on the validation data, among those after
        the L1 penalties reached their height. First those trained on all data ("seeds"), then
        those trained on halves and on bootstraps of them, as in `networks.settings.KINDS`.
    n_starts : dict of str to int
        Number of starts of each kind.
    best_step : ndarray of int, shape (start,)
        Training steps done at that check.
    selected : int
        The seed with the best check of all.
    step : ndarray of int, shape (epoch,)
        Training steps done at each check; for networks that start from positions, the number of
        the stage.
    train_loss, validation_loss : ndarray of float64, shape (start, epoch)
        Poisson loss per spike, without penalties; training loss is the mean since the last check.
    validation_correlation : ndarray of float64, shape (start, epoch)
        Correlation of predicted and counted spikes per frame.
    film : ndarray of float32, shape (epoch, filter, y, x)
        The selected network's filters at each check, seen through their final time courses.
    gain : ndarray of float64, shape (trial,)
        Drift of the cell's rate: the factor on the networks' rate in each trial.
    """

    networks: list[Network]
    n_starts: dict[str, int]
    best_step: np.ndarray
    selected: int
    step: np.ndarray
    train_loss: np.ndarray
    validation_loss: np.ndarray
    validation_correlation: np.ndarray
    film: np.ndarray
    gain: np.ndarray

    @property
    def network(self) -> Network:
        """The selected network."""
        return self.networks[self.selected]

    @cached_property
    def distinct_filters(self) -> float:
        """How many different filters the selected network uses, as from `distinct_filters`."""
        return distinct_filters(self.network)

    @property
    def collapsed(self) -> bool:
        """Whether the selected network's filters are copies of one: collapsed, or an LN cell."""
        # NaN: no drive.
        return len(self.network.weight) > 1 and not self.distinct_filters >= COLLAPSED
