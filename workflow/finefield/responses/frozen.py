"""A cell's frozen test sequence: what it saw again and again, and its mean rate."""

from dataclasses import dataclass

import numpy as np

from finefield.responses.responses import Responses
from finefield.stimuli.movie import Stimulus


@dataclass(frozen=True)
class FrozenTest:
    """A cell's frozen test sequence.

    Attributes
    ----------
    stimulus : Stimulus
        The sequence on the cell's crop.
    newest : ndarray of int, shape (frame,)
        Newest stimulus frame of each tested frame.
    frame : ndarray of int, shape (frame,)
        Index of each tested frame in the responses.
    counts : ndarray of int, shape (trial, frame)
        Spike counts.
    frame_rate : float
        Frames per second [Hz].
    """

    stimulus: Stimulus
    newest: np.ndarray
    frame: np.ndarray
    counts: np.ndarray
    frame_rate: float

    @classmethod
    def of(cls, stimulus: Stimulus, responses: Responses, lags: int) -> "FrozenTest":
        """The test of a prediction that uses `lags` frames, from all frames with a full history.

        Examples
        --------
        >>> from finefield.stimuli.movie import BinaryStimulus
        >>> movie = BinaryStimulus.from_frames(np.zeros((3, 1, 1)))
        >>> repeats = Responses(np.array([[0, 1, 2], [0, 3, 2]]), np.zeros(2, int), 30.0)
        >>> test = FrozenTest.of(movie, repeats, lags=2)
        >>> test.frame.tolist(), test.measured.tolist()
        ([1, 2], [60.0, 60.0])
        """
        newest, counts = responses.frozen(lags)
        frame = np.arange(responses.spike_count.shape[1])[-len(newest) :]
        return cls(
            stimulus=stimulus,
            newest=newest,
            frame=frame,
            counts=counts,
            frame_rate=responses.frame_rate,
        )

    @property
    def measured(self) -> np.ndarray:
        """Mean firing rate over repeats (frame,) [Hz]."""
        return self.counts.mean(0) * self.frame_rate
