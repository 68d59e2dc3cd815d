"""Spike-triggered average of a stimulus; binary ones are counted on their bits."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numba
import numpy as np
from numba.extending import intrinsic

from finefield.base.errors import CellError, UserError
from finefield.stimuli.movie import BinaryStimulus, Stimulus

#: Words of 64 frames counted at a time: 20 lags of one bit-plane then stay in the core's cache.
SEGMENT = 512


def spike_triggered_average(
    stimulus: Stimulus, newest: np.ndarray, count: np.ndarray, lags: int
) -> np.ndarray:
    """Mean stimulus before a spike, over all spikes.

    Parameters
    ----------
    stimulus : Stimulus
        The movie.
    newest : ndarray of int, shape (sample,)
        Newest stimulus frame (lag 0) of each sample; repeats are allowed.
    count : ndarray, shape (sample,)
        Spikes of each sample, whole numbers.
    lags : int
        Number of frames, the newest included.

    Returns
    -------
    ndarray of float32, shape (lag, y, x)
        Mean contrast [1] at frame ``newest - lag``, weighted by `count`; lag 0 is the newest.

    Raises
    ------
    UserError
        If there is no spike, a count is not a whole number from 0, or a sample needs frames that
        the stimulus does not have.

    Notes
    -----
    Chichilnisky 2001 (Network 12:199), equation 3.

    Examples
    --------
    >>> movie = BinaryStimulus.from_frames(np.array([[[0]], [[1]], [[1]], [[0]]]))
    >>> spike_triggered_average(movie, np.array([1, 2, 3]), np.array([1, 2, 1]), lags=2).ravel()
    array([0.5, 0.5], dtype=float32)
    """
    return field_average([stimulus], newest, count, lags)


def field_average(
    bands: Iterable[Stimulus], newest: np.ndarray, count: np.ndarray, lags: int
) -> np.ndarray:
    """Spike-triggered average on a field that comes in bands of rows and is never held whole.

    Parameters
    ----------
    bands : iterable of Stimulus
        The movie's rows from the top, some at a time, as from `files.stimulus_bands`.
    newest, count, lags
        As in `spike_triggered_average`.

    Returns
    -------
    ndarray of float32, shape (lag, y, x)
        The average, on all rows [1].

    Raises
    ------
    UserError
        As in `spike_triggered_average`.
    """
    return field_averages(bands, newest, [count], lags)[0]


def field_averages(
    bands: Iterable[Stimulus], newest: np.ndarray, counts: Sequence[np.ndarray], lags: int
) -> np.ndarray:
    """As `field_average`, of several spike trains: float32 (train, lag, y, x)."""
    averages, trains = [], None
    for band in bands:
        if trains is None:
            trains = [_Train.of(band, newest, count, lags) for count in counts]
        averages.append(np.stack([train.average(band) for train in trains]))
    return np.concatenate(averages, axis=2)


@dataclass(frozen=True)
class _Train:
    """Spikes per frame (frame,), and their bit-planes if the stimulus is binary."""

    per_frame: np.ndarray
    lags: int
    planes: tuple

    @classmethod
    def of(cls, stimulus: Stimulus, newest: np.ndarray, count: np.ndarray, lags: int) -> "_Train":
        per_frame = _count_per_frame(newest, count, lags, stimulus.n_frames)
        planes = _planes(per_frame, lags) if isinstance(stimulus, BinaryStimulus) else ()
        return cls(per_frame, lags, planes)

    def average(self, band: Stimulus) -> np.ndarray:
        """Mean stimulus before a spike, float32 (lag, y, x)."""
        total = self.per_frame.sum()
        if self.planes:
            ones = _ones(band, *self.planes) / total
            return (band.low + (band.high - band.low) * ones).astype(np.float32)
        return (_sums(band, self.lags, self.per_frame) / total).astype(np.float32)


def _sums(stimulus: Stimulus, lags: int, per_frame: np.ndarray) -> np.ndarray:
    """Contrast summed over spikes, float64 (lag, y, x): products of spike counts and frames."""
    sums = np.zeros((lags, np.prod(stimulus.shape[1:])))
    padded = np.concatenate([per_frame, np.zeros(lags - 1)]).astype(np.float32)
    after = np.lib.stride_tricks.sliding_window_view(padded, lags)  # spikes `lag` frames later
    for start, frames in stimulus.blocks(history=0, size=1024):
        sums += after[start : start + len(frames)].T @ frames.reshape(len(frames), -1)
    return sums.reshape(lags, *stimulus.shape[1:])


def _ones(
    stimulus: BinaryStimulus, index: np.ndarray, masks: np.ndarray, segments: np.ndarray
) -> np.ndarray:
    """Ones of the stimulus summed over spikes, int64 (lag, y, x), a row of pixels at a time.

    The spike counts per frame are taken apart into bit-planes: a pixel's sum of ones is the sum
    over planes p of 2^p popcount(pixel AND plane).
    """
    n_frames, height, width = stimulus.shape
    ones = np.zeros((len(masks), height, width), np.int64)
    words = np.zeros((width, -(-n_frames // 64)), "<u8")
    n_bytes = -(-n_frames // 8)
    for y in range(height):
        words.view(np.uint8)[:, :n_bytes] = stimulus.codes[y, :, :n_bytes]
        _count_ones(words.astype(np.uint64, copy=False), index, masks, segments, ones[:, y])
    return ones


def _count_per_frame(newest: np.ndarray, count: np.ndarray, lags: int, n_frames: int) -> np.ndarray:
    """Spikes for each newest stimulus frame, int64 (frame,); samples of one frame are added up."""
    count = np.asarray(count)
    if np.any(count < 0) or np.any(count != np.floor(count)):
        bad = count[(count < 0) | (count != np.floor(count))][0]
        raise UserError("spike count", bad, "whole numbers from 0", "correct the recording")
    if len(newest) and (newest.min() < lags - 1 or newest.max() >= n_frames):
        raise UserError(
            "newest stimulus frames",
            f"frames {newest.min()} to {newest.max()} with {lags} lags",
            f"frames {lags - 1} to {n_frames - 1} of a stimulus of {n_frames} frames",
            "check the stimulus' number of frames and the frame each trial starts at",
        )
    if not np.any(count):
        raise CellError(
            "spike count",
            f"no spike in {len(count)} samples",
            "at least one spike",
            "leave this cell out, or check that its spikes are in the file",
        )
    return np.bincount(newest, weights=count, minlength=n_frames).astype(np.int64)


def _planes(per_frame: np.ndarray, lags: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Bit-planes of the spike counts, shifted by each lag, without the words that hold no spike.

    Returns
    -------
    index : ndarray of int64, shape (entry,)
        Word of the stimulus that each entry of `masks` belongs to.
    masks : ndarray of uint64, shape (lag, entry)
        Bit b of an entry: a spike follows frame ``64 * index + b`` after `lag` frames.
    segments : ndarray of int64, shape (segment, 3)
        First entry, end, and binary weight of at most `SEGMENT` entries of one plane.
    """
    n_words = -(-len(per_frame) // 64)
    index, masks, segments, end = [], [], [], 0
    for plane in range(int(per_frame.max()).bit_length()):
        bits = (per_frame >> plane & 1).astype(np.uint8)
        shifted = np.zeros((lags, n_words * 8), np.uint8)
        for lag in range(lags):
            packed = np.packbits(bits[lag:], bitorder="little")
            shifted[lag, : len(packed)] = packed
        words = shifted.view("<u8").astype(np.uint64, copy=False)
        used = np.flatnonzero(words.any(axis=0))
        index.append(used)
        masks.append(words[:, used])
        for start in range(0, len(used), SEGMENT):
            stop = min(start + SEGMENT, len(used))
            segments.append((end + start, end + stop, 1 << plane))
        end += len(used)
    # Indexing by column leaves a column-major array; the kernel wants each lag in one piece.
    joined = np.ascontiguousarray(np.concatenate(masks, axis=1))
    return np.concatenate(index), joined, np.array(segments, np.int64)


@intrinsic
def _popcount(typing, word):
    """Number of ones in a uint64 (LLVM's ctpop, which has a vector form)."""

    def generate(context, builder, signature, arguments):
        return builder.ctpop(arguments[0])

    return numba.types.uint64(numba.types.uint64), generate


@numba.njit(cache=True)
def _count_ones(words, index, masks, segments, ones):
    """Add each pixel's spike-weighted ones: words (x, word), ones (lag, x)."""
    lags = len(masks)
    # Four pixels share each word of a mask that comes from the cache.
    held = np.zeros((4, SEGMENT), np.uint64)
    for first, end, weight in segments:
        for x in range(0, len(words), 4):
            pixels = min(4, len(words) - x)
            for pixel in range(pixels):
                for k in range(first, end):
                    held[pixel, k - first] = words[x + pixel, index[k]]
            for lag in range(lags):
                sums = _count_four(held, masks[lag, first:end])
                for pixel in range(pixels):
                    ones[lag, x + pixel] += weight * np.int64(sums[pixel])


@numba.njit(cache=True)
def _count_four(held, mask):
    """Ones of four pixels' words (4, word) under a mask (word,)."""
    a = b = c = d = np.uint64(0)
    for k in range(mask.size):
        a += _popcount(held[0, k] & mask[k])
        b += _popcount(held[1, k] & mask[k])
        c += _popcount(held[2, k] & mask[k])
        d += _popcount(held[3, k] & mask[k])
    return a, b, c, d
