"""What is drawn of one cell and its network, from the files of both."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import xarray as xr

from finefield.files import store
from finefield.files.responses import tested_group


@dataclass(frozen=True)
class Parts:
    """Datasets of one cell and its network.

    Attributes
    ----------
    cell, sta, model, filters : xarray.Dataset
        Root groups of the cell's files; the attributes `model` and `stimulus` of the model's are
        those names.
    ln_test, model_test : xarray.Dataset
        Rates of the LN model and of the network in the tested frames.
    found, placements : xarray.Dataset
        The subunits that the network found, and where its filters look.
    pruning : xarray.Dataset or None
        Scores without some filters.
    matching : xarray.Dataset or None
        Known subunits and those that match them; None for a recorded cell.
    responses : xarray.Dataset
        Responses to the repeats of the frozen sequence, or in blocks kept for testing.
    """

    cell: xr.Dataset
    sta: xr.Dataset
    ln_test: xr.Dataset
    model: xr.Dataset
    model_test: xr.Dataset
    filters: xr.Dataset
    found: xr.Dataset
    placements: xr.Dataset
    pruning: xr.Dataset | None
    matching: xr.Dataset | None
    responses: xr.Dataset


def read_parts(
    *,
    cell: str | Path,
    sta: str | Path,
    model: str | Path,
    filters: str | Path,
    responses: str | Path,
    pruning: str | Path | None = None,
    matching: str | Path | None = None,
    names: Mapping[str, str],
) -> Parts:
    """Read what is drawn of one cell and its network.

    Parameters
    ----------
    cell, sta, model, filters, responses, pruning, matching : path
        Files of the cell; there may be no pruning and no matching.
    names : dict of str to str
        The names of the network and of its stimulus, as `model` and `stimulus`.

    Returns
    -------
    Parts
    """
    return Parts(
        cell=store.read(cell),
        sta=store.read(sta),
        ln_test=store.read(sta, "test"),
        model=store.read(model).assign_attrs(names),
        model_test=store.read(model, "test"),
        filters=store.read(filters),
        found=store.read(filters, "found"),
        placements=store.read(filters, "placements"),
        pruning=store.read(pruning) if pruning else None,
        matching=store.read(matching) if matching else None,
        responses=store.read(responses, tested_group(responses)),
    )


def read_kept(files: Mapping[str, Sequence[str | Path]], names: Mapping[str, str]) -> list[Parts]:
    """Read what is drawn of several cells, without those that were dropped.

    Parameters
    ----------
    files : dict of str to sequence of path
        Kind of a file, as a parameter of `read_parts` -> the files of all cells.
    names : dict of str to str
        As for `read_parts`.

    Returns
    -------
    list of Parts
        In the order of the files.
    """
    cells = [dict(zip(files, one, strict=True)) for one in zip(*files.values(), strict=True)]
    kept = [one for one in cells if store.dropped_reason(one.values()) is None]
    return [read_parts(**one, names=names) for one in kept]
