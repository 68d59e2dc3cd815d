"""A stimulus' frames in a file, as bits or grey levels, read block by block."""

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from finefield.base.errors import UserError
from finefield.base.progress import Progress
from finefield.stimuli.files.containers import AXES, EXPORT, FrameArray, name_of, opened

log = logging.getLogger(__name__)

#: Values read at a time, and codes of a pixel in a block.
READ, BLOCK = 2**23, 4096
#: Part of the values in one grey level, or around two, from which a warning is due.
ONE_LEVEL = TWO_LEVELS = 0.95


@dataclass(frozen=True)
class FrameFile:
    """Frames in a file, and how they become bits or grey levels.

    Attributes
    ----------
    path : Path
        The file.
    key : str or None
        The array in it; None for a file of one array.
    shape : (int, int, int)
        Frames, rows and columns.
    binary : bool
        Whether there are only two values.
    contrasts : (float, float)
        The two values if `binary`; otherwise the contrast of grey level 0, and between levels [1].
    order : sequence of str
        The file's axes.
    channel : int or None
        The channel that is taken, if the file has several.
    """

    path: Path
    key: str | None
    shape: tuple[int, int, int]
    binary: bool
    contrasts: tuple[float, float]
    order: Sequence[str] = AXES
    channel: int | None = None

    def blocks(self, n_frames: int | None = None) -> Iterator[tuple[int, np.ndarray]]:
        """The frames as codes.

        Parameters
        ----------
        n_frames : int, optional
            The first so many frames only, at most those there are.

        Yields
        ------
        first_frame : int
            First frame of the block, a multiple of eight.
        codes : ndarray of uint8, shape (y, x, byte) or (y, x, frame)
            Bits as in `BinaryStimulus` if `binary`, otherwise levels as in `GreyStimulus`.

        Raises
        ------
        UserError
            If the file cannot be read to the end.
        """
        n_frames = self.shape[0] if n_frames is None else n_frames
        per_code = 8 if self.binary else 1
        with opened(self.path, self.key, self.order, self.channel) as frames:
            for first in range(0, n_frames, per_code * BLOCK):
                stop = min(first + per_code * BLOCK, n_frames)
                codes = np.empty((*self.shape[1:], -(-(stop - first) // per_code)), np.uint8)
                for start, top, part in _parts(frames, first, stop):
                    made = coded(part, self.binary, self.contrasts)
                    place = (start - first) // per_code
                    codes[top : top + made.shape[0], :, place : place + made.shape[2]] = made
                    if start == top == 0 and not self.binary:
                        self._warn_of_one_level(part, made)
                        self._warn_of_two_levels(made)
                yield first, codes

    def _warn_of_one_level(self, frames: np.ndarray, codes: np.ndarray) -> None:
        """Warn if nearly all of different values become one grey level, as by an outlier."""
        levels = np.moveaxis(codes, -1, 0)
        level = np.bincount(levels.ravel(), minlength=256).argmax()
        same = frames[levels == level]
        if same.size > ONE_LEVEL * frames.size and same.min() < same.max():
            part, name = 100 * same.size / frames.size, name_of(self.path, self.key)
            low, high = self.contrasts[0], self.contrasts[0] + 255 * self.contrasts[1]
            log.warning(
                "%s: %.3g %% of the values share one of 256 grey levels from %g to %g, as few "
                "values lie far from the others. Fix: clip the outliers", name, part, low, high,
            )  # fmt: skip

    def _warn_of_two_levels(self, codes: np.ndarray) -> None:
        """Warn if nearly all values lie around two, as where a film of two values is compressed."""
        count, level = np.bincount(codes.ravel(), minlength=256), np.arange(256)
        bright = level > level @ count / count.sum()
        sides = [count * bright, count * ~bright]
        # Of three levels at most, or mostly of one: sparse noise, say, and as it was made.
        if np.count_nonzero(count) < 4 or min(side.sum() for side in sides) < 0.1 * count.sum():
            return
        light, dark = (level @ side / side.sum() for side in sides)
        near = np.minimum(abs(level - dark), abs(level - light)) <= (light - dark) / 4
        part = count[near].sum() / count.sum()
        if part >= TWO_LEVELS:
            offset, step = self.contrasts
            log.warning(
                "%s: a compressed film? %.3g %% of the values lie around %.4g and %.4g without "
                "being these, and are kept as grey levels. Fix: export noise of two values "
                "without compression, or regenerate it from its seed",
                name_of(self.path, self.key),
                100 * part,
                *(offset + step * side for side in (dark, light)),
            )


def open_frames(
    path: str | Path,
    key: str | None = None,
    order: Sequence[str] = AXES,
    channel: int | None = None,
) -> FrameFile:
    """Look through the frames in a file, without holding all of them (those of .npz are held).

    Two values become bits. Whole numbers that span at most 255 become grey levels, and keep their
    value; other numbers become the nearest of 256 levels from the smallest to the largest.

    Parameters
    ----------
    path : path
        A .npy, .npz, HDF5, NWB or MATLAB 7.3 file, a TIFF stack or a film; its first bytes tell
        which.
    key : str, optional
        The array in the file, such as ``stimulus/presentation/running/data``; none for .npy, stacks
        and films. MATLAB's order of axes counts where MATLAB wrote the file.
    order : sequence of str
        The array's axes, in any order: frame, y, x and, if there are channels elsewhere than in the
        last axis, channel.
    channel : int, optional
        The channel that is taken, counted from 0, of several.

    Returns
    -------
    FrameFile

    Raises
    ------
    UserError
        If the file is missing, damaged or of another kind; if the array is not there, has not the
        axes that `order` and `channel` say, holds anything but finite numbers, or one value only;
        if a package that reads the file is missing.

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "movie.npy"
    >>> np.save(path, np.array([[[0, 100]], [[7, 200]]], np.uint8))
    >>> movie = open_frames(path)
    >>> movie.shape, movie.binary, movie.contrasts
    ((2, 1, 2), False, (0.0, 1.0))
    >>> [(first, levels.tolist()) for first, levels in movie.blocks()]
    [(0, [[[0, 7], [100, 200]]])]
    """
    path = Path(path)
    with opened(path, key, order, channel) as frames:
        low, high, binary, whole = _scan(frames, name_of(path, key))
        contrasts = contrasts_of(low, high, binary, whole)
        return FrameFile(path, key, frames.shape, binary, contrasts, order, channel)


def n_frames_in(
    path: str | Path, key: str | None, order: Sequence[str] = AXES, channel: int | None = None
) -> int:
    """Number of frames in a file, as of `open_frames`, from its headers."""
    with opened(Path(path), key, order, channel) as frames:
        return frames.shape[0]


def contrasts_of(low: float, high: float, binary: bool, whole: bool) -> tuple[float, float]:
    """What the codes of frames stand for, as in `FrameFile.contrasts`.

    Parameters
    ----------
    low, high : float
        Smallest and largest value of the frames.
    binary, whole : bool
        Whether there is no other value, and whether all are whole numbers.
    """
    if binary:
        return low, high
    if whole and high - low <= 255:
        return (0.0 if low >= 0 and high <= 255 else low), 1.0
    return low, (high - low) / 255


def coded(frames: np.ndarray, binary: bool, contrasts: tuple[float, float]) -> np.ndarray:
    """Frames (frame, y, x) as bits or levels, uint8 (y, x, code), that stand for `contrasts`."""
    if binary:
        ones = np.moveaxis(frames == contrasts[1], 0, -1)
        return np.packbits(ones, axis=-1, bitorder="little")
    offset, step = contrasts
    levels = np.rint((frames - np.float64(offset)) / step)
    return np.moveaxis(levels.astype(np.uint8), 0, -1)


def _scan(frames: FrameArray, name: str) -> tuple[float, float, bool, bool]:
    """Smallest and largest value, whether there is no other, and whether all are whole numbers."""
    extremes, between, whole = set(), False, True
    progress = Progress("frame", frames.shape[0])
    for start, top, part in _parts(frames, 0, frames.shape[0]):
        progress.tell(start)
        low, high = part.min(), part.max()
        if not (np.isfinite(low) and np.isfinite(high)):
            frame, y, x = np.argwhere(~np.isfinite(part))[0]
            place = f"frame {start + frame}, row {top + y}, column {x} (from 0)"
            raise UserError(name, f"{part[frame, y, x]} in {place}", "finite numbers", EXPORT)
        extremes |= {float(low), float(high)}
        between = between or bool(np.any((part != low) & (part != high)))
        whole = whole and (part.dtype.kind != "f" or bool(np.all(part == np.rint(part))))
    if len(extremes) == 1:
        raise UserError(name, f"{extremes.pop()} everywhere", "at least two values", EXPORT)
    return min(extremes), max(extremes), len(extremes) == 2 and not between, whole


def _parts(frames: FrameArray, first: int, stop: int) -> Iterator[tuple[int, int, np.ndarray]]:
    """First frame, first row and values (frame, y, x) of parts of at most about `READ` values.

    Each begins a multiple of eight frames after `first`, and is read as the values lie in the file:
    all rows of some frames, or some rows of many frames.
    """
    _, height, width = frames.shape
    if frames.frame_by_frame:
        size, rows = max(READ // (height * width) // 8 * 8, 8), height
    else:
        size = 8 * BLOCK
        rows = max(READ // (min(size, stop - first) * width), 1)
    for start in range(first, stop, size):
        for top in range(0, height, rows):
            end, bottom = min(start + size, stop), min(top + rows, height)
            yield start, top, frames.part(start, end, top, bottom)
