"""What dynamics do to the filters' drives, and to their sum."""

from dataclasses import dataclass, field

import numpy as np

from finefield.base.compiling import compiled
from finefield.networks.dynamics import recursions


@dataclass(frozen=True)
class Dynamics:
    """Integration, gain control and feedback, each by an exponential average of earlier frames.

    With <x> the average of x over the frames before, weighted by exp(-age / frames):

    - *Integration*: a filter's drive d becomes d + integration <d>.
    - *Gain control*: it is divided by 1 + gain_control <sum of d over filters>.
    - *Feedback*: of the sum of drives and offset, feedback <softplus> is subtracted, softplus being
      what the scaled rate is.

    Attributes
    ----------
    integration, gain_control, feedback : float
        Strengths; 0 for none [1].
    integration_frames, gain_control_frames, feedback_frames : float
        Time constants [frame].
    mean_output : ndarray or float, shape (filter,)
        What each filter's output is on average, before its readout [1]: averages begin there.
    """

    integration: float = 0.0
    integration_frames: float = 1.0
    gain_control: float = 0.0
    gain_control_frames: float = 1.0
    feedback: float = 0.0
    feedback_frames: float = 1.0
    mean_output: np.ndarray | float = field(default=0.0, repr=False)

    @property
    def active(self) -> bool:
        """Whether there are any."""
        return bool(self.integration or self.gain_control or self.feedback)

    def adapted(self, drives: np.ndarray, newest: np.ndarray, mean: np.ndarray) -> np.ndarray:
        """Drives after integration and gain control.

        Parameters
        ----------
        drives : ndarray, shape (sample, filter)
            What each filter adds to the readout [1].
        newest : ndarray of int, shape (sample,)
            Newest stimulus frame of each sample. Where they do not follow each other, a new run
            begins, and averages are at their means.
        mean : ndarray, shape (filter,)
            Mean drives [1].

        Returns
        -------
        ndarray of float64, shape (sample, filter)
        """
        first, adapted = begins(newest), drives
        if self.integration:
            before = earlier(drives, first, mean, self.integration_frames)
            adapted = adapted + self.integration * before
        if self.gain_control:
            total, mean_total = drives.sum(1, keepdims=True), np.array([np.sum(mean)])
            level = earlier(total, first, mean_total, self.gain_control_frames)
            adapted = adapted / (1 + self.gain_control * level)
        return adapted

    def subtracted(self, summed: np.ndarray, newest: np.ndarray) -> np.ndarray:
        """What feedback subtracts from the sum of drives and offset (sample,), (sample,) [1]."""
        if not self.feedback:
            return np.zeros(len(summed))
        summed, own = np.ascontiguousarray(summed, float), (self.feedback, self.feedback_frames)
        return compiled(recursions.subtracted)(summed, begins(newest), *own)


def begins(newest: np.ndarray) -> np.ndarray:
    """Where runs of consecutive frames begin, bool (sample,).

    Examples
    --------
    >>> begins(np.array([3, 4, 7, 8])).tolist()
    [True, False, True, False]
    """
    return np.append(True, np.diff(newest) != 1)[: len(newest)]


def earlier(values: np.ndarray, first: np.ndarray, start: np.ndarray, frames: float) -> np.ndarray:
    """Averages of the values of earlier samples, weighted by exp(-age / frames).

    Parameters
    ----------
    values : ndarray, shape (sample, column)
        What is averaged.
    first : ndarray of bool, shape (sample,)
        Where runs begin.
    start : ndarray, shape (column,)
        Average at the beginning of a run.
    frames : float
        Time constant [frame].

    Returns
    -------
    ndarray of float64, shape (sample, column)

    Examples
    --------
    >>> values = np.array([[1.0], [0.0], [0.0]])
    >>> halved = 1 / np.log(2)
    >>> earlier(values, np.array([True, False, False]), np.zeros(1), halved).ravel().round(2)
    array([0.  , 0.5 , 0.25])
    """
    values, start = np.ascontiguousarray(values, float), np.asarray(start, float)
    return compiled(recursions.earlier)(values, first, start, frames)
