"""Stimuli in memory: bits or grey levels, read as contrast in blocks of frames."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from finefield.stimuli.window import Window


class Stimulus(ABC):
    """A movie kept as small codes and read as contrast in blocks of frames.

    Attributes
    ----------
    codes : ndarray of uint8, shape (y, x, code)
        What the movie is kept as; a pixel's codes lie together, so that reading a crop touches
        only that crop.
    n_frames : int
        Number of frames.
    held_out : ndarray of bool or None, shape (frame,)
        Frames kept for validation, as they show other images than the training frames do.
    """

    codes: np.ndarray
    n_frames: int
    held_out: np.ndarray | None = None

    @abstractmethod
    def frames(self, start: int = 0, stop: int | None = None) -> np.ndarray:
        """Contrast of frames `start` to `stop` (exclusive), float32 (frame, y, x) [1]."""

    @abstractmethod
    def mean_and_sd(self) -> tuple[float, float]:
        """Mean and standard deviation of the contrast over all pixels and frames [1]."""

    @property
    def shape(self) -> tuple[int, int, int]:
        """Numbers of frames, rows and columns."""
        return self.n_frames, *self.codes.shape[:2]

    def crop(self, window: Window):
        """The same movie on a window; a UserError if the window leaves the field."""
        window.check_inside(*self.codes.shape[:2])
        return replace(self, codes=self.codes[window.slices])

    def blocks(self, history: int, size: int = 8192) -> Iterator[tuple[int, np.ndarray]]:
        """Overlapping blocks of the movie, for work that needs a history of frames.

        Parameters
        ----------
        history : int
            Frames repeated from before each block (fewer at the movie's start).
        size : int
            New frames in each block.

        Yields
        ------
        start : int
            First new frame.
        frames : ndarray of float32, shape (up to history + size, y, x)
            Frames from ``max(0, start - history)``.
        """
        for start in range(0, self.n_frames, size):
            yield start, self.frames(max(0, start - history), start + size)

    def signal(self, spatial: np.ndarray) -> np.ndarray:
        """What a spatial filter (y, x) sees of each frame: its product with it, (frame,) [1]."""
        seen = np.empty(self.n_frames)
        for start, frames in self.blocks(history=0):
            seen[start : start + len(frames)] = frames.reshape(len(frames), -1) @ spatial.ravel()
        return seen


@dataclass(frozen=True)
class BinaryStimulus(Stimulus):
    """A movie of two contrasts, one bit per pixel and frame.

    Attributes
    ----------
    codes : ndarray of uint8, shape (y, x, byte)
        Frame ``f`` of a pixel is bit ``f % 8``, lowest first, of byte ``f // 8``; 1 is `high`.
    n_frames : int
        Number of frames; the last byte's unused bits do not count.
    low, high : float
        The two contrasts [1].

    Examples
    --------
    >>> movie = BinaryStimulus.from_frames(np.array([[[0, 1]], [[1, 1]]]), low=-0.5, high=0.5)
    >>> movie.frames().tolist()
    [[[-0.5, 0.5]], [[0.5, 0.5]]]
    """

    codes: np.ndarray
    n_frames: int
    low: float = -1.0
    high: float = 1.0

    @classmethod
    def from_frames(cls, frames: np.ndarray, low: float = -1.0, high: float = 1.0):
        """Pack an array (frame, y, x) whose non-zero values stand for `high`."""
        bits = np.packbits(np.moveaxis(frames, 0, -1) != 0, axis=-1, bitorder="little")
        return cls(bits, len(frames), low, high)

    def frames(self, start: int = 0, stop: int | None = None) -> np.ndarray:
        """Contrast of frames `start` to `stop` (exclusive), float32 (frame, y, x) [1]."""
        stop = self.n_frames if stop is None else min(stop, self.n_frames)
        first, (_, height, width) = start // 8, self.shape
        # Bytes in order of frames before they are taken apart: a quarter of the time of after.
        packed = np.ascontiguousarray(np.moveaxis(self.codes[..., first : (stop + 7) // 8], -1, 0))
        ones = packed[:, None] >> np.arange(8, dtype=np.uint8)[:, None, None] & 1
        ones = ones.reshape(-1, height, width)[start - 8 * first : stop - 8 * first]
        contrast = ones * np.float32(self.high - self.low)
        contrast += np.float32(self.low)
        return contrast

    def mean_and_sd(self) -> tuple[float, float]:
        """Mean and standard deviation of the contrast over all pixels and frames [1]."""
        n_pixels = self.codes.shape[0] * self.codes.shape[1]
        used = np.uint8((1 << (self.n_frames - 1) % 8 + 1) - 1)
        parts = self.codes[..., :-1], self.codes[..., -1] & used
        ones = sum(np.bitwise_count(part).sum(dtype=np.int64) for part in parts)
        ones = ones / (n_pixels * self.n_frames)
        step = self.high - self.low
        return float(self.low + step * ones), float(abs(step) * np.sqrt(ones * (1 - ones)))


@dataclass(frozen=True)
class GreyStimulus(Stimulus):
    """A movie of 256 grey levels, one byte per pixel and frame.

    Attributes
    ----------
    codes : ndarray of uint8, shape (y, x, frame)
        Grey levels; level ``k`` has the contrast ``offset + step * k``.
    n_frames : int
        Number of frames.
    offset, step : float
        Contrast of level 0, and between neighbouring levels [1].
    held_out : ndarray of bool or None, shape (frame,)
        As of every `Stimulus`.

    Examples
    --------
    >>> movie = GreyStimulus(np.array([[[0, 128, 255]]], np.uint8), 3, offset=-4, step=1 / 32)
    >>> movie.frames().ravel().tolist()
    [-4.0, 0.0, 3.96875]
    """

    codes: np.ndarray
    n_frames: int
    offset: float
    step: float
    held_out: np.ndarray | None = None

    def frames(self, start: int = 0, stop: int | None = None) -> np.ndarray:
        """Contrast of frames `start` to `stop` (exclusive), float32 (frame, y, x) [1]."""
        levels = np.ascontiguousarray(np.moveaxis(self.codes[..., start:stop], -1, 0))
        contrast = levels * np.float32(self.step)
        contrast += np.float32(self.offset)
        return contrast

    def mean_and_sd(self) -> tuple[float, float]:
        """Mean and standard deviation of the contrast over all pixels and training frames [1]."""
        known = slice(None) if self.held_out is None else ~self.held_out
        rows = [np.bincount(row[:, known].ravel(), minlength=256) for row in self.codes]
        counts = np.sum(rows, axis=0)
        share = counts / counts.sum()
        contrast = self.offset + self.step * np.arange(256)
        mean = share @ contrast
        return float(mean), float(np.sqrt(share @ (contrast - mean) ** 2))


@dataclass(frozen=True)
class Blocks:
    """A movie that is made block by block and never held whole.

    Attributes
    ----------
    shape : (int, int, int)
        Frames, rows and columns.
    blocks : iterable of (int, ndarray)
        First frame, a multiple of eight, and codes (y, x, code) of each block, in order.
    kind : type
        `BinaryStimulus` or `GreyStimulus`, which tells what the codes are.
    contrasts : (float, float)
        What the kind takes beside codes: low and high, or offset and step [1].
    frames : dict of str to ndarray, shape (frame,)
        What else is known of each frame of a `GreyStimulus`, such as the photograph that it shows.
    names : tuple of str
        Names of the photographs.
    """

    shape: tuple[int, int, int]
    blocks: Iterable[tuple[int, np.ndarray]]
    kind: type[Stimulus]
    contrasts: tuple[float, float]
    frames: Mapping[str, np.ndarray] = field(default_factory=dict)
    names: tuple[str, ...] = ()
