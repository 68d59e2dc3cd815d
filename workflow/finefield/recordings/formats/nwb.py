"""Recordings in Neurodata Without Borders files."""

from collections.abc import Iterable, Mapping
from pathlib import Path

import numpy as np

from finefield.base.errors import UserError
from finefield.base.extras import optional
from finefield.recordings.binning import FrameTimes, bin_recording
from finefield.recordings.containers import hdf5, reading, recognise
from finefield.recordings.data import Recording
from finefield.recordings.names import names_for
from finefield.recordings.observed import checked, intervals
from finefield.recordings.settings import NwbLayout
from finefield.recordings.triggers import without_held


def read(path: Path, layout: NwbLayout, frame_rate: float) -> Recording:
    """Read a table of units and the series of stimuli, and count the spikes in each frame.

    Parameters
    ----------
    path : Path
        The NWB file.
    layout : NwbLayout
        How it is laid out.
    frame_rate : float
        Nominal frames per second [Hz].

    Raises
    ------
    UserError
        If the file is missing, unreadable or of another format; if pynwb is not installed; if the
        table, its column or a series is missing or not of the right shape and type; if the units'
        names are bad; as from `binning.bin_recording`.

    Notes
    -----
    Rübel et al. 2022 (doi:10.7554/eLife.78362). Read through pynwb; the table is found, and its
    names are read, without.
    """
    pynwb = optional("pynwb", "nwb")
    cells, place = _names(path, layout)
    _check_extensions(path, pynwb.get_type_map().namespace_catalog.namespaces)
    thing = f"{path}: {layout.units}"
    with reading(path), pynwb.NWBHDF5IO(path, "r") as file:
        nwbfile = file.read()
        # Not by its object_id, which a file need not have.
        known = nwbfile.objects.values()
        units = next(one for one in known if file.manager.get_builder(one).path == place)
        if "spike_times" not in units.colnames:
            got = f"no column spike_times, but {', '.join(units.colnames)}"
            fix = "name the table of sorted units in the recording's layout"
            raise UserError(thing, got, "a column spike_times", fix)
        spikes = {cell: units["spike_times"][row] for row, cell in enumerate(cells)}
        observed = _observed(nwbfile, units, cells, path)
        series = layout.sequences
        shown = {one: _shown(nwbfile, name, f"{path}: {name}") for one, name in series.items()}
    return bin_recording(
        spikes,
        _frames(shown, series, layout.first_index, path),
        frame_rate,
        thing,
        seconds_per_unit=None,
        spikes_outside=layout.spikes_outside,
        observed=observed,
    )


def names(path: Path, layout: NwbLayout) -> list[str]:
    """Names of the units, without pynwb.

    Parameters
    ----------
    path, layout
        As in `read`.

    Returns
    -------
    list of str
        Names in the order of the table's rows.

    Raises
    ------
    UserError
        If the file is missing, unreadable or of another format; if the table or its column of names
        is missing, or the names are bad.
    """
    return _names(path, layout)[0]


def trial_lengths(path: Path, layout: NwbLayout) -> dict[str, list[int]]:
    """Nothing: only the times of all frames tell where trials begin and end."""
    return {}


def files(path: Path, layout: NwbLayout) -> list[Path]:
    """The file itself."""
    return [path]


def _names(path: Path, layout: NwbLayout) -> tuple[list[str], str]:
    """Names of the units, and where pynwb says that the table lies."""
    h5py = optional("h5py", "nwb")
    if recognise(path) is not hdf5:
        raise _not_nwb(path, "no HDF5 file")
    with reading(path), h5py.File(path, "r") as file:
        if file.attrs.get("neurodata_type") != "NWBFile":
            raise _not_nwb(path, "an HDF5 file of another kind")
        table = _table(file, layout.units, path)
        thing, key = f"{path}: {layout.units}", layout.names_key
        if key not in table:
            got = f"no column {key}, but id, {', '.join(table.attrs['colnames'])}"
            raise UserError(thing, got, f"a column {key}", "name another column in names_key")
        names = names_for(hdf5.array(table[key]), len(table["id"]), f"{thing}, {key}")
        return names, f"root{table.name}"


def _table(file, name: str, path: Path):
    """The table of that name, wherever it lies; NWB's own table of units before any other."""
    tables = {}

    def add(place, item):
        # Tables are known by the list of their columns.
        if "colnames" in item.attrs:
            tables.setdefault(place.rpartition("/")[2], item)

    file.visititems(add)
    if name == "units" and "units" in file:
        return file["units"]
    if name not in tables:
        raise UserError(
            f"recording {path}",
            f"no table {name}, but {', '.join(tables) or 'no table'}",
            f"a table of units {name}",
            "name the table of sorted units in the recording's layout, key units",
        )
    return tables[name]


