"""The summary table: one row for every training of a dataset."""

import logging
import math
from collections.abc import Sequence
from pathlib import Path

import pandas as pd
import xarray as xr

from finefield.files import store
from finefield.files.responses import SCORES

log = logging.getLogger(__name__)

#: Columns of the table, in order.
COLUMNS = (
    "cell", "model", "stimulus", "tested_on", "correlation", "ln_correlation", "noise_ceiling",
    "single_correlation", "ln_single_correlation", "bits_per_spike", "ln_bits_per_spike",
    "n_subunits", "n_recovered", "mean_cosine", "distinct_filters", "note",
)  # fmt: skip
#: Networks of fewer different filters have one.
SINGLE = 1 + 1e-6


def summary_table(
    trainings: Sequence[tuple[str, str, str]],
    models: Sequence[str | Path],
    sta: Sequence[str | Path],
    matching: Sequence[str | Path],
    recovered_cosine: float,
) -> pd.DataFrame:
    """A row for each training, those of dropped cells with their reasons.

    Parameters
    ----------
    trainings : sequence of (str, str, str)
        Network, stimulus and cell of each training.
    models, sta, matching : sequence of path
        Files of each training; none of `matching` for recorded cells.
    recovered_cosine : float
        As for `summary_row`.

    Returns
    -------
    pandas.DataFrame
        With `COLUMNS`.
    """
    rows = []
    for number, (model, stimulus, cell) in enumerate(trainings):
        row = {"cell": cell, "model": model, "stimulus": stimulus}
        if reason := store.dropped_reason([models[number]]):
            row["note"] = f"dropped: {reason}"
            log.warning("cell %s dropped: %s", cell, reason)
        else:
            matched = store.read(matching[number]) if matching else None
            data = store.read(models[number]), store.read(sta[number]), matched
            row |= summary_row(*data, recovered_cosine)
        rows.append(row)
    table = pd.DataFrame(rows, columns=COLUMNS)
    return table.astype({"n_subunits": "Int64", "n_recovered": "Int64"})


def summary_row(
    model: xr.Dataset,
    sta: xr.Dataset,
    matching: xr.Dataset | None,
    recovered_cosine: float,
) -> dict[str, object]:
    """Scores of one training.

    Parameters
    ----------
    model, sta : xarray.Dataset
        The trained network's file and the spike-triggered average's, with their scores.
    matching : xarray.Dataset or None
        Matched filters of a simulated cell; None for a recorded one.
    recovered_cosine : float
        A subunit is recovered if its matched filter has at least this cosine.

    Returns
    -------
    dict
        Columns of `COLUMNS` from "correlation" on; what is not known is None, and "note" says why a
        correlation is NaN, and which networks have one filter or none.
    """
    scores = {name: (float(model[name]), float(sta[name])) for name in SCORES}
    row: dict[str, object] = {
        "tested_on": model.attrs["tested_on"],
        **{name: own for name, (own, _) in scores.items()},
        **{f"ln_{name}": linear for name, (_, linear) in scores.items()},
        "noise_ceiling": float(sta["noise_ceiling"]),
        "distinct_filters": float(model["distinct_filters"]),
    }
    notes = _on_filters(model)
    undefined = [name for name in ("correlation", "ln_correlation") if math.isnan(row[name])]
    if undefined:
        names = " and ".join(undefined)
        notes.append(f"{names} undefined: a rate in the tested frames is constant")
    if notes:
        row["note"] = "; ".join(notes)
    if matching is not None:
        cosine = matching["cosine"].values
        row["n_subunits"] = len(cosine)
        row["n_recovered"] = int((cosine >= recovered_cosine).sum())
        row["mean_cosine"] = float(cosine.mean())
    return row


def _on_filters(model: xr.Dataset) -> list[str]:
    """What is to be said of a network whose filters are few."""
    if model.attrs["collapsed"]:
        return ["all filters are copies of one"]
    n_filters = float(model["distinct_filters"])
    if math.isnan(n_filters):
        return ["no filter: no tuned response"]
    return ["one filter: an LN cell"] if n_filters < SINGLE else []
