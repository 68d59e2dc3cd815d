"""Recordings as spike times of cells and times of stimulus frames."""

from collections.abc import Iterable
from pathlib import Path

import numpy as np

from finefield.base.errors import UserError
from finefield.recordings import containers
from finefield.recordings.binning import bin_recording
from finefield.recordings.containers import entries, headers, load, numbers
from finefield.recordings.data import Recording
from finefield.recordings.formats.flat import by_cell, cells_of
from finefield.recordings.formats.frame_times import FRAMES_FIX, frames_of
from finefield.recordings.names import check_names, names_for, natural_order
from finefield.recordings.settings import SpikeTimesLayout


def read(path: Path, layout: SpikeTimesLayout, frame_rate: float) -> Recording:
    """Read spike times and frame times, and count the spikes in each frame.

    Parameters
    ----------
    path : Path
        A MATLAB, .npz or HDF5 file, or a folder of text files.
    layout : SpikeTimesLayout
        How it is laid out.
    frame_rate : float
        Nominal frames per second [Hz].

    Returns
    -------
    Recording

    Raises
    ------
    UserError
        If the file is missing, unreadable or of another format; if a variable is missing or not of
        the right shape and type; if the cells' names are bad; as from `binning.bin_recording`.

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "cells.npz"
    >>> frames = {"running_frame_times": [0.0, 0.1], "frozen_frame_times": [[0.5, 0.6]]}
    >>> np.savez(path, **frames, **{"spike_times/on": [0.05, 0.17], "spike_times/off": [0.62]})
    >>> recording = read(path, SpikeTimesLayout(format="spike_times"), frame_rate=10.0)
    >>> recording.cells, recording.running.spike_count.tolist()
    (('off', 'on'), [[[0, 0]], [[1, 1]]])
    """
    spikes_key, keys = layout.spikes_key, layout.sequences
    found = load(path, [spikes_key, *keys.values(), *_naming(layout)])
    thing = f"{path}: {spikes_key}"
    times = {
        one: (numbers(found[key], f"{path}: {key}", FRAMES_FIX), f"{path}: {key}")
        for one, key in keys.items()
    }
    return bin_recording(
        _spikes(path, layout, found),
        frames_of(times, layout, frame_rate, layout.seconds_per_unit),
        frame_rate,
        thing,
        seconds_per_unit=layout.seconds_per_unit,
        spikes_outside=layout.spikes_outside,
    )


def names(path: Path, layout: SpikeTimesLayout) -> list[str]:
    """Names of the cells, from the file's headers and the variable of names alone.

    Parameters
    ----------
    path, layout
        As in `read`.

    Returns
    -------
    list of str
        Entries of a group or folder in natural order; otherwise in the order of the cell array.

    Raises
    ------
    UserError
        If the file or a variable is missing or unreadable, or the names are bad.

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "cells.npz"
    >>> np.savez(path, **{"spike_times/10": [0.0], "spike_times/9": [0.0]})
    >>> names(path, SpikeTimesLayout(format="spike_times"))
    ['9', '10']
    """
    key, names_key = layout.spikes_key, layout.names_key
    shapes = headers(path)
    if layout.ids_key is not None:
        return cells_of(load(path, _naming(layout))[layout.ids_key], f"{path}: {layout.ids_key}")
    if key not in shapes:
        found = [name[len(key) + 1 :] for name in entries(path, shapes, key)]
        return _entry_names(found, names_key, f"{path}: {key}")
    listed = None if names_key is None else load(path, [names_key])[names_key]
    return _element_names(shapes[key], listed, names_key, f"{path}: {key}")


def trial_lengths(path: Path, layout: SpikeTimesLayout) -> dict[str, list[int]]:
    """Nothing: only the times of all frames tell where trials begin and end."""
    return {}


def files(path: Path, layout: SpikeTimesLayout) -> list[Path]:
    """The file itself, or the text files of the folder."""
    return containers.files(path)


def _naming(layout: SpikeTimesLayout) -> list[str]:
    """Variables that tell the cells' names; UserError if there are two."""
    given = [key for key in (layout.names_key, layout.ids_key) if key is not None]
    if len(given) == 2:
        expected = f"null, as {layout.ids_key} names the cell of each spike"
        raise UserError("names_key", given[0], expected, "remove names_key or ids_key")
    return given


def _spikes(path: Path, layout: SpikeTimesLayout, variables: dict) -> dict[str, np.ndarray]:
    """Spike times of each cell by its name."""
    found, thing = variables[layout.spikes_key], f"{path}: {layout.spikes_key}"
    if layout.ids_key is not None:
        times = numbers(found, thing, "save the times of all spikes as one vector")
        return by_cell(times, variables[layout.ids_key], f"{path}: {layout.ids_key}")
    names_key = layout.names_key
    if isinstance(found, dict):
        return {name: found[name] for name in _entry_names(found, names_key, thing)}
    if found.dtype != object:
        raise _no_cells(thing, f"one array of type {found.dtype} and shape {found.shape}")
    cells = _element_names(found.shape, variables.get(names_key), names_key, thing)
    return dict(zip(cells, found.ravel(), strict=True))


def _entry_names(found: Iterable[str], names_key: str | None, thing: str) -> list[str]:
    """Checked names of the entries of a group or folder."""
    if names_key is not None:
        fix = "set names_key: null in the recording's layout"
        expected = f"null, as the entries of {thing} have names"
        raise UserError("names_key", names_key, expected, fix)
    return check_names(natural_order(found), thing)


def _element_names(
    shape: tuple[int, ...] | None, listed: np.ndarray | None, names_key: str | None, thing: str
) -> list[str]:
    """Checked names of the elements of a cell array of that shape."""
    n_cells = 0 if shape is None else int(np.prod(shape))
    if shape is None or n_cells not in (0, max(shape, default=1)):
        raise _no_cells(thing, f"shape {shape}")
    names_thing = f"{thing.rpartition(': ')[0]}: {names_key}" if names_key else thing
    return names_for(listed, n_cells, names_thing)


def _no_cells(thing: str, got: str) -> UserError:
    """Error for spike times that are not apart by cell."""
    return UserError(
        thing,
        got,
        "a cell array of vectors, or a group or folder with an entry for each cell",
        "save the spike times of each cell as a vector of its own, or set ids_key",
    )
