"""One cell's responses, and which stimulus frames each of them may be predicted from."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from finefield.errors import UserError


@dataclass(frozen=True)
class Responses:
    """Spike counts of one cell to one stimulus sequence.

    A trial has no gap: a recording is cut into trials wherever a frame was dropped or the stimulus
    stood still, so that no history crosses such a place.

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
    n_frames : ndarray of int, shape (trial,), optional
        Frames of each trial, if they differ; counts beyond are padding.
    """

    spike_count: np.ndarray
    first_frame: np.ndarray
    frame_rate: float
    delay: int = 0
    n_frames: np.ndarray | None = None

    def frozen(self, lags: int) -> tuple[np.ndarray, np.ndarray]:
        """Repeats of one sequence: newest stimulus frames (sample,) and counts (trial, sample).

        The first ``lags - 1 + delay`` frames, whose history is incomplete, are left out, and so
        are repeats that were not shown whole.
        """
        start = lags - 1 + self.delay
        length, first = self._lengths.max(), np.min(self.first_frame)
        whole = (self._lengths == length) & (np.asarray(self.first_frame) == first)
        return first + np.arange(start, length) - self.delay, self.spike_count[whole, start:length]

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
        trial, frame = self._with_history(lags)
        newest = np.asarray(self.first_frame)[trial] + frame - self.delay
        return newest.astype(np.int64), self.spike_count[trial, frame].astype(np.float32)

    def trials(self, lags: int) -> np.ndarray:
        """Trial of each of the `samples`, int64 (sample,)."""
        return self._with_history(lags)[0]

    def in_order(self) -> np.ndarray:
        """Spikes of every frame, trial after trial (frame,)."""
        return self.spike_count[np.arange(self.spike_count.shape[1]) < self._lengths[:, None]]

    @property
    def _lengths(self) -> np.ndarray:
        """Frames of each trial (trial,)."""
        n_trials, n_frames = self.spike_count.shape
        return np.full(n_trials, n_frames) if self.n_frames is None else np.asarray(self.n_frames)

    def _with_history(self, lags: int) -> tuple[np.ndarray, np.ndarray]:
        """Trial and frame of every response with a full history."""
        frame = np.arange(self.spike_count.shape[1])
        inside = frame < self._lengths[:, None]
        return np.nonzero(inside & (frame >= lags - 1 + self.delay))


@dataclass(frozen=True)
class TrainingData:
    """Samples of a cell's training responses, part of them held out for validation.

    Attributes
    ----------
    newest : ndarray of int64, shape (sample,)
        Newest stimulus frame used (lag 0) of each sample, in recorded order.
    count : ndarray of float32, shape (sample,)
        Spikes.
    trial : ndarray of int64, shape (sample,)
        Trial of each sample.
    held_out : ndarray of bool, shape (sample,)
        True for validation.
    """

    newest: np.ndarray
    count: np.ndarray
    trial: np.ndarray
    held_out: np.ndarray

    @classmethod
    def of(
        cls, responses: Responses, settings: Mapping, held_out: np.ndarray | None = None
    ) -> "TrainingData":
        """The samples that a network is trained and validated on.

        Parameters
        ----------
        responses : Responses
            A cell's responses to the training sequence.
        settings : dict
            One entry of ``models`` of a complete config, with lags, max_frames, data_fraction and
            validation_fraction.
        held_out : ndarray of bool, shape (stimulus frame,), optional
            Stimulus frames for validation, instead of a fraction of the samples. Samples whose
            history holds frames of both kinds are left out.

        Raises
        ------
        UserError
            If the training or the validation part holds no spike.
        """
        newest, count = responses.samples(settings["lags"])
        used = spread_blocks(len(count), settings["data_fraction"])
        used[settings["max_frames"] or len(used) :] = False
        if held_out is None:
            unknown = spread_blocks(int(used.sum()), settings["validation_fraction"])
        else:
            seen = np.concatenate([[0], held_out.cumsum()])
            seen = seen[newest + 1] - seen[newest + 1 - settings["lags"]]
            used &= (seen == 0) | (seen == settings["lags"])
            unknown = held_out[newest[used]]
        trial = responses.trials(settings["lags"])
        data = cls(newest[used], count[used], trial[used], unknown)
        for name, part in {"training": ~unknown, "validation": unknown}.items():
            if not data.count[part].any():
                raise UserError(
                    f"{name} part of the responses",
                    f"no spike in {part.sum()} frames",
                    "at least one spike",
                    "use more frames, or leave this cell out",
                )
        return data

    def blocks(self, block: int = 500) -> np.ndarray:
        """Number of each sample's block, counted within its part, int64 (sample,)."""
        number = np.empty(len(self.count), np.int64)
        for part in (self.held_out, ~self.held_out):
            number[part] = np.arange(part.sum()) // block
        return number


def spread_blocks(n_samples: int, fraction: float, block: int = 500) -> np.ndarray:
    """Mark evenly spread blocks of samples, as for validation.

    Whole blocks, because neighbouring samples share stimulus frames; spread over the recording, so
    that a drift of the cell's rate is in both parts.

    Parameters
    ----------
    n_samples : int
        Samples in recorded order.
    fraction : float
        Part to mark, above 0 and at most 1.
    block : int
        Samples in a block; shortened so that ten blocks are marked.

    Returns
    -------
    ndarray of bool, shape (n_samples,)

    Examples
    --------
    >>> round(float(spread_blocks(100_000, 0.1).mean()), 3)
    0.1
    """
    block = max(1, min(block, int(n_samples * fraction / 10)))
    index = np.arange(n_samples) // block
    # The running total of `fraction` crosses an integer once every 1 / fraction blocks.
    return np.floor((index + 1) * fraction) > np.floor(index * fraction)
