"""One cell's responses, and which stimulus frames each of them may be predicted from."""

from dataclasses import dataclass, replace

import numpy as np


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

    @property
    def n_spikes(self) -> int:
        """Number of all spikes."""
        return int(self.spike_count.sum())

    def frozen(self, lags: int) -> tuple[np.ndarray, np.ndarray]:
        """Repeats of one sequence: newest stimulus frames (sample,) and counts (trial, sample).

        The first ``lags - 1 + delay`` frames, whose history is incomplete, are left out, and so
        are repeats that were not shown whole.
        """
        start = lags - 1 + self.delay
        first = np.min(self.first_frame)
        begins = np.asarray(self.first_frame) == first
        length = self.lengths[begins].max()
        whole = begins & (self.lengths == length)
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
        return self.spike_count[self.inside]

    def where(self, observed: np.ndarray) -> "Responses":
        """Only the frames (trial, frame) that were observed: trials are cut at the others.

        Examples
        --------
        >>> cell = Responses(np.array([[1, 2, 0, 4]]), np.array([10]), 30.0)
        >>> kept = cell.where(np.array([[True, True, False, True]]))
        >>> kept.spike_count.tolist(), kept.first_frame.tolist(), kept.n_frames.tolist()
        ([[1, 2], [4, 0]], [10, 13], [2, 1])
        """
        inside = observed & self.inside
        if not inside.any():
            # One trial without a frame, as there must be one.
            none = np.zeros((1, 1), self.spike_count.dtype)
            return replace(self, spike_count=none, first_frame=np.zeros(1, int), n_frames=none[0])
        edges = np.diff(np.pad(inside.astype(np.int8), ((0, 0), (1, 1))), axis=1)
        trial, begin = np.nonzero(edges == 1)
        n_frames = np.nonzero(edges == -1)[1] - begin
        count = np.zeros((len(trial), n_frames.max(initial=1)), self.spike_count.dtype)
        for row, (one, first, length) in enumerate(zip(trial, begin, n_frames, strict=True)):
            count[row, :length] = self.spike_count[one, first : first + length]
        first_frame = np.asarray(self.first_frame)[trial] + begin
        return replace(self, spike_count=count, first_frame=first_frame, n_frames=n_frames)

    @property
    def lengths(self) -> np.ndarray:
        """Frames of each trial (trial,)."""
        n_trials, n_frames = self.spike_count.shape
        return np.full(n_trials, n_frames) if self.n_frames is None else np.asarray(self.n_frames)

    @property
    def inside(self) -> np.ndarray:
        """Frames that are no padding, bool (trial, frame)."""
        return np.arange(self.spike_count.shape[1]) < self.lengths[:, None]

    @property
    def shown(self) -> np.ndarray:
        """Stimulus frame that was shown in each frame (trial, frame), as if trials had no end."""
        return np.asarray(self.first_frame)[:, None] + np.arange(self.spike_count.shape[1])

    def _with_history(self, lags: int) -> tuple[np.ndarray, np.ndarray]:
        """Trial and frame of every response with a full history."""
        frame = np.arange(self.spike_count.shape[1])
        return np.nonzero(self.inside & (frame >= lags - 1 + self.delay))
