"""Spike counts of a recording, from a MATLAB file like that of Liu et al. 2017."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import permutations
from pathlib import Path

import numpy as np
import scipy.io
from scipy.io.matlab import matfile_version

from finefield.errors import UserError

AXES = ("cell", "frame", "trial")
DATA_SET = (
    "check the path; the data set doi:10.12751/g-node.62b65b is downloaded by hand, and "
    "resources/README.md tells how"
)
FETCH_AGAIN = "fetch the file again and compare its size with the original's"


@dataclass(frozen=True)
class Recording:
    """Spike counts per stimulus frame of simultaneously recorded cells.

    Attributes
    ----------
    running : ndarray of uint8, shape (cell, trial, frame)
        Responses to running noise, which never repeats.
    frozen : ndarray of uint8, shape (cell, trial, frame)
        Responses to the frozen sequence, repeated in every trial.
    """

    running: np.ndarray
    frozen: np.ndarray


def read_counts(
    path: str | Path,
    running: str = "spk1",
    frozen: str = "spk2",
    axes: Sequence[str] = AXES,
    n_trials: int | None = None,
    n_frames: tuple[int, int] | None = None,
) -> Recording:
    """Read and check the spike counts of a MATLAB file (version 5 to 7, not 7.3).

    Parameters
    ----------
    path : str or Path
        The file.
    running, frozen : str
        Names of the two arrays.
    axes : sequence of str
        Order of both arrays' axes, a permutation of ``("cell", "frame", "trial")``.
    n_trials : int, optional
        Trials to use, the first ones; all if left out.
    n_frames : (int, int), optional
        Frames that a trial of running and of frozen noise must have.

    Returns
    -------
    Recording
        Both arrays as (cell, trial, frame).

    Raises
    ------
    UserError
        If the file is missing, unreadable or of another format; if an array is missing, not
        three-dimensional, in another order of axes, or too short; if the arrays differ in cells;
        if a value is not a whole number from 0 to 255.

    Notes
    -----
    Liu et al. 2017 (doi:10.1038/s41467-017-00156-9), data set doi:10.12751/g-node.62b65b.

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "cells.mat"
    >>> scipy.io.savemat(path, {"spk1": np.zeros((2, 50, 7)), "spk2": np.ones((2, 30, 7))})
    >>> recording = read_counts(path, n_trials=7, n_frames=(50, 30))
    >>> recording.running.shape, recording.frozen.shape
    ((2, 7, 50), (2, 7, 30))
    """
    _check_axes(axes)
    path = Path(path)
    keys = running, frozen
    found = _load(path, keys)
    arrays = [_three_axes(found[key], f"{path}: {key}", axes) for key in keys]
    frames = n_frames or (None, None)
    _check_order(path, keys, arrays, axes, n_trials, frames)
    order = [axes.index(name) for name in ("cell", "trial", "frame")]
    arrays = [np.transpose(array, order) for array in arrays]
    for key, array, expected in zip(keys, arrays, frames, strict=True):
        _check_lengths(f"{path}: {key}", array, n_trials, expected)
    if len(arrays[0]) != len(arrays[1]):
        raise UserError(
            f"{path}: {running} and {frozen}",
            f"{len(arrays[0])} and {len(arrays[1])} cells",
            "the same cells in both arrays",
            "take both arrays from the same recording, or correct the order of axes",
        )
    pairs = zip(keys, arrays, strict=True)
    return Recording(*(_counts(array[:, :n_trials], f"{path}: {key}") for key, array in pairs))


def n_cells(path: str | Path, key: str = "spk1", axes: Sequence[str] = AXES) -> int:
    """Number of cells in a file, from its headers alone.

    Parameters
    ----------
    path : str or Path
        The file.
    key : str
        Name of the array.
    axes : sequence of str
        Order of its axes.

    Returns
    -------
    int
        Length of the array's cell axis.

    Raises
    ------
    UserError
        If the file or the array is missing, unreadable or not three-dimensional.

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "cells.mat"
    >>> scipy.io.savemat(path, {"spk1": np.zeros((2, 50, 7))})
    >>> n_cells(path)
    2
    """
    _check_axes(axes)
    path = Path(path)
    shapes = _shapes(path)
    _check_keys(path, (key,), shapes)
    # An empty view of that shape: only its axes count.
    array = np.broadcast_to(np.uint8(0), shapes[key])
    return _three_axes(array, f"{path}: {key}", axes).shape[axes.index("cell")]


def _check_axes(axes: Sequence[str]) -> None:
    """Raise UserError unless `axes` names each of the three axes once."""
    if sorted(axes) != sorted(AXES):
        fix = "name each of the three once, in the file's order"
        raise UserError("recording axes", list(axes), f"an order of {list(AXES)}", fix)


def _check_format(path: Path) -> None:
    """Raise UserError unless the file exists and is a MATLAB file of version 5 to 7."""
    if not path.is_file():
        raise UserError(f"recording {path}", "no such file", "a MATLAB file", DATA_SET)
    try:
        major, _ = matfile_version(path)
    # SciPy raises whatever the first bytes lead it to.
    except Exception as error:
        raise UserError(
            f"recording {path}",
            f"{path.stat().st_size} bytes that do not begin as a MATLAB file ({error})",
            "a MATLAB file of version 5 to 7",
            FETCH_AGAIN,
        ) from error
    if major != 1:
        version = {0: "version 4", 2: "version 7.3"}.get(major, f"version {major}")
        raise UserError(
            f"recording {path}",
            f"a MATLAB file of {version}",
            "a MATLAB file of version 5 to 7",
            "save it again in MATLAB with save(..., '-v7')",
        )


def _shapes(path: Path) -> dict[str, tuple[int, ...]]:
    """Name and shape of every array in the file."""
    _check_format(path)
    try:
        return {name: shape for name, shape, _ in scipy.io.whosmat(path)}
    except Exception as error:
        raise _unreadable(path, error) from error


def _load(path: Path, keys: tuple[str, ...]) -> dict[str, np.ndarray]:
    """Read the named arrays."""
    _check_format(path)
    try:
        found = scipy.io.loadmat(path, variable_names=list(keys))
    except Exception as error:
        raise _unreadable(path, error) from error
    if not all(key in found for key in keys):
        _check_keys(path, keys, _shapes(path))
    return found


def _unreadable(path: Path, error: Exception) -> UserError:
    """Error for a file that begins as it should but cannot be read to the end."""
    size = path.stat().st_size
    got = f"{size} bytes that cannot be read to the end ({error})"
    return UserError(f"recording {path}", got, "a whole MATLAB file", FETCH_AGAIN)


def _check_keys(path: Path, keys: tuple[str, ...], shapes: dict) -> None:
    """Raise UserError if an array is missing, listing those that are there."""
    for key in keys:
        if key not in shapes:
            there = ", ".join(f"{name} {shape}" for name, shape in shapes.items()) or "no array"
            raise UserError(
                f"recording {path}",
                f"no array {key}, but {there}",
                f"an array {key}",
                "correct the array's name in the config; a file cut short loses arrays too",
            )


def _three_axes(array: np.ndarray, thing: str, axes: Sequence[str]) -> np.ndarray:
    """Return the array; raise UserError unless it has three axes."""
    if array.ndim != 3:
        raise UserError(
            thing,
            f"shape {array.shape}",
            f"three axes ({', '.join(axes)})",
            "save one array of three axes (MATLAB drops a last axis of length 1: put another last)",
        )
    return array


def _check_order(
    path: Path,
    keys: tuple[str, str],
    arrays: list[np.ndarray],
    axes: Sequence[str],
    n_trials: int | None,
    n_frames: tuple[int | None, int | None],
) -> None:
    """Raise UserError if the arrays' shapes fit another order of axes, but not the given one."""
    shapes = [array.shape for array in arrays]

    def fits(order: Sequence[str]) -> bool:
        sizes = [dict(zip(order, shape, strict=True)) for shape in shapes]
        return (
            sizes[0]["cell"] == sizes[1]["cell"]
            and sizes[0]["trial"] == sizes[1]["trial"]
            and all(
                (n_trials is None or size["trial"] >= n_trials)
                and (frames is None or size["frame"] == frames)
                for size, frames in zip(sizes, n_frames, strict=True)
            )
        )

    others = [list(order) for order in permutations(AXES) if fits(order)]
    if others and not fits(axes):
        fitting = " or ".join(str(order) for order in others)
        raise UserError(
            f"{path}: {' and '.join(keys)}",
            f"shapes {shapes[0]} and {shapes[1]} for the axes {list(axes)}",
            f"shapes that fit this order; they fit {fitting}",
            "correct the order of axes in the config",
        )


