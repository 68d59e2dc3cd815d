"""The summary table: one row for every training of a dataset."""

import math

import xarray as xr

#: Columns of the table, in order.
COLUMNS = (
    "cell", "model", "stimulus", "correlation", "ln_correlation", "noise_ceiling", "n_subunits",
    "n_recovered", "mean_cosine", "distinct_filters", "seconds", "note",
)  # fmt: skip


def summary_row(
    model: xr.Dataset,
    sta: xr.Dataset,
    matching: xr.Dataset | None,
    seconds: float,
    recovered_cosine: float,
) -> dict[str, object]:
    """Scores of one training.

    Parameters
    ----------
    model, sta : xarray.Dataset
        The trained network's file and the spike-triggered average's, with their ``correlation`` on
        the frozen sequence.
    matching : xarray.Dataset or None
        Matched filters of a simulated cell; None for a recorded one.
    seconds : float
        Duration of the training job [s].
    recovered_cosine : float
        A subunit is recovered if its matched filter has at least this cosine.

    Returns
    -------
    dict
        Columns of `COLUMNS` from "correlation" on; what is not known is None, and "note" says why a
        correlation is NaN and whether all filters are copies of one.
    """
    row: dict[str, object] = {
        "correlation": float(model["correlation"]),
        "ln_correlation": float(sta["correlation"]),
        "noise_ceiling": float(sta["noise_ceiling"]),
        "distinct_filters": float(model["distinct_filters"]),
        "seconds": round(seconds, 1),
    }
    notes = ["all filters are copies of one"] if model.attrs["collapsed"] else []
    undefined = [name for name in ("correlation", "ln_correlation") if math.isnan(row[name])]
    if undefined:
        names = " and ".join(undefined)
        notes.append(f"{names} undefined: a rate on the frozen sequence is constant")
    if notes:
        row["note"] = "; ".join(notes)
    if matching is not None:
        cosine = matching["cosine"].values
        row["n_subunits"] = len(cosine)
        row["n_recovered"] = int((cosine >= recovered_cosine).sum())
        row["mean_cosine"] = float(cosine.mean())
    return row
