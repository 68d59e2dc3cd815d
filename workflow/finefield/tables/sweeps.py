"""What became of the networks of a sweep: scores of each, and their mean and SD over cells."""

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import xarray as xr

from finefield.files import store
from finefield.files.declared import ROOT, File, over, variables
from finefield.tables.stacking import NOTE

log = logging.getLogger(__name__)

OF_ALL = variables("""
    correlation: Pearson correlation of predicted and measured rate
    validation_loss: Poisson loss per spike on validation data
    n_found: number of subunits found
""")
#: Scores that need the known subunits.
OF_SIMULATED = variables(
    """
    recall: part of the known subunits that were recovered
    precision: part of the subunits found that match a known one
    mean_cosine: mean cosine of the known subunits and their matches, 0 without one
    """,
    only="simulated cells",
)
SCORES = OF_ALL | OF_SIMULATED
OVER_CELLS = {
    "mean": "mean over cells",
    "sd": "SD over cells",
    "n": "number of cells that have it",
}
STATISTICS = {
    f"{score}_{name}": replace(one, long_name=f"{one.long_name}: {meaning}")
    for score, one in SCORES.items()
    for name, meaning in OVER_CELLS.items()
}
SWEEP = File(
    "sweeps/{sweep}.nc",
    "scores over the values of one setting, with their mean and SD over cells",
    {ROOT: over("model, value, cell", SCORES | NOTE) | over("model, value", STATISTICS)},
)


def sweep_rows(
    models: Sequence[str | Path], filters: Sequence[str | Path], matching: Sequence[str | Path]
) -> list[dict[str, object]]:
    """Scores of each network of a sweep, or of a dropped cell a "note" that says why.

    Parameters
    ----------
    models, filters, matching : sequence of path
        Files of each network; none of `matching` for recorded cells.
    """
    rows = []
    for number, path in enumerate(models):
        if reason := store.dropped_reason([path]):
            rows.append({"note": f"dropped: {reason}"})
            log.warning("%s dropped: %s", path, reason)
        else:
            matched = store.read(matching[number]) if matching else None
            rows.append(scores(store.read(path), store.read(filters[number]), matched))
    return rows


def scores(model: xr.Dataset, filters: xr.Dataset, matching: xr.Dataset | None) -> dict[str, float]:
    """Scores of one network.

    Parameters
    ----------
    model : xarray.Dataset
        The network's file: ``correlation``, ``validation_loss (epoch)``, ``step (epoch)`` and
        ``best_step``.
    filters : xarray.Dataset
        Its filters' file: ``n_found``.
    matching : xarray.Dataset or None
        Its matches' file: ``recall``, ``precision``, ``cosine (subunit)``; None for a recorded
        cell.

    Returns
    -------
    dict of float
        Entries of `SCORES`. The validation loss is that of the check that was kept.
    """
    found = {
        "correlation": float(model["correlation"]),
        "validation_loss": _kept_loss(model),
        "n_found": float(filters["n_found"]),
    }
    if matching is not None:
        found |= {name: float(matching[name]) for name in ("recall", "precision")}
        found["mean_cosine"] = float(matching["cosine"].mean())
    return found


def _kept_loss(model: xr.Dataset) -> float:
    """Validation loss of a network at the check that was kept."""
    kept = model["step"].values == model["best_step"].item()
    return model["validation_loss"].values[kept].item()


def collect(rows: Iterable[Mapping], names: Mapping[str, Sequence], simulated: bool) -> xr.Dataset:
    """Scores of all networks of a sweep.

    Parameters
    ----------
    rows : iterable of dict
        For each network, value and cell, the last running fastest, what `scores` returned; of a
        dropped cell a "note" instead, that says why.
    names : dict of sequence
        The names of each "model" and "cell", and each "value" of the setting.
    simulated : bool
        Whether known subunits were matched.

    Returns
    -------
    xarray.Dataset
        Each score over (model, value, cell), NaN where there is none, with its `_mean`, `_sd` (of
        the sample; NaN for one cell) and number of cells `_n` over (model, value); ``note``.

    Examples
    --------
    >>> rows = [{"correlation": 0.6, "n_found": 3}, {"correlation": 0.8, "n_found": 5}]
    >>> data = collect(rows, {"model": ["wide"], "value": [1], "cell": ["a", "b"]}, False)
    >>> data["correlation_mean"].item(), data["n_found_n"].item(), data["validation_loss_n"].item()
    (0.7, 2, 0)
    """
    rows = list(rows)
    dimensions = ("model", "value", "cell")
    shape = tuple(len(names[name]) for name in dimensions)
    wanted = [score for score in SCORES if simulated or score not in OF_SIMULATED]
    arrays = {
        score: np.reshape([float(row.get(score, np.nan)) for row in rows], shape)
        for score in wanted
    }
    arrays["note"] = np.reshape([str(row.get("note", "")) for row in rows], shape)
    data = xr.Dataset({name: (dimensions, each) for name, each in arrays.items()}, dict(names))
    for score in wanted:
        over = data[score]
        data[f"{score}_mean"] = over.mean("cell")
        data[f"{score}_sd"] = over.std("cell", ddof=1)
        data[f"{score}_n"] = over.count("cell")
    return data


def write_sweep(
    path: str | Path, data: xr.Dataset, setting: str, units: str, about: Mapping[str, object]
) -> None:
    """Write a sweep, as from `collect`, over the values of a setting."""
    data = data.assign_coords(value=data["value"].assign_attrs(long_name=setting, units=units))
    store.write(path, SWEEP, {ROOT: data.variables}, {**about, "setting": setting})