def _check_lengths(
    thing: str, array: np.ndarray, n_trials: int | None, n_frames: int | None
) -> None:
    """Raise UserError if an array (cell, trial, frame) lacks trials or has other frames."""
    if n_trials is not None and array.shape[1] < n_trials:
        fix = "lower the number of trials in the config, or use the complete recording"
        raise UserError(thing, f"{array.shape[1]} trials", f"at least {n_trials} trials", fix)
    if n_frames is not None and array.shape[2] != n_frames:
        fix = "correct the number of frames in the config, or use the complete recording"
        raise UserError(thing, f"{array.shape[2]} frames", f"{n_frames} frames in a trial", fix)


def _counts(array: np.ndarray, thing: str) -> np.ndarray:
    """Counts as uint8; UserError at the first value that is not a whole number from 0 to 255."""
    fix = "correct the recording: it must hold spike counts per frame"
    if array.dtype.kind not in "buif":
        raise UserError(thing, f"values of type {array.dtype}", "numbers", fix)
    if array.dtype != np.uint8:
        with np.errstate(invalid="ignore"):
            good = (array >= 0) & (array <= 255) & (array == np.floor(array))
        if not good.all():
            cell, trial, frame = np.argwhere(~good)[0]
            value = array[cell, trial, frame]
            where = f"{value} in cell {cell}, trial {trial}, frame {frame} (from 0)"
            got = f"{where}, one of {good.size - good.sum()} such values"
            raise UserError(thing, got, "whole numbers from 0 to 255", fix)
    return np.ascontiguousarray(array, np.uint8)
