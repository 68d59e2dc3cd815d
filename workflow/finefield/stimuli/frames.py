"""A stimulus' frames in a file: NumPy, HDF5, MATLAB 7.3 or NWB, read block by block."""

import logging
import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from finefield.base.errors import UserError
from finefield.base.extras import is_hdf5, optional
from finefield.base.progress import Progress

log = logging.getLogger(__name__)

#: Values read at a time, and codes of a pixel in a block.
READ, BLOCK = 2**23, 4096
#: Part of the values in one grey level from which a warning is due.
ONE_LEVEL = 0.95
EXPORT = "export the frames again as one array (frame, y, x) of numbers"


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
    """

    path: Path
    key: str | None
    shape: tuple[int, int, int]
    binary: bool
    contrasts: tuple[float, float]

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
        block = 8 * BLOCK if self.binary else BLOCK
        with _opened(self.path, self.key) as array:
            for first in range(0, n_frames, block):
                codes = []
                for start, part in _parts(array, first, min(first + block, n_frames)):
                    codes.append(coded(part, self.binary, self.contrasts))
                    if start == 0:
                        self._warn_of_one_level(part, codes[0])
                yield first, np.concatenate(codes, axis=-1)

    def _warn_of_one_level(self, frames: np.ndarray, codes: np.ndarray) -> None:
        """Warn if nearly all of different values become one grey level, as by an outlier."""
        if self.binary:
            return
        levels = np.moveaxis(codes, -1, 0)
        level = np.bincount(levels.ravel(), minlength=256).argmax()
        same = frames[levels == level]
        if same.size > ONE_LEVEL * frames.size and same.min() < same.max():
            part, name = 100 * same.size / frames.size, _name(self.path, self.key)
            low, high = self.contrasts[0], self.contrasts[0] + 255 * self.contrasts[1]
            log.warning(
                "%s: %.3g %% of the values share one of 256 grey levels from %g to %g, as few "
                "values lie far from the others. Fix: clip the outliers", name, part, low, high,
            )  # fmt: skip


def open_frames(path: str | Path, key: str | None = None) -> FrameFile:
    """Look through the frames in a file, without holding all of them (those of .npz are held).

    Two values become bits. Whole numbers that span at most 255 become grey levels, and keep their
    value; other numbers become the nearest of 256 levels from the smallest to the largest.

    Parameters
    ----------
    path : path
        A .npy, .npz, HDF5, NWB or MATLAB 7.3 file; its first bytes tell which.
    key : str, optional
        The array (frame, y, x) in the file, such as ``stimulus/presentation/running/data``; none
        for .npy. MATLAB's order of axes counts where MATLAB wrote the file.

    Returns
    -------
    FrameFile

    Raises
    ------
    UserError
        If the file is missing, damaged or of another kind; if the array is not there, has not
        three axes, holds anything but finite numbers, or one value only; if h5py is needed and
        missing.

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
    with _opened(path, key) as array:
        shape = _shape(array)
        low, high, binary, whole = _scan(array, shape[0], _name(path, key))
    return FrameFile(path, key, shape, binary, contrasts_of(low, high, binary, whole))


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


def _scan(array, n_frames: int, name: str) -> tuple[float, float, bool, bool]:
    """Smallest and largest value, whether there is no other, and whether all are whole numbers."""
    extremes, between, whole = set(), False, True
    progress = Progress("frame", n_frames)
    for start, frames in _parts(array, 0, n_frames):
        progress.tell(start)
        low, high = frames.min(), frames.max()
        if not (np.isfinite(low) and np.isfinite(high)):
            frame, y, x = np.argwhere(~np.isfinite(frames))[0]
            got = f"{frames[frame, y, x]} in frame {start + frame}, row {y}, column {x} (from 0)"
            raise UserError(name, got, "finite numbers", EXPORT)
        extremes |= {float(low), float(high)}
        between = between or bool(np.any((frames != low) & (frames != high)))
        whole = whole and (frames.dtype.kind != "f" or bool(np.all(frames == np.rint(frames))))
    if len(extremes) == 1:
        raise UserError(name, f"{extremes.pop()} everywhere", "at least two values", EXPORT)
    return min(extremes), max(extremes), len(extremes) == 2 and not between, whole


