"""Many datasets as one: stacked over cells, padded where they differ in size, and written."""

import logging
from collections.abc import Mapping
from pathlib import Path

import pandas as pd
import xarray as xr

from finefield.base.whole import whole
from finefield.files import store
from finefield.files.declared import ROOT, File, variables

log = logging.getLogger(__name__)

#: In every table.
NOTE = variables("note: why the cell was dropped; empty if it was not")


def stack(rows: Mapping[str, xr.Dataset]) -> xr.Dataset:
    """Datasets of one cell each as one dataset over cells.

    Parameters
    ----------
    rows : dict of str to xarray.Dataset
        Cell -> what is known of it; cells may differ in variables and in sizes.

    Returns
    -------
    xarray.Dataset
        All variables over `cell`, then over their own dimensions, which are numbered. What a cell
        lacks is NaN.

    Examples
    --------
    >>> sizes = {"a": [9.0, 4.0], "b": [2.0]}
    >>> table = stack({cell: xr.Dataset({"major": ("found", one)}) for cell, one in sizes.items()})
    >>> table["major"].values.tolist()
    [[9.0, 4.0], [2.0, nan]]
    """
    numbered = [
        row.assign_coords({"cell": cell} | {name: range(size) for name, size in row.sizes.items()})
        for cell, row in rows.items()
    ]
    return xr.concat(
        numbered, "cell", data_vars="all", coords="minimal", join="outer", combine_attrs="drop"
    )


def write_table(
    dataset: str | Path,
    table: str | Path,
    file: File,
    data: xr.Dataset,
    about: Mapping[str, object],
    rows: tuple[str, ...] = ("cell",),
) -> None:
    """Write a table as NetCDF and, as far as a row has single values, as CSV.

    Parameters
    ----------
    dataset, table : path
        NetCDF and CSV file to make.
    file : File
        What is declared of the NetCDF file.
    data : xarray.Dataset
        The table.
    about : dict
        Attributes of the NetCDF file, as from `store.provenance`.
    rows : tuple of str
        Dimensions that make a row of the CSV file.
    """
    store.write(dataset, file, {ROOT: data.variables}, about)
    frame = data[[name for name, one in data.items() if one.dims == rows]].to_dataframe()
    write_csv(table, frame)
    log.info("%s\n%s", table, frame.to_string())


def write_csv(path: str | Path, frame: pd.DataFrame, **settings) -> None:
    """Write a table as CSV, whole or not at all, numbers with four digits."""
    with whole(path) as part:
        frame.to_csv(part, float_format="%.4g", **settings)
