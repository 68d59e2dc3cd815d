"""The samples that networks are trained and validated on."""

from dataclasses import dataclass

import numpy as np

from finefield.base.errors import CellError
from finefield.responses.responses import Responses
from finefield.responses.settings import SampleSettings


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

    def keeping(self, kept: np.ndarray) -> "TrainingData":
        """Some of the samples, bool (sample,)."""
        return TrainingData(
            self.newest[kept], self.count[kept], self.trial[kept], self.held_out[kept]
        )

    @classmethod
    def of(
        cls, responses: Responses, settings: SampleSettings, held_out: np.ndarray | None = None
    ) -> "TrainingData":
        """The samples that a network is trained and validated on.

        Parameters
        ----------
        responses : Responses
            A cell's responses to the training sequence.
        settings : SampleSettings
            Which of them are used and held out, and the frames that a prediction uses.
        held_out : ndarray of bool, shape (stimulus frame,), optional
            Stimulus frames for validation, instead of a fraction of the samples. Samples whose
            history holds frames of both kinds are left out.

        Raises
        ------
        CellError
            If the training or the validation part holds no spike.
        """
        newest, count = responses.samples(settings.lags)
        used = spread_blocks(len(count), settings.data_fraction)
        used[settings.max_frames or len(used) :] = False
        if held_out is None:
            unknown = spread_blocks(int(used.sum()), settings.validation_fraction)
        else:
            used &= of_one_part(newest, settings.lags, held_out)
            unknown = held_out[newest[used]]
        trial = responses.trials(settings.lags)
        data = cls(newest[used], count[used], trial[used], unknown)
        for name, part in {"training": ~unknown, "validation": unknown}.items():
            if not data.count[part].any():
                raise CellError(
                    f"{name} part of the responses",
                    f"no spike in {part.sum()} frames",
                    "at least one spike",
                    "use more frames, or leave this cell out",
                )
        return data

    def blocks(self, block: int = 500) -> np.ndarray:
        """Number of each sample's block, counted within its part, int64 (sample,).

        Blocks are shorter in a part of fewer than ten.
        """
        number = np.empty(len(self.count), np.int64)
        for part in (self.held_out, ~self.held_out):
            number[part] = np.arange(part.sum()) // max(1, min(block, part.sum() // 10))
        return number


def spread_blocks(n_samples: int, fraction: float, block: int = 500, least: int = 1) -> np.ndarray:
    """Mark evenly spread blocks of samples, as for validation.

    Whole blocks, because neighbouring samples share stimulus frames; spread over the recording, so
    that a drift of the cell's rate is in both parts.

    Parameters
    ----------
    n_samples : int
        Samples in recorded order.
    fraction : float
        Part to mark, above 0 and at most 1.
    block, least : int
        Samples in a block; shortened so that ten blocks are marked, but not below the least.

    Returns
    -------
    ndarray of bool, shape (n_samples,)

    Examples
    --------
    >>> round(float(spread_blocks(100_000, 0.1).mean()), 3)
    0.1
    """
    block = max(least, min(block, int(n_samples * fraction / 10)))
    index = np.arange(n_samples) // block
    # The running total of `fraction` crosses an integer once every 1 / fraction blocks.
    return np.floor((index + 1) * fraction) > np.floor(index * fraction)


def of_one_part(newest: np.ndarray, lags: int, held_out: np.ndarray) -> np.ndarray:
    """Samples whose history shows frames of training alone, or of validation alone.

    Others would let validation images into the training, or training images into the validation.

    Parameters
    ----------
    newest : ndarray of int, shape (sample,)
        Newest stimulus frame (lag 0) of each sample, at least ``lags - 1``.
    lags : int
        Frames of stimulus that a prediction uses.
    held_out : ndarray of bool, shape (stimulus frame,)
        Frames kept for validation.

    Returns
    -------
    ndarray of bool, shape (sample,)

    Examples
    --------
    >>> held_out = np.array([False, False, True, True])
    >>> of_one_part(np.array([1, 2, 3]), 2, held_out).tolist()
    [True, False, True]
    """
    before = np.concatenate([[0], held_out.cumsum()])
    n_held_out = before[newest + 1] - before[newest + 1 - lags]
    return (n_held_out == 0) | (n_held_out == lags)
