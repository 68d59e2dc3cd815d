"""What a cell's predictions are tested on: repeats of a frozen sequence, or blocks kept apart."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from finefield.responses.responses import Responses
from finefield.responses.samples import spread_blocks
from finefield.responses.scores import (
    bits_per_spike,
    correlation,
    noise_ceiling,
    single_correlation,
)
from finefield.stimuli.movie import Stimulus

#: Part of the training sequence that is kept where nothing was repeated.
FRACTION = 0.1
#: Least frames of a block that is kept for testing, most of which must have a full history.
LEAST_BLOCK = 100


@dataclass(frozen=True)
class Scores:
    """How well a prediction does on a `CellTest`.

    Attributes
    ----------
    predicted : ndarray, shape (frame,)
        Predicted firing rate [Hz].
    correlation : float
        With the measured rate [1]: the mean over repeats, or single counts where there are none.
    single_correlation : float
        With the counts of single trials [1].
    bits_per_spike : float
        Log likelihood of the counts, above that of their mean rate [bit].
    """

    predicted: np.ndarray
    correlation: float
    single_correlation: float
    bits_per_spike: float


@dataclass(frozen=True)
class CellTest:
    """Responses of a cell that nothing was fitted to, and what the cell saw.

    Attributes
    ----------
    stimulus : Stimulus
        The sequence on the cell's crop.
    newest : ndarray of int, shape (frame,)
        Newest stimulus frame of each tested frame.
    frame : ndarray of int, shape (frame,)
        Each tested frame's place in the sequence.
    counts : ndarray of int, shape (trial, frame)
        Spike counts; one trial if nothing was repeated.
    frame_rate : float
        Frames per second [Hz].
    kind : {"frozen", "blocks"}
        Repeats of the frozen sequence, or blocks of the training sequence.
    blocks : CellTest or None
        Blocks of the training sequence kept for testing, where there are some beside repeats.
    """

    stimulus: Stimulus
    newest: np.ndarray
    frame: np.ndarray
    counts: np.ndarray
    frame_rate: float
    kind: str = "frozen"
    blocks: "CellTest | None" = None

    @classmethod
    def of(
        cls, stimulus: Stimulus, responses: Responses, lags: int, kind: str = "frozen"
    ) -> "CellTest":
        """The test of a prediction that uses `lags` frames: all frames with a full history.

        Examples
        --------
        >>> from finefield.stimuli.movie import BinaryStimulus
        >>> movie = BinaryStimulus.from_frames(np.zeros((3, 1, 1)))
        >>> repeats = Responses(np.array([[0, 1, 2], [0, 3, 2]]), np.zeros(2, int), 30.0)
        >>> test = CellTest.of(movie, repeats, lags=2)
        >>> test.frame.tolist(), test.measured.tolist()
        ([1, 2], [60.0, 60.0])
        """
        newest, counts = tested(responses, lags, kind)
        return cls(stimulus, newest, newest + responses.delay, counts, responses.frame_rate, kind)

    @property
    def measured(self) -> np.ndarray:
        """Mean firing rate over repeats (frame,) [Hz]."""
        return self.counts.mean(0) * self.frame_rate

    @property
    def noise_ceiling(self) -> float:
        """The best correlation that a prediction can reach; NaN without repeats."""
        return noise_ceiling(self.counts)

    def score(self, predict: Callable[[Stimulus, np.ndarray], np.ndarray]) -> Scores:
        """Scores of a model, from its rate [Hz] for a stimulus and newest frames (frame,).

        Single counts are those of the blocks kept for testing, where there are some.
        """
        predicted = predict(self.stimulus, self.newest)
        single, rate = self, predicted
        if self.blocks is not None:
            single, rate = self.blocks, predict(self.blocks.stimulus, self.blocks.newest)
        return Scores(
            predicted=predicted,
            correlation=correlation(predicted, self.measured),
            single_correlation=single_correlation(rate, single.counts),
            bits_per_spike=bits_per_spike(rate / self.frame_rate, single.counts),
        )


def tested(responses: Responses, lags: int, kind: str) -> tuple[np.ndarray, np.ndarray]:
    """Newest frames (frame,) and counts (trial, frame) of a kind of test, as in `CellTest`."""
    if kind == "frozen":
        return responses.frozen(lags)
    newest, count = responses.samples(lags)
    return newest, count[None]


def with_test(found: Mapping[str, Responses], fraction: float | None) -> dict[str, Responses]:
    """Keep blocks of the training sequence for testing, where nothing else can test.

    Parameters
    ----------
    found : dict of str to Responses
        A cell's responses to the "running" sequence and, if there is one, to the "frozen" one.
    fraction : float or None
        Part of the running sequence to keep; None for a tenth if there is no frozen sequence, and
        for none if there is.

    Returns
    -------
    dict of str to Responses
        With "blocks", and "running" without them. Trials are cut where blocks begin and end. Blocks
        are spread over the frames of the stimulus: those kept are kept in every trial.

    Examples
    --------
    >>> cell = Responses(np.arange(4000)[None], np.zeros(1, int), 30.0)
    >>> found = with_test({"running": cell}, None)
    >>> int(found["running"].n_frames.sum()), found["blocks"].n_frames.tolist()
    (3600, [100, 100, 100, 100])
    """
    fraction = fraction or (None if "frozen" in found else FRACTION)
    if fraction is None:
        return dict(found)
    running = found["running"]
    frame = running.shown
    kept = spread_blocks(int(frame.max()) + 1, fraction, least=LEAST_BLOCK)[frame]
    return {**found, "running": running.where(~kept), "blocks": running.where(kept)}
