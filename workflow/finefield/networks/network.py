"""A trained network as plain arrays, and its prediction."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from finefield.base.errors import UserError
from finefield.networks.dynamics.model import Dynamics
from finefield.stimuli.filtering import STEP, TimeFilter
from finefield.stimuli.movie import Stimulus
from finefield.stimuli.window import Window

#: Most frames that are predicted at once, and their pixels at most: more would not stay in the
#: processor's cache.
MOST_FRAMES, MOST_PIXELS = 512, 2**20

#: What filters do to their output, on NumPy arrays and on PyTorch tensors alike.
NONLINEARITIES = {
    "rectified_linear": lambda output: output.clip(min=0),
    "linear": lambda output: output,
    "squared": lambda output: output * output,
}


def positions(shape: Sequence[int], size: Sequence[int], stride: int) -> list[int]:
    """Rows and columns of positions that filters of a size have on an image of a shape."""
    return [(side - one) // stride + 1 for side, one in zip(shape, size, strict=True)]


@dataclass(frozen=True)
class Network:
    """One or two convolution layers with a nonlinearity, a readout and a softplus.

    rate = rate_scale softplus(readout_offset + sum over filters and positions of
    readout f(bias + weight * contrast)^exponent), * being correlation in space and time, f the
    filters' nonlinearity, and contrast the stimulus less `stimulus_mean`, over `stimulus_sd`. With
    a hidden layer, what is read out is max(0, hidden_bias + hidden_weight * f(...)^exponent).

    Attributes
    ----------
    weight : ndarray, shape (filter, lag, y, x)
        Filters; lag 0 is the newest frame [1].
    bias : ndarray, shape (filter,)
        Added to each filter's output [1].
    readout : ndarray, shape (filter, y, x)
        Weight of each filter, or of each hidden one if there are any, at each position [1].
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
    nonlinearity : str
        The filters' nonlinearity, a key of `NONLINEARITIES`.
    exponent : float
        Power of the filters' output, 1 but for rectified filters.
    hidden_weight : ndarray or None, shape (hidden_filter, filter, y, x)
        Filters of the second layer, of stride 1 [1].
    hidden_bias : ndarray or None, shape (hidden_filter,)
        Added to the hidden filters' output [1].
    dynamics : Dynamics
        What the frames before do to drives and rate.
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
    nonlinearity: str = "rectified_linear"
    exponent: float = 1.0
    hidden_weight: np.ndarray | None = None
    hidden_bias: np.ndarray | None = None
    dynamics: Dynamics = field(default_factory=Dynamics)

    @property
    def lags(self) -> int:
        """Frames of stimulus that a prediction uses."""
        return self.weight.shape[1]

    def predict(self, stimulus: Stimulus, newest: np.ndarray) -> np.ndarray:
        """Firing rate predicted from a movie.

        Parameters
        ----------
        stimulus : Stimulus
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
        return self.rate(self.drives(stimulus, newest), newest)

    def rate(self, drives: np.ndarray, newest: np.ndarray) -> np.ndarray:
        """Firing rate (sample,) [Hz] from the `drives` of all filters, or of some of them."""
        summed = drives.sum(1) + self.readout_offset + self.fed_back(drives, newest)
        return self.rate_scale * np.logaddexp(0, summed)

    def fed_back(self, drives: np.ndarray, newest: np.ndarray) -> np.ndarray:
        """What feedback adds to the sum of `drives`, 0 or less (sample,) [1]."""
        return -self.dynamics.subtracted(drives.sum(1) + self.readout_offset, newest)

    def drives(self, stimulus: Stimulus, newest: np.ndarray) -> np.ndarray:
        """What each filter adds to the readout, after integration and gain control.

        Parameters
        ----------
        stimulus, newest
            As for `predict`, with the same errors.

        Returns
        -------
        ndarray of float64, shape (sample, filter)
            Readout of each filter, or of each hidden one if there are any, over all positions [1].
        """
        if stimulus.shape[1:] != (self.height, self.width):
            raise UserError(
                "crop",
                "{} x {} pixels".format(*stimulus.shape[1:]),
                f"{self.height} x {self.width} pixels, as in training",
                "read the stimulus on a window of that size",
            )
        return self.drives_at(stimulus, newest, [Window(0, 0, self.height, self.width)])[0]

    def drives_at(
        self, stimulus: Stimulus, newest: np.ndarray, windows: Sequence[Window]
    ) -> np.ndarray:
        """What each filter adds to the readout, with the network at several windows of a field.

        Parameters
        ----------
        stimulus : Stimulus
            Movie on the whole field.
        newest : ndarray of int, shape (sample,)
            Newest stimulus frame of each sample.
        windows : sequence of Window
            Windows on the field, of the network's size.

        Returns
        -------
        ndarray of float64, shape (window, sample, filter)
            As from `drives`. What windows share is filtered in time only once.
        """
        top, left = (min(getattr(one, axis) for one in windows) for axis in "yx")
        bottom, right = (max(getattr(one, axis) for one in windows) for axis in "yx")
        rows, columns = bottom - top + self.height, right - left + self.width
        stimulus = stimulus.crop(Window(top, left, rows, columns))
        places = [replace(one, y=one.y - top, x=one.x - left).slices for one in windows]
        drives = np.empty((len(windows), len(newest), len(self.readout)))
        active = self.influence().any((1, 2))  # most filters of a trained network are not
        active |= not active.any()
        courses, shapes = _separated(self.weight[active])
        in_time = TimeFilter(courses.T)
        size = min(MOST_FRAMES, max(1, MOST_PIXELS // (STEP * rows * columns)) * STEP)
        order = np.argsort(newest, kind="stable")
        starts = np.arange(0, stimulus.n_frames, size)
        ends = np.searchsorted(newest[order], [*starts[1:], stimulus.n_frames])
        for start, chosen in zip(starts, np.split(order, ends[:-1]), strict=True):
            if len(chosen):  # blocks without a sample are not read
                first = max(0, start - self.lags + 1)
                frames = stimulus.frames(first, start + size)
                seen = in_time.normalised(
                    frames, start - first, size, self.stimulus_mean, self.stimulus_sd
                ).reshape(size, -1, rows, columns)[newest[chosen] - start]
                for one, (y, x) in zip(drives, places, strict=True):
                    one[chosen] = self._drives(seen[:, :, y, x], shapes, active)
        if self.dynamics.active:
            mean = self.dynamics.mean_output * self.readout.sum((1, 2))
            drives = np.stack([self.dynamics.adapted(one, newest, mean) for one in drives])
        return drives

    def _drives(self, seen: np.ndarray, shapes: np.ndarray, active: np.ndarray) -> np.ndarray:
        """Readout of each filter from what was seen on a window (frame, course, y, x)."""
        n_courses, _, height, width = shapes.shape
        patches = sliding_window_view(seen, (height, width), axis=(2, 3))
        patches = patches[:, :, :: self.stride, :: self.stride].transpose(0, 2, 3, 1, 4, 5)
        flat = patches.reshape(-1, n_courses * height * width)
        output = flat @ shapes.swapaxes(0, 1).reshape(shapes.shape[1], -1).T
        output = output.reshape(*patches.shape[:3], -1) + self.bias[active]
        output = NONLINEARITIES[self.nonlinearity](output)
        if self.exponent != 1:
            output = output**self.exponent
        if self.hidden_weight is not None:
            weight = self.hidden_weight[:, active]
            windows = sliding_window_view(output, weight.shape[2:], axis=(1, 2))
            hidden = np.einsum("tyxfij,hfij->tyxh", windows, weight, optimize=True)
            output = np.maximum(0, hidden + self.hidden_bias)
            return np.einsum("tyxf,fyx->tf", output, self.readout)
        drives = np.zeros((len(seen), len(active)))
        drives[:, active] = np.einsum("tyxf,fyx->tf", output, self.readout[active])
        return drives

    def influence(self) -> np.ndarray:
        """Summed size of all ways from a filter at a position to the output, (filter, y, x)."""
        readout = np.abs(self.readout).astype(float)
        if self.hidden_weight is None:
            return readout
        weight = np.abs(self.hidden_weight)
        (height, width), (rows, columns) = weight.shape[2:], readout.shape[1:]
        ways = np.zeros((weight.shape[1], rows + height - 1, columns + width - 1))
        for y, x in np.ndindex(height, width):
            ways[:, y : y + rows, x : x + columns] += np.einsum(
                "hf,hyx->fyx", weight[:, :, y, x], readout
            )
        return ways

    def keeping(self, filters: np.ndarray) -> "Network":
        """The network with some `filters` alone, bool (filter,); the others reach no output."""
        if self.hidden_weight is None:
            return replace(self, readout=self.readout * filters[:, None, None])
        return replace(self, hidden_weight=self.hidden_weight * filters[:, None, None])


def _separated(weight: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Time courses (lag, course) and shapes (course, filter, y, x) whose product is a `weight`.

    Networks on a temporal basis have as few courses as the basis has functions, and so are
    predicted with a fraction of the work.
    """
    by_lag = weight.swapaxes(0, 1)
    courses, sizes, shapes = np.linalg.svd(by_lag.reshape(len(by_lag), -1), full_matrices=False)
    used = sizes >= 1e-6 * sizes[0]  # all of them where every filter is zero
    shapes = (sizes[:, None] * shapes)[used].reshape(-1, *by_lag.shape[1:])
    return courses[:, used], shapes
