"""Stimuli in memory: binary ones as bits, read as contrast in blocks of frames."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from finefield.errors import UserError


@dataclass(frozen=True)
class Window:
    """A rectangle of pixels on the stimulus field.

    Attributes
    ----------
    y, x : int
        First row and column [pixels].
    height, width : int
        Size [pixels].
    """

    y: int
    x: int
    height: int
    width: int

    @property
    def slices(self) -> tuple[slice, slice]:
        """Rows and columns, to index an array (..., y, x)."""
        return slice(self.y, self.y + self.height), slice(self.x, self.x + self.width)

    def check_inside(self, height: int, width: int, name: str = "crop") -> None:
        """Raise UserError unless the window lies on a field of `height` x `width` pixels."""
        inside = (
            self.y >= 0
            and self.x >= 0
            and min(self.height, self.width) > 0
            and self.y + self.height <= height
            and self.x + self.width <= width
        )
        if not inside:
            raise UserError(
                name,
                f"rows {self.y} to {self.y + self.height - 1}, "
                f"columns {self.x} to {self.x + self.width - 1}",
                f"a window on the field of {height} rows and {width} columns",
                "move or shrink the crop, or enlarge the field",
            )


@dataclass(frozen=True)
class BinaryStimulus:
    """A movie of two contrasts, one bit per pixel and frame.

    Attributes
    ----------
    bits : ndarray of uint8, shape (y, x, byte)
        Frame ``f`` of a pixel is bit ``f % 8``, lowest first, of byte ``f // 8``; 1 is `high`. A
        pixel's bits lie together, so that reading a crop touches only that crop.
    n_frames : int
        Number of frames; the last byte's unused bits are 0.
    low, high : float
        The two contrasts [1].

    Examples
    --------
    >>> movie = BinaryStimulus.from_frames(np.array([[[0, 1]], [[1, 1]]]), low=-0.5, high=0.5)
    >>> movie.frames().tolist()
    [[[-0.5, 0.5]], [[0.5, 0.5]]]
    """

    bits: np.ndarray
    n_frames: int
    low: float = -1.0
    high: float = 1.0

    @classmethod
    def from_frames(cls, frames: np.ndarray, low: float = -1.0, high: float = 1.0):
        """Pack an array (frame, y, x) whose non-zero values stand for `high`."""
        bits = np.packbits(np.moveaxis(frames, 0, -1) != 0, axis=-1, bitorder="little")
        return cls(bits, len(frames), low, high)

    @property
    def shape(self) -> tuple[int, int, int]:
        """Numbers of frames, rows and columns."""
        return self.n_frames, *self.bits.shape[:2]

    def frames(self, start: int = 0, stop: int | None = None) -> np.ndarray:
        """Contrast of frames `start` to `stop` (exclusive), float32 (frame, y, x) [1]."""
        stop = self.n_frames if stop is None else min(stop, self.n_frames)
        first = start // 8
        ones = np.unpackbits(self.bits[..., first : (stop + 7) // 8], axis=-1, bitorder="little")[
            ..., start - 8 * first : stop - 8 * first
        ]
        levels = np.array([self.low, self.high], np.float32)
        return np.ascontiguousarray(np.moveaxis(levels[ones], -1, 0))

    def mean_and_sd(self) -> tuple[float, float]:
        """Mean and standard deviation of the contrast over all pixels and frames [1]."""
        n_pixels = self.bits.shape[0] * self.bits.shape[1]
        ones = np.bitwise_count(self.bits).sum(dtype=np.int64) / (n_pixels * self.n_frames)
        step = self.high - self.low
        return float(self.low + step * ones), float(abs(step) * np.sqrt(ones * (1 - ones)))

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

    def crop(self, window: Window):
        """The same movie on a window; a UserError if the window leaves the field."""
        window.check_inside(*self.bits.shape[:2])
        return BinaryStimulus(self.bits[window.slices], self.n_frames, self.low, self.high)
