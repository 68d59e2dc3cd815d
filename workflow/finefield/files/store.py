"""NetCDF files as trees of groups: written whole, with provenance, and read with clear errors."""

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import netCDF4
import xarray as xr

from finefield import __version__
from finefield.base.errors import UserError
from finefield.base.settings import plain
from finefield.base.whole import check_seal, seal, whole
from finefield.files.declared import ROOT, File, dataset

#: Arrays of more values are compressed.
SMALL = 4096


def provenance(title: str, params: Mapping, history: str) -> dict[str, object]:
    """Attributes that every file carries.

    Parameters
    ----------
    title : str
        What the file holds.
    params : dict
        The part of the config that made it, with its "seed"; a "code" entry is left out.
    history : str
        What was done. Without the time, so that the same config gives the same file.
    """
    params = dict(params.items())
    config = {key: value for key, value in params.items() if key not in ("seed", "code")}
    return {
        "title": title,
        "history": f"finefield {__version__}: {history}",
        "finefield_version": __version__,
        "seed": params["seed"],
        "config_json": json.dumps(plain(config), sort_keys=True),
    }


def write(
    path: str | Path,
    file: File,
    groups: Mapping[str, Mapping[str, object]],
    about: Mapping[str, object],
    dropped: str = "",
) -> None:
    """Write a file of a kind.

    Parameters
    ----------
    path : path
        File to make; written beside it first and renamed when complete.
    file : File
        What is declared of its kind.
    groups : dict of str to dict
        Values of each group, as for `declared.dataset`.
    about : dict
        Attributes, as from `provenance`.
    dropped : str
        Why the file's cell is not used, if it is not; see `dropped_reason`.

    Raises
    ------
    ValueError
        If the values are not what is declared.
    """
    if unknown := sorted(groups.keys() - file.groups.keys()):
        raise ValueError(f"{path}: no group {', '.join(unknown)} is declared")
    found = {ROOT: xr.Dataset()}
    for name, declared in file.groups.items():
        if name in groups or not file.may_lack(name):
            try:
                found[name] = dataset(declared, groups.get(name, {}))
            except ValueError as error:
                raise ValueError(f"{path}, group {name}: {error}") from None
    found[ROOT].attrs = {**about, "dropped": dropped} if dropped else dict(about)
    _write(path, found)


def _write(path: str | Path, groups: Mapping[str, xr.Dataset]) -> None:
    """Write groups as one tree, whole or not at all."""
    tree = xr.DataTree.from_dict(groups)
    encoding = {node.path: _encoding(node.to_dataset()) for node in tree.subtree}
    with whole(path) as part:
        tree.to_netcdf(part, engine="netcdf4", encoding=encoding)
        seal(part)


def _encoding(data: xr.Dataset) -> dict[str, dict]:
    """How large arrays are kept."""
    arrays = [name for name, values in data.data_vars.items() if values.size > SMALL]
    encoding = {name: {"zlib": True, "complevel": 1} for name in arrays}
    for name in arrays:
        if data[name].dims[0] == "cell":  # one is read without the others
            encoding[name]["chunksizes"] = (1, *data[name].shape[1:])
    return encoding


def read(path: str | Path, group: str = ROOT) -> xr.Dataset:
    """Read a group into memory, with the attributes of its file.

    Raises
    ------
    UserError
        If the file is absent or damaged.
    """
    with opened(path, group) as data, damage_named(path):
        return data.load().assign_attrs(attributes(path) | data.attrs)


def groups(path: str | Path) -> list[str]:
    """Names of the groups of a file, without those inside others."""
    with netcdf(path) as root:
        return list(root.groups)


@contextmanager
def netcdf(path: str | Path) -> Iterator[netCDF4.Dataset]:
    """Open a file as netCDF4 does; UserError if it is absent or damaged."""
    with damage_named(path):
        check_seal(path)
        with netCDF4.Dataset(path) as root:
            yield root


@contextmanager
def opened(path: str | Path, group: str = ROOT) -> Iterator[xr.Dataset]:
    """Open a group for reading parts of it; UserError if the file is absent or damaged."""
    with damage_named(path):
        check_seal(path)
        data = xr.open_dataset(path, group=group, engine="netcdf4")
    with data:
        yield data


@contextmanager
def damage_named(path: str | Path) -> Iterator[None]:
    """Turn what the NetCDF library raises for an absent or damaged file into a UserError."""
    try:
        yield
    except FileNotFoundError:
        raise UserError(str(path), "no such file", "a NetCDF file", "run the workflow") from None
    except (OSError, RuntimeError, AttributeError) as error:
        fix = "delete it and run the workflow again"
        raise UserError(str(path), str(error), "a whole NetCDF file", fix) from None


def attributes(path: str | Path) -> dict[str, object]:
    """Attributes of a file, without reading its variables."""
    with netcdf(path) as root:
        return {name: root.getncattr(name) for name in root.ncattrs()}


def write_dropped(path: str | Path, reason: str) -> None:
    """Write a file that says only why its cell was dropped."""
    about = {"dropped": reason, "finefield_version": __version__}
    _write(path, {ROOT: xr.Dataset(attrs=about)})


def dropped_reason(paths: Iterable[str | Path]) -> str | None:
    """Why the cell of these files was dropped, from the first NetCDF file that says so."""
    found = (attributes(path).get("dropped") for path in paths if str(path).endswith(".nc"))
    return next(filter(None, found), None)
