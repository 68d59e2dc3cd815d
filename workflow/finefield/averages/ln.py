"""LN model: the separable spike-triggered average, and a static nonlinearity read off the data."""

from dataclasses import dataclass

import numpy as np

from finefield.stimuli.movie import Stimulus


@dataclass(frozen=True)
class LNModel:
    """A linear filter followed by a static nonlinearity.

    Attributes
    ----------
    temporal : ndarray, shape (lag,)
        Temporal filter; lag 0 is the newest frame [1].
    spatial : ndarray, shape (y, x)
        Spatial filter on the crop [1].
    drive : ndarray, shape (node,)
        Drive at the nonlinearity's nodes, rising [1].
    rate : ndarray, shape (node,)
        Firing rate at the nodes; linear in between, constant outside [Hz].
    """

    temporal: np.ndarray
    spatial: np.ndarray
    drive: np.ndarray
    rate: np.ndarray

    def predict(self, stimulus: Stimulus, newest: np.ndarray) -> np.ndarray:
        """Firing rate [Hz] (sample,) from the movie on the model's crop."""
        drive = linear_drive(stimulus, self.temporal, self.spatial)[newest]
        return np.interp(drive, self.drive, self.rate)

    @property
    def on_off_index(self) -> float:
        """How much the cell also responds to the opposite of what it prefers [1].

        The rise of the rate towards the lowest tenth of the drives over its rise towards the
        highest tenth: 0 for a cell of one polarity, 1 for one that responds to both alike, NaN for
        one that does not respond.
        """
        tail = max(1, len(self.rate) // 10)
        low, high = self.rate[:tail].mean(), self.rate[-tail:].mean()
        least = np.convolve(self.rate, np.full(tail, 1 / tail), "valid").min()
        # Rounding may leave the lowest tenth below itself.
        return float(max(low - least, 0) / (high - least)) if high > least else float("nan")


def linear_drive(stimulus: Stimulus, temporal: np.ndarray, spatial: np.ndarray) -> np.ndarray:
    """Filter a movie in space and time.

    Parameters
    ----------
    stimulus : Stimulus
        Movie on the filter's crop; contrast before its first frame is taken as 0.
    temporal : ndarray, shape (lag,)
        Temporal filter, lag 0 first.
    spatial : ndarray, shape (y, x)
        Spatial filter.

    Returns
    -------
    ndarray of float64, shape (frame,)
        Drive with each frame as the newest.

    Examples
    --------
    >>> from finefield.stimuli.movie import BinaryStimulus
    >>> movie = BinaryStimulus.from_frames(np.array([[[1]], [[0]], [[1]]]))
    >>> linear_drive(movie, np.array([1.0, 0.5]), np.array([[2.0]]))
    array([ 2., -1.,  1.])
    """
    return np.convolve(temporal, stimulus.signal(spatial))[: stimulus.n_frames]


def fit_ln(
    stimulus: Stimulus,
    newest: np.ndarray,
    count: np.ndarray,
    temporal: np.ndarray,
    spatial: np.ndarray,
    frame_rate: float,
    n_nodes: int = 30,
) -> LNModel:
    """Fit the static nonlinearity of an LN model with a given filter.

    Parameters
    ----------
    stimulus : Stimulus
        Movie on the cell's crop.
    newest, count : ndarray, shape (sample,)
        Training responses, as from `Responses.samples`.
    temporal, spatial : ndarray, shapes (lag,) and (y, x)
        The filter, usually the best separable form of the spike-triggered average.
    frame_rate : float
        Frames per second [Hz].
    n_nodes : int
        Bins of equal numbers of samples; each gives a node at its mean drive and mean rate.

    Returns
    -------
    LNModel

    Notes
    -----
    Chichilnisky 2001 (Network 12:199), section 3: the mean response as a function of drive.
    """
    drive = linear_drive(stimulus, temporal, spatial)
    return ln_of_drive(drive, newest, count, temporal, spatial, frame_rate, n_nodes)


def ln_of_drive(
    drive: np.ndarray,
    newest: np.ndarray,
    count: np.ndarray,
    temporal: np.ndarray,
    spatial: np.ndarray,
    frame_rate: float,
    n_nodes: int = 30,
) -> LNModel:
    """As `fit_ln`, from the `linear_drive` (frame,) of the movie."""
    drive = drive[newest]
    bins = np.array_split(np.argsort(drive, kind="stable"), min(n_nodes, len(drive)))
    nodes = np.array([drive[one].mean() for one in bins])
    rates = np.array([count[one].mean() * frame_rate for one in bins])
    return LNModel(temporal=temporal, spatial=spatial, drive=nodes, rate=rates)
