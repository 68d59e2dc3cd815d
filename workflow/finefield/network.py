"""A trained network as plain arrays, and its prediction."""

from dataclasses import dataclass, replace

import numpy as np
import xarray as xr
from numpy.lib.stride_tricks import sliding_window_view

from finefield.errors import UserError
from finefield.stimulus import BinaryStimulus

SCALARS = ("readout_offset", "rate_scale", "stimulus_mean", "stimulus_sd")
SIZES = ("stride", "height", "width")


@dataclass(frozen=True)
class Network:
    """One convolution layer, rectification, a readout and a softplus.

    rate = rate_scale softplus(readout_offset + sum over filters and positions of
    readout max(0, bias + weight * contrast)), * being correlation in space and time, and contrast
    the stimulus less `stimulus_mean`, over `stimulus_sd`.

    Attributes
    ----------
    weight : ndarray, shape (filter, lag, y, x)
        Filters; lag 0 is the newest frame [1].
    bias : ndarray, shape (filter,)
        Added to each filter's output [1].
    readout : ndarray, shape (filter, y, x)
        Weight of each filter at each position [1].
    readout_offset : float
        Added to the readout [1].
    rate_scale : float
        Scale of the output [Hz].
    stimulus_mean, stimulus_sd : float
        Normalisation, fitted on training data [1].
    stride : int
        Step between positions [pixels].
    height, width : int
        Size of the crop [pixels].
    """

    weight: np.ndarray
    bias: np.ndarray
    readout: np.ndarray
    readout_offset: float
    rate_scale: float
    stimulus_mean: float
    stimulus_sd: float
    stride: int
    height: int
    width: int

    @property
    def lags(self) -> int:
        """Frames of stimulus that a prediction uses."""
        return self.weight.shape[1]

    def predict(self, stimulus: BinaryStimulus, newest: np.ndarray) -> np.ndarray:
        """Firing rate predicted from a movie.

        Parameters
        ----------
        stimulus : BinaryStimulus
            Movie on a crop of the network's size.
        newest : ndarray of int, shape (sample,)
            Newest stimulus frame of each sample.

        Returns
        -------
        ndarray of float64, shape (sample,)
            Firing rate [Hz].

        Raises
        ------
        UserError
            If the crop's size is not the network's.
        """
        if stimulus.shape[1:] != (self.height, self.width):
            raise UserError(
                "crop",
                "{} x {} pixels".format(*stimulus.shape[1:]),
                f"{self.height} x {self.width} pixels, as in training",
                "read the stimulus on a window of that size",
            )
        drive = np.empty(stimulus.n_frames)
        for start, frames in stimulus.blocks(history=self.lags - 1, size=512):
            new = min(512, stimulus.n_frames - start)
            drive[start : start + new] = self._drive(frames, new)
        return self.rate_scale * np.logaddexp(0, drive[newest] + self.readout_offset)

    def _drive(self, frames: np.ndarray, new: int) -> np.ndarray:
        """Readout of the last `new` of the frames (frame, y, x)."""
        contrast = (frames - self.stimulus_mean) / self.stimulus_sd
        missing = new + self.lags - 1 - len(frames)
        contrast = np.pad(contrast, ((missing, 0), (0, 0), (0, 0)))
        n_filters, lags, height, width = self.weight.shape
        patches = sliding_window_view(contrast, (height, width), axis=(1, 2))
        patches = patches[:, :: self.stride, :: self.stride]
        rows, columns = patches.shape[1:3]
        by_lag = self.weight.transpose(2, 3, 1, 0).reshape(height * width, lags * n_filters)
        filtered = patches.reshape(-1, height * width) @ by_lag
        filtered = filtered.reshape(len(contrast), rows, columns, lags, n_filters)
        output = sum(filtered[lags - 1 - lag :][:new, ..., lag, :] for lag in range(lags))
        return np.einsum("tyxf,fyx->t", np.maximum(0, output + self.bias), self.readout)

    def keeping(self, filters: np.ndarray) -> "Network":
        """The network read out by some `filters` alone, bool (filter,)."""
        return replace(self, readout=self.readout * filters[:, None, None])

    def to_datasets(self) -> tuple[xr.Dataset, xr.Dataset]:
        """The network as two datasets: all but the readout, and the readout (filter, y, x)."""
        dimensions = {"weight": ("filter", "lag", "y", "x"), "bias": ("filter",)}
        arrays = {
            name: (dimensions.get(name, ()), getattr(self, name))
            for name in (*dimensions, *SCALARS)
        }
        sizes = {name: getattr(self, name) for name in SIZES}
        return (
            xr.Dataset(arrays, attrs=sizes),
            xr.Dataset({"readout": (("filter", "y", "x"), self.readout)}),
        )

    @classmethod
    def from_datasets(cls, data: xr.Dataset, readout: xr.Dataset) -> "Network":
        """The network that `to_datasets` wrote down."""
        return cls(
            data["weight"].values,
            data["bias"].values,
            readout["readout"].values,
            *(float(data[name]) for name in SCALARS),
            *(int(data.attrs[name]) for name in SIZES),
        )
