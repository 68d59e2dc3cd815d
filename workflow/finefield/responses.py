"""One cell's responses, and which stimulus frames each of them may be predicted from."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Responses:
    """Spike counts of one cell to one stimulus sequence.

    Attributes
    ----------
    spike_count : ndarray of int, shape (trial, frame)
        Spikes in each stimulus frame.
    first_frame : ndarray of int, shape (trial,)
        Stimulus frame shown at each trial's first frame. Repeats of a frozen sequence share it.
    frame_rate : float
        Frames per second [Hz].
    delay : int
        The newest stimulus frame used for a response lies this many frames before it.
    """

    spike_count: np.ndarray
    first_frame: np.ndarray
    frame_rate: float
    delay: int = 0

    def frozen(self, lags: int) -> tuple[np.ndarray, np.ndarray]:
        """Repeats of one sequence: newest stimulus frames (sample,) and counts (trial, sample).

        The first ``lags - 1 + delay`` frames, whose history is incomplete, are left out.
        """
        start = lags - 1 + self.delay
        newest = (
            np.asarray(self.first_frame)[0]
            + np.arange(start, self.spike_count.shape[1])
            - self.delay
        )
        return newest, self.spike_count[:, start:]

    def samples(self, lags: int) -> tuple[np.ndarray, np.ndarray]:
        """All responses with a full history inside their own trial.

        Returns
        -------
        newest : ndarray of int64, shape (sample,)
            Newest stimulus frame used (lag 0) of each sample, in recorded order.
        count : ndarray of float32, shape (sample,)
            Spikes.

        Examples
        --------
        >>> cell = Responses(np.array([[0, 1, 2], [3, 4, 5]]), np.array([0, 3]), 30.0)
        >>> [values.tolist() for values in cell.samples(lags=2)]
        [[1, 2, 4, 5], [1.0, 2.0, 4.0, 5.0]]
        """
        start = lags - 1 + self.delay
        offsets = np.arange(start, self.spike_count.shape[1]) - self.delay
        newest = (np.asarray(self.first_frame)[:, None] + offsets).astype(np.int64)
        return newest.ravel(), self.spike_count[:, start:].astype(np.float32).ravel()

    def trials(self, lags: int) -> np.ndarray:
        """Trial of each of the `samples`, int64 (sample,)."""
        n_trials, n_frames = self.spike_count.shape
        return np.repeat(np.arange(n_trials), n_frames - (lags - 1 + self.delay))


def validation_mask(n_samples: int, fraction: float, block: int = 500) -> np.ndarray:
    """Mark evenly spread blocks of samples for validation.

    Whole blocks, because neighbouring samples share stimulus frames; spread over the recording, so
    that a drift of the cell's rate is in both parts.

    Parameters
    ----------
    n_samples : int
        Samples in recorded order.
    fraction : float
        Part to mark, above 0 and below 1.
    block : int
        Samples in a block; shortened when there are too few samples for ten blocks.

    Returns
    -------
    ndarray of bool, shape (n_samples,)
        True for validation.

    Examples
    --------
    >>> round(float(validation_mask(100_000, 0.1).mean()), 3)
    0.1
    """
    block = max(1, min(block, int(n_samples * fraction)))
    index = np.arange(n_samples) // block
    # The running total of `fraction` crosses an integer once every 1 / fraction blocks.
    return np.floor((index + 1) * fraction) > np.floor(index * fraction)
