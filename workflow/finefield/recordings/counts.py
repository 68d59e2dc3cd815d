"""Recordings as spike counts per stimulus frame, such as those of Liu et al. 2017."""

from collections.abc import Mapping
from itertools import permutations
from pathlib import Path

import numpy as np

from finefield.base.errors import UserError
from finefield.recordings.containers import entries, headers, load, numbers
from finefield.recordings.data import Recording, Sequence
from finefield.recordings.names import names_for

AXES = ("cell", "frame", "trial")
FIX = "correct the recording: it must hold spike counts per frame"


def read(path: Path, layout: Mapping, frame_rate: float) -> Recording:
    """Read and check two arrays of spike counts.

    Parameters
    ----------
    path : Path
        A MATLAB, .npz or HDF5 file.
    layout : mapping
        The keys of ``format: counts``.
    frame_rate : float
        Not used: the arrays' frames are the stimulus'.

    Returns
    -------
    Recording
        Running trials continue one stimulus; frozen ones all begin at frame 0.

    Raises
    ------
    UserError
        If the file is missing, unreadable or of another format; if an array is missing, not
        three-dimensional, in another order of axes, too short, or empty; if the arrays differ in
        cells; if a value is not a whole number from 0 to 255; if the cells' names are bad.

    Notes
    -----
    Liu et al. 2017 (doi:10.1038/s41467-017-00156-9), data set doi:10.12751/g-node.62b65b.

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "cells.npz"
    >>> np.savez(path, spk1=np.zeros((2, 50, 7)), spk2=np.ones((2, 30, 7)))
    >>> keys = {"running_key": "spk1", "frozen_key": "spk2", "names_key": None, "axes": AXES}
    >>> recording = read(path, keys | {"trials": 4, "running_frames": 50, "frozen_frames": 30}, 30)
    >>> recording.running.spike_count.shape, recording.running.first_frame.tolist()
    ((2, 4, 50), [0, 50, 100, 150])
    """
    axes, names_key, n_trials = layout["axes"], layout["names_key"], layout["trials"]
    keys = layout["running_key"], layout["frozen_key"]
    things = [f"{path}: {key}" for key in keys]
    n_frames = layout["running_frames"], layout["frozen_frames"]
    _check_axes(axes)
    found = load(path, keys if names_key is None else (*keys, names_key))
    arrays = [numbers(found[key], thing, FIX) for key, thing in zip(keys, things, strict=True)]
    for thing, array in zip(things, arrays, strict=True):
        _check_three_axes(thing, array.shape, axes)
    _check_order(path, keys, arrays, axes, n_trials, n_frames)
    arrays = [np.transpose(a, [axes.index(x) for x in ("cell", "trial", "frame")]) for a in arrays]
    for thing, array, expected in zip(things, arrays, n_frames, strict=True):
        _check_lengths(thing, array, n_trials, expected)
    if len(arrays[0]) != len(arrays[1]):
        raise UserError(
            f"{path}: {keys[0]} and {keys[1]}",
            f"{len(arrays[0])} and {len(arrays[1])} cells",
            "the same cells in both arrays",
            "take both arrays from the same recording, or correct the order of axes",
        )
    cells = names_for(found.get(names_key), len(arrays[0]), f"{path}: {names_key or keys[0]}")
    running, frozen = (
        _counts(array[:, :n_trials], thing) for array, thing in zip(arrays, things, strict=True)
    )
    return Recording(tuple(cells), _gapless(running, running.shape[2]), _gapless(frozen, 0))


def names(path: Path, layout: Mapping) -> list[str]:
    """Names of the cells, from the file's headers and the variable of names alone.

    Parameters
    ----------
    path, layout
        As in `read`.

    Raises
    ------
    UserError
        If the file or a variable is missing, unreadable or not three-dimensional; if the names are
        bad.

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "cells.npz"
    >>> np.savez(path, spk1=np.zeros((2, 50, 7)))
    >>> names(path, {"running_key": "spk1", "names_key": None, "axes": AXES})
    ['0', '1']
    """
    key, axes, names_key = layout["running_key"], layout["axes"], layout["names_key"]
    _check_axes(axes)
    shapes = headers(path)
    # A group is refused for its one axis.
    shape = shapes[key] if key in shapes else (len(entries(path, shapes, key)),)
    _check_three_axes(f"{path}: {key}", shape, axes)
    found = load(path, [] if names_key is None else [names_key])
    n_cells = shape[axes.index("cell")]
    return names_for(found.get(names_key), n_cells, f"{path}: {names_key or key}")


def _gapless(spike_count: np.ndarray, step: int) -> Sequence:
    """Whole trials; each begins `step` stimulus frames after the last one's beginning."""
    _, n_trials, n_frames = spike_count.shape
    return Sequence(spike_count, np.arange(n_trials) * step, np.full(n_trials, n_frames))


def _check_axes(axes: list[str]) -> None:
    """Raise UserError unless `axes` names each of the three axes once."""
    if sorted(axes) != sorted(AXES):
        fix = "name each of the three once, in the file's order"
        raise UserError("recording axes", list(axes), f"an order of {list(AXES)}", fix)


def _check_three_axes(thing: str, shape: tuple[int, ...] | None, axes: list[str]) -> None:
    """Raise UserError unless an array of that shape has three axes."""
    if shape is None or len(shape) != 3:
        raise UserError(
            thing,
            f"shape {shape}",
            f"three axes ({', '.join(axes)})",
            "save one array of three axes (MATLAB drops a last axis of length 1: put another last)",
        )


def _check_order(
    path: Path,
    keys: tuple[str, str],
    arrays: list[np.ndarray],
    axes: list[str],
    n_trials: int | None,
    n_frames: tuple[int | None, int | None],
) -> None:
    """Raise UserError if the arrays' shapes fit another order of axes, but not the given one."""
    shapes = [array.shape for array in arrays]

    def fits(order: list[str]) -> bool:
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
            "correct the order of axes in the config, or say how many frames there are",
        )


def _check_lengths(
    thing: str, array: np.ndarray, n_trials: int | None, n_frames: int | None
) -> None:
    """Raise UserError if an array (cell, trial, frame) lacks trials, has other frames, or none."""
    if n_trials is not None and array.shape[1] < n_trials:
        fix = "lower the number of trials in the config, or use the complete recording"
        raise UserError(thing, f"{array.shape[1]} trials", f"at least {n_trials} trials", fix)
    if n_frames is not None and array.shape[2] != n_frames:
        fix = "correct the number of frames in the config, or use the complete recording"
        raise UserError(thing, f"{array.shape[2]} frames", f"{n_frames} frames in a trial", fix)
    if 0 in array.shape[1:]:
        got = f"no frames ({array.shape[1]} trials of {array.shape[2]} frames)"
        raise UserError(thing, got, "at least one frame", FIX)


def _counts(array: np.ndarray, thing: str) -> np.ndarray:
    """Counts as uint8; UserError at the first value that is not a whole number from 0 to 255."""
    if array.dtype != np.uint8:
        with np.errstate(invalid="ignore"):
            good = (array >= 0) & (array <= 255) & (array == np.floor(array))
        if not good.all():
            cell, trial, frame = np.argwhere(~good)[0]
            value = array[cell, trial, frame]
            where = f"{value} in cell {cell}, trial {trial}, frame {frame} (from 0)"
            got = f"{where}, one of {good.size - good.sum()} such values"
            raise UserError(thing, got, "whole numbers from 0 to 255", FIX)
    return np.ascontiguousarray(array, np.uint8)
