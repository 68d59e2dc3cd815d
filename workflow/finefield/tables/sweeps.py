"""What became of the networks of a sweep: scores of each, and their mean and SD over cells."""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import xarray as xr

from finefield.base.glossary import SCORES

#: Scores of simulated cells alone, as they need the known subunits.
OF_SIMULATED = ("recall", "precision", "mean_cosine")


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
        Entries of `glossary.SCORES`. The validation loss is that of the check that was kept.
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
