"""Recordings as spike counts per stimulus frame, such as those of Liu et al. 2017."""

from itertools import permutations
from pathlib import Path

import numpy as np

from finefield.base.errors import UserError
from finefield.recordings import containers
from finefield.recordings.containers import entries, headers, load, numbers
from finefield.recordings.data import Recording, Sequence
from finefield.recordings.names import names_for
from finefield.recordings.settings import CountsLayout

AXES = ("cell", "frame", "trial")
FIX = "correct the recording: it must hold spike counts per frame"

Shape = tuple[int, ...]


def read(path: Path, layout: CountsLayout, frame_rate: float) -> Recording:
    """Read and check the arrays of spike counts, one for each sequence.

    Parameters
    ----------
    path : Path
        A MATLAB, .npz or HDF5 file.
    layout : CountsLayout
        How it is laid out.
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
        three-dimensional, in another order of axes, too short, or empty; if two arrays differ in
        cells; if a value is not a whole number from 0 to 255; if the cells' names are bad.

    Notes
    -----
    Liu et al. 2017 (doi:10.1038/s41467-017-00156-9), data set doi:10.12751/g-node.62b65b.

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "cells.npz"
    >>> np.savez(path, spk1=np.zeros((2, 50, 7)), spk2=np.ones((2, 50, 7)))
    >>> recording = read(path, CountsLayout(trials=4), 30)
    >>> recording.running.spike_count.shape, recording.running.first_frame.tolist()
    ((2, 4, 50), [0, 50, 100, 150])
    """
    keys, names_key = layout.sequences, layout.names_key
    found = load(path, [*keys.values(), *([] if names_key is None else [names_key])])
    arrays = {one: numbers(found[key], f"{path}: {key}", FIX) for one, key in keys.items()}
    _check_shapes(path, layout, {one: array.shape for one, array in arrays.items()})
    order = [layout.axes.index(axis) for axis in ("cell", "trial", "frame")]
    n_cells = arrays["running"].shape[order[0]]
    cells = names_for(found.get(names_key), n_cells, f"{path}: {names_key or keys['running']}")
    sequences = {}
    for one, array in arrays.items():
        counts = _counts(np.transpose(array, order)[:, : layout.trials], f"{path}: {keys[one]}")
        sequences[one] = _gapless(counts, counts.shape[2] if one == "running" else 0)
    return Recording(tuple(cells), **sequences)


def names(path: Path, layout: CountsLayout) -> list[str]:
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
    >>> names(path, CountsLayout())
    ['0', '1']
    """
    key, names_key = layout.running_key, layout.names_key
    shape = _shape(path, headers(path), key)
    _check_three_axes(f"{path}: {key}", shape, layout.axes)
    found = load(path, [] if names_key is None else [names_key])
    n_cells = shape[layout.axes.index("cell")]
    return names_for(found.get(names_key), n_cells, f"{path}: {names_key or key}")


def trial_lengths(path: Path, layout: CountsLayout) -> dict[str, list[int]]:
    """Frames of each trial, from the file's headers.

    Parameters
    ----------
    path, layout
        As in `read`.

    Returns
    -------
    dict of list of int
        Of each sequence, "running" and "frozen".

    Raises
    ------
    UserError
        If an array is missing, not three-dimensional, in another order of axes, too short, or
        empty; if two arrays differ in cells.

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "cells.npz"
    >>> np.savez(path, spk1=np.zeros((2, 60, 3)), spk2=np.ones((2, 50, 3)))
    >>> trial_lengths(path, CountsLayout(trials=2))
    {'running': [60, 60], 'frozen': [50, 50]}
    """
    known = headers(path)
    shapes = {one: _shape(path, known, key) for one, key in layout.sequences.items()}
    _check_shapes(path, layout, shapes)
    sizes = {one: dict(zip(layout.axes, shape, strict=True)) for one, shape in shapes.items()}
    n_trials = layout.trials or sizes["running"]["trial"]
    return {one: [size["frame"]] * n_trials for one, size in sizes.items()}


def files(path: Path, layout: CountsLayout) -> list[Path]:
    """The file itself, or the text files of the folder."""
    return containers.files(path)


def _shape(path: Path, shapes: dict, key: str) -> Shape | None:
    """Shape of a variable; a group is refused later, for its one axis."""
    return shapes[key] if key in shapes else (len(entries(path, shapes, key)),)


def _gapless(spike_count: np.ndarray, step: int) -> Sequence:
    """Whole trials; each begins `step` stimulus frames after the last one's beginning."""
    _, n_trials, n_frames = spike_count.shape
    return Sequence(spike_count, np.arange(n_trials) * step, np.full(n_trials, n_frames))


def _check_shapes(path: Path, layout: CountsLayout, shapes: dict[str, Shape | None]) -> None:
    """Raise UserError unless arrays have three axes in order, enough trials, and the same cells."""
    keys = [layout.sequences[one] for one in shapes]
    n_frames = [getattr(layout, f"{one}_frames") for one in shapes]
    for key, shape in zip(keys, shapes.values(), strict=True):
        _check_three_axes(f"{path}: {key}", shape, layout.axes)
    _check_order(path, keys, list(shapes.values()), layout.axes, layout.trials, n_frames)
    sizes = [dict(zip(layout.axes, shape, strict=True)) for shape in shapes.values()]
    for key, size, expected in zip(keys, sizes, n_frames, strict=True):
        _check_lengths(f"{path}: {key}", size, layout.trials, expected)
    n_cells = [size["cell"] for size in sizes]
    if len(set(n_cells)) > 1:
        raise UserError(
            f"{path}: {keys[0]} and {keys[1]}",
            f"{n_cells[0]} and {n_cells[1]} cells",
            "the same cells in both arrays",
            "take both arrays from the same recording, or correct the order of axes",
        )


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
    keys: list[str],
    shapes: list[Shape],
    axes: list[str],
    n_trials: int | None,
    n_frames: list[int | None],
) -> None:
    """Raise UserError if the arrays' shapes fit another order of axes, but not the given one."""

    def fits(order: list[str]) -> bool:
        sizes = [dict(zip(order, shape, strict=True)) for shape in shapes]
        return len({(size["cell"], size["trial"]) for size in sizes}) == 1 and all(
            (n_trials is None or size["trial"] >= n_trials)
            and (frames is None or size["frame"] == frames)
            for size, frames in zip(sizes, n_frames, strict=True)
        )

    others = [list(order) for order in permutations(AXES) if fits(order)]
    if others and not fits(axes):
        fitting = " or ".join(str(order) for order in others)
        raise UserError(
            f"{path}: {' and '.join(keys)}",
            f"shapes {' and '.join(map(str, shapes))} for the axes {list(axes)}",
            f"shapes that fit this order; they fit {fitting}",
            "correct the order of axes in the config, or say how many frames there are",
        )


def _check_lengths(thing: str, size: dict, n_trials: int | None, n_frames: int | None) -> None:
    """Raise UserError if an array of that size lacks trials, has other frames, or none."""
    if n_trials is not None and size["trial"] < n_trials:
        fix = "lower the number of trials in the config, or use the complete recording"
        raise UserError(thing, f"{size['trial']} trials", f"at least {n_trials} trials", fix)
    if n_frames is not None and size["frame"] != n_frames:
        fix = "correct the number of frames in the config, or use the complete recording"
        raise UserError(thing, f"{size['frame']} frames", f"{n_frames} frames in a trial", fix)
    if 0 in (size["trial"], size["frame"]):
        got = f"no frames ({size['trial']} trials of {size['frame']} frames)"
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
