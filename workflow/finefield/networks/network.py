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
        return drives_of([self], stimulus, newest)[0]

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
        return _drives_at([self], stimulus, newest, windows)[0]

    def read_out(self, filtered: np.ndarray, active: np.ndarray) -> np.ndarray:
        """Readout (frame, filter) of what the `active` filters give, (frame, y, x, active)."""
        output = NONLINEARITIES[self.nonlinearity](filtered + self.bias[active])
        if self.exponent != 1:
            output = output**self.exponent
        if self.hidden_weight is not None:
            weight = self.hidden_weight[:, active]
            windows = sliding_window_view(output, weight.shape[2:], axis=(1, 2))
            hidden = np.einsum("tyxfij,hfij->tyxh", windows, weight, optimize=True)
            output = np.maximum(0, hidden + self.hidden_bias)
            return np.einsum("tyxf,fyx->tf", output, self.readout)
        drives = np.zeros((len(filtered), len(active)))
        drives[:, active] = np.einsum("tyxf,fyx->tf", output, self.readout[active])
        return drives

    def adapted(self, drives: np.ndarray, newest: np.ndarray) -> np.ndarray:
        """Drives (window, sample, filter) after integration and gain control."""
        if not self.dynamics.active:
            return drives
        mean = self.dynamics.mean_output * self.readout.sum((1, 2))
        return np.stack([self.dynamics.adapted(one, newest, mean) for one in drives])

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


def drives_of(
    networks: Sequence[Network], stimulus: Stimulus, newest: np.ndarray
) -> list[np.ndarray]:
    """`Network.drives` of networks of one training, such as its starts.

    A pass over the stimulus takes longer than what follows, and one serves all networks.
    """
    size = networks[0].height, networks[0].width
    if stimulus.shape[1:] != size:
        raise UserError(
            "crop",
            "{} x {} pixels".format(*stimulus.shape[1:]),
            "{} x {} pixels, as in training".format(*size),
            "read the stimulus on a window of that size",
        )
    return [one[0] for one in _drives_at(networks, stimulus, newest, [Window(0, 0, *size)])]


def _drives_at(
    networks: Sequence[Network], stimulus: Stimulus, newest: np.ndarray, windows: Sequence[Window]
) -> list[np.ndarray]:
    """`Network.drives_at` of networks of one training."""
    first = networks[0]
    top, left = (min(getattr(one, axis) for one in windows) for axis in "yx")
    bottom, right = (max(getattr(one, axis) for one in windows) for axis in "yx")
    rows, columns = bottom - top + first.height, right - left + first.width
    stimulus = stimulus.crop(Window(top, left, rows, columns))
    places = [replace(one, y=one.y - top, x=one.x - left).slices for one in windows]
    active = [one.influence().any((1, 2)) for one in networks]  # most of a trained network are not
    active = [one | (not one.any()) for one in active]
    weights = [one.weight[used] for one, used in zip(networks, active, strict=True)]
    courses, shapes = _separated(np.concatenate(weights))
    bounds = np.cumsum([len(one) for one in weights])[:-1]
    in_time = TimeFilter(courses.T)
    drives = [np.empty((len(windows), len(newest), len(one.readout))) for one in networks]
    size = min(MOST_FRAMES, max(1, MOST_PIXELS // (STEP * rows * columns)) * STEP)
    order = np.argsort(newest, kind="stable")
    starts = np.arange(0, stimulus.n_frames, size)
    ends = np.searchsorted(newest[order], [*starts[1:], stimulus.n_frames])
    for start, chosen in zip(starts, np.split(order, ends[:-1]), strict=True):
        if not len(chosen):  # blocks without a sample are not read
            continue
        before = start - max(0, start - first.lags + 1)
        frames = stimulus.frames(start - before, start + size)
        seen = in_time.normalised(frames, before, size, first.stimulus_mean, first.stimulus_sd)
        seen = seen.reshape(size, -1, rows, columns)[newest[chosen] - start]
        for number, (y, x) in enumerate(places):
            parts = np.split(_filtered(seen[:, :, y, x], shapes, first.stride), bounds, axis=3)
            for own, network, *part in zip(drives, networks, parts, active, strict=True):
                own[number, chosen] = network.read_out(*part)
    return [one.adapted(own, newest) for one, own in zip(networks, drives, strict=True)]


def _filtered(seen: np.ndarray, shapes: np.ndarray, stride: int) -> np.ndarray:
    """What filters give (frame, y, x, filter) of what was seen (frame, course, y, x)."""
    n_courses, n_filters, height, width = shapes.shape
    patches = sliding_window_view(seen, (height, width), axis=(2, 3))
    patches = patches[:, :, ::stride, ::stride].transpose(0, 2, 3, 1, 4, 5)
    flat = patches.reshape(-1, n_courses * height * width)
    output = flat @ shapes.swapaxes(0, 1).reshape(n_filters, -1).T
    return output.reshape(*patches.shape[:3], -1)


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