def _check_extensions(path: Path, known: Iterable[str]) -> None:
    """Raise UserError if the file has types of an extension that neither pynwb nor the file knows.

    `known` are the extensions that pynwb knows.
    """
    used: dict[str, str] = {}

    def add(_, item):
        if "namespace" in item.attrs:
            used.setdefault(item.attrs["namespace"], item.attrs.get("neurodata_type", ""))

    h5py = optional("h5py", "nwb")
    with reading(path), h5py.File(path, "r") as file:
        file.visititems(add)
        unknown = sorted(used.keys() - {*known, *file.get("specifications", ())})
    if unknown:
        got = f"types of the extension {unknown[0]}, such as {used[unknown[0]]}"
        expected = "extensions whose specification is in the file"
        fix = "write the file again with cache_spec=True of pynwb, or without those types"
        raise UserError(f"recording {path}", got, expected, fix)


def _observed(nwbfile, units, cells: list[str], path: Path) -> dict[str, np.ndarray] | None:
    """When each unit was observed, by `obs_intervals` and `invalid_times`; None for always."""
    invalid = nwbfile.invalid_times
    if invalid is None and "obs_intervals" not in units.colnames:
        return None
    never = np.zeros((0, 2))
    if invalid is not None:
        never = np.stack([invalid["start_time"][:], invalid["stop_time"][:]], 1)
        never = checked(never, f"{path}: invalid_times")
    listed = units["obs_intervals"] if "obs_intervals" in units.colnames else None
    # An empty list of intervals says nothing, as the column is optional for each unit.
    own = {
        cell: None if listed is None else np.array(listed[row]) for row, cell in enumerate(cells)
    }
    thing = f"{path}: {units.name}, obs_intervals of"
    own = {
        cell: checked(one, f"{thing} {cell}") if one is not None and one.size else None
        for cell, one in own.items()
    }
    return {cell: intervals(one, never) for cell, one in own.items()}


def _frames(
    shown: Mapping[str, tuple[np.ndarray, np.ndarray | None]],
    series: Mapping[str, str],
    first: int | None,
    path: Path,
) -> dict[str, FrameTimes]:
    """Frames of each sequence, from their onsets and indices, which are counted from `first`."""
    least = [index.min(initial=1) for _, index in shown.values() if index is not None]
    if first is None and least and min(least) == 1:
        where = " and ".join(series.values())
        got = f"no index below 1 in {where}, as where frames are counted from 1"
        fix = "set layout.first_index to 1, or to 0 if the first frame was never shown"
        raise UserError(f"recording {path}", got, "indices of frames, from 0", fix)
    frames = {}
    for name, (onset, index) in shown.items():
        index = np.arange(len(onset)) if index is None else index - (first or 0)
        thing = f"{path}: {series[name]}"
        if index.min(initial=0) < 0:
            got, expected = f"index {index.min() + (first or 0)}", f"indices from {first or 0}"
            fix = "save the index of the frame shown at each timestamp, or set layout.first_index"
            raise UserError(thing, got, expected, fix)
        onset, index = without_held(onset, index, thing)
        frames[name] = FrameTimes(onset[None], index[None], thing)
    return frames


def _shown(nwbfile, name: str, thing: str) -> tuple[np.ndarray, np.ndarray | None]:
    """When frames were shown as one series of the file's stimuli tells, and their indices.

    No indices where the series holds the frames themselves.
    """
    if name not in nwbfile.stimulus:
        raise UserError(
            thing,
            f"no stimulus series of that name, but {', '.join(nwbfile.stimulus) or 'none'}",
            f"a series {name} among the file's stimuli",
            "correct the series' name in the recording's layout; frozen_series: null stands for a "
            "recording without a frozen sequence",
        )
    series = nwbfile.stimulus[name]
    onset = np.asarray(series.get_timestamps(), float)
    shape, dtype = series.data.shape, series.data.dtype
    fix = "save the index of the frame shown at each timestamp, or the frames themselves"
    if len(shape) not in (1, 3) or (len(shape) == 1 and dtype.kind not in "iu"):
        expected = "whole numbers along one axis, or frames along three"
        raise UserError(thing, f"data of type {dtype} and shape {shape}", expected, fix)
    if len(onset) != shape[0]:
        got = f"{len(onset)} timestamps and {shape[0]} frames"
        raise UserError(thing, got, "a timestamp for each frame", fix)
    return onset, None if len(shape) == 3 else np.asarray(series.data[:], np.int64)


def _not_nwb(path: Path, got: str) -> UserError:
    """Error for a file of another format."""
    fix = "check the path, and the format that the recording's layout names"
    return UserError(f"recording {path}", got, "an NWB file (HDF5, of type NWBFile)", fix)
