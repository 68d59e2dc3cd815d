"""Filters on their region of the crop as a network of the whole crop."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import linear_sum_assignment

from finefield.networks.network import Network
from finefield.networks.positions.course import Stage
from finefield.networks.positions.filters import Filters
from finefield.stimuli.window import Window


@dataclass(frozen=True)
class Placing:
    """Where filters lie, and through which functions of time they look.

    Attributes
    ----------
    shape : (int, int)
        Rows and columns of the crop [pixels].
    region : Window
        Part of the crop that filters lie on.
    basis : ndarray, shape (function, lag)
        Temporal functions.
    mean, sd : float
        The contrast is normalised as (contrast - mean) / sd.
    frame_rate : float
        Frames per second [Hz].
    """

    shape: tuple[int, int]
    region: Window
    basis: np.ndarray
    mean: float
    sd: float
    frame_rate: float

    def network(self, filters: Filters, n_filters: int) -> Network:
        """A network of filters; zeros are added up to a number, as all starts have the same."""
        pooling, n = filters.pooling, len(filters)
        by_function = self._on_crop(filters.image.numpy())
        weight = np.zeros((n_filters, self.basis.shape[1], *self.shape), np.float32)
        functions = self.basis[: by_function.shape[1]]
        weight[:n] = np.einsum("fcyx,cl->flyx", by_function, functions)
        bias, readout = np.zeros(n_filters), np.zeros((n_filters, 1, 1))
        bias[:n], readout[:n, 0, 0] = -pooling.threshold, pooling.weight
        return Network(
            weight=weight,
            bias=bias.astype(np.float32),
            readout=readout.astype(np.float32),
            readout_offset=pooling.offset,
            rate_scale=float(np.exp(pooling.log_scale)) * self.frame_rate,
            stimulus_mean=self.mean,
            stimulus_sd=self.sd,
            stride=1,
            height=self.shape[0],
            width=self.shape[1],
            exponent=pooling.exponent,
        )

    def film(self, stages: Sequence[Stage], n_filters: int) -> np.ndarray:
        """Spatial profiles (epoch, filter, y, x): in each stage, those most like the last one's."""
        film = np.zeros((len(stages), n_filters, *self.shape), np.float32)
        last = stages[-1].filters.spatial().numpy()
        for number, stage in enumerate(stages):
            profile = stage.filters.spatial().numpy()
            rows, columns = linear_sum_assignment(last @ profile.T, maximize=True)
            film[number, rows] = self._on_crop(profile[columns, None])[:, 0]
        return film

    def _on_crop(self, images: np.ndarray) -> np.ndarray:
        """Images (filter, function, pixel) on the crop, (filter, function, y, x)."""
        placed = np.zeros((*images.shape[:2], *self.shape), np.float32)
        side = self.region.height, self.region.width
        placed[(..., *self.region.slices)] = images.reshape(*images.shape[:2], *side)
        return placed