def _parts(array, first: int, stop: int) -> Iterator[tuple[int, np.ndarray]]:
    """Frames `first` to `stop` (exclusive) as arrays (frame, y, x) of at most about `READ` values.

    Each begins a multiple of eight frames after `first`.
    """
    size = max(READ // math.prod(_shape(array)[1:]) // 8 * 8, 8)
    for start in range(first, stop, size):
        end = min(start + size, stop)
        frames = array[..., start:end].T if _matlab(array) else array[start:end]
        yield start, np.asarray(frames)


def _matlab(array) -> bool:
    """Whether MATLAB wrote an array, its axes in reverse order."""
    return "MATLAB_class" in getattr(array, "attrs", ())


def _shape(array) -> tuple[int, ...]:
    """Shape of an array, as MATLAB tells it if MATLAB wrote it."""
    return array.shape[::-1] if _matlab(array) else array.shape


def _name(path: Path, key: str | None) -> str:
    """What messages call an array."""
    return f"frames in {path}" + (f", {key}" if key else "")


@contextmanager
def _opened(path: Path, key: str | None):
    """An array in a file, checked to have three axes of numbers; damage raises UserError."""
    try:
        with _container(path) as found:
            array = _entry(found, path, key)
            if array.ndim != 3 or 0 in array.shape:
                got, expected = f"shape {_shape(array)}", "frames, rows and columns"
                raise UserError(_name(path, key), got, f"three axes: {expected}", EXPORT)
            if array.dtype.kind not in "buif":
                raise UserError(
                    _name(path, key), f"values of type {array.dtype}", "numbers", EXPORT
                )
            yield array
    except UserError:
        raise
    except FileNotFoundError as error:
        fix = "check the path in the config"
        raise UserError(_name(path, None), "no such file", "a file with frames", fix) from error
    # Libraries raise whatever the bytes of a damaged file lead them to.
    except Exception as error:
        raise UserError(
            _name(path, key),
            f"{path.stat().st_size} bytes that cannot be read to the end ({error})",
            "a whole file",
            "fetch or export the file again, and compare its size with the original's",
        ) from error


@contextmanager
def _container(path: Path):
    """What a file holds: one array, or arrays by name."""
    with path.open("rb") as file:
        head, hdf5 = file.read(8), is_hdf5(file)
    if head.startswith(b"\x93NUMPY"):
        yield np.load(path, mmap_mode="r")
    elif head.startswith(b"PK\x03\x04"):
        with np.load(path) as archive:
            yield archive
    elif hdf5:
        with optional("h5py", "hdf5").File(path, "r") as file:
            yield file
    else:
        raise UserError(
            _name(path, None),
            f"{path.stat().st_size} bytes that do not begin as such a file",
            "a .npy, .npz, HDF5, NWB or MATLAB 7.3 file",
            "save the frames with numpy.save, or in MATLAB with save(..., '-v7.3')",
        )


def _entry(found, path: Path, key: str | None):
    """The array called `key`; UserError, listing what is there, if there is none."""
    if isinstance(found, np.ndarray):
        if key is not None:
            expected = "no key, as a .npy file holds one array"
            raise UserError(_name(path, None), f"key {key}", expected, "leave the key out")
        return found
    array = found[key] if key is not None and key in found else None
    if not hasattr(array, "dtype"):
        raise UserError(
            _name(path, None),
            f"no array {key}, but {_listing(found)}" if key else f"no key for {_listing(found)}",
            "the name of an array in the file",
            "correct the key in the config",
        )
    return array


def _listing(found) -> str:
    """Names of the arrays in an .npz file, or of those with three axes in an HDF5 file."""
    if isinstance(found, np.lib.npyio.NpzFile):
        return ", ".join(found) or "no array"
    names = []

    def add(name, item):
        if len(getattr(item, "shape", None) or ()) == 3:
            names.append(f"{name} {_shape(item)}")

    found.visititems(add)
    return ", ".join(names) or "no array of three axes"
