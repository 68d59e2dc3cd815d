"""NetCDF files: written whole, with units, meaning and provenance, and read with clear errors."""

import json
from collections.abc import Iterable, Mapping
from contextlib import contextmanager
from pathlib import Path

import netCDF4
import xarray as xr

from finefield import __version__
from finefield.base.errors import UserError
from finefield.base.glossary import DIMENSIONS, VARIABLES
from finefield.base.settings import plain
from finefield.base.whole import whole


def describe(data: xr.Dataset) -> xr.Dataset:
    """Attach units and long names from the glossary; KeyError for a name that is not in it."""
    unknown = set(map(str, data.dims)) - set(DIMENSIONS)
    if unknown:
        raise KeyError(f"dimensions {sorted(unknown)} are not in the glossary")
    data = data.copy()
    for name in data.variables:
        if name in DIMENSIONS:
            units, long_name = "1", DIMENSIONS[str(name)]
        else:
            units, long_name = VARIABLES[str(name)]
        data[name].attrs = {"units": units, "long_name": long_name} | data[name].attrs
    return data


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


def write(path: str | Path, data: xr.Dataset, groups: Mapping[str, xr.Dataset] | None = None):
    """Write a dataset, and further ones as groups, as one NetCDF file.

    Parameters
    ----------
    path : path
        File to make; written beside it first and renamed when complete.
    data : xarray.Dataset
        Root group, with attributes from `provenance`. Names must be in the glossary.
    groups : dict of str to xarray.Dataset, optional
        Further groups, such as ``{"frozen": ...}``.
    """
    with whole(path) as part:
        for name, group in {None: data, **(groups or {})}.items():
            # What was read keeps its file's encoding, and with it the length of names.
            group = describe(group).drop_encoding()
            # Checksums, so that damage inside a file is noticed when it is read.
            arrays = [key for key in group.data_vars if group[key].size > 4096]
            encoding = {key: {"zlib": True, "complevel": 1, "fletcher32": True} for key in arrays}
            for key in arrays:
                if group[key].dims[0] == "cell":  # one is read without the others
                    encoding[key]["chunksizes"] = (1, *group[key].shape[1:])
            mode = "w" if name is None else "a"
            group.to_netcdf(part, mode, group=name, engine="netcdf4", encoding=encoding)


def read(path: str | Path, group: str | None = None) -> xr.Dataset:
    """Read a dataset into memory; UserError if the file is absent or damaged."""
    with opened(path, group) as data, damage_named(path):
        return data.load()


def read_groups(path: str | Path, *groups: str | None) -> list[xr.Dataset]:
    """Read several groups of a file; None is the root."""
    return [read(path, group) for group in groups]


def groups(path: str | Path) -> list[str]:
    """Names of the groups of a file, without those inside others."""
    with damage_named(path), netCDF4.Dataset(path) as root:
        return list(root.groups)


@contextmanager
def opened(path: str | Path, group: str | None = None):
    """Open a dataset for reading parts of it; UserError if the file is absent or damaged."""
    with damage_named(path):
        data = xr.open_dataset(path, group=group, engine="netcdf4")
    with data:
        yield data


@contextmanager
def damage_named(path: str | Path):
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
    with opened(path) as data:
        return dict(data.attrs)


def write_dropped(path: str | Path, reason: str) -> None:
    """Write a file that says only why its cell was dropped; figures say it as a picture."""
    write(path, xr.Dataset(attrs={"dropped": reason, "finefield_version": __version__}))


def dropped_reason(paths: Iterable[str | Path]) -> str | None:
    """Why the cell of these files was dropped, from the first NetCDF file that says so."""
    found = (attributes(path).get("dropped") for path in paths if str(path).endswith(".nc"))
    return next(filter(None, found), None)
