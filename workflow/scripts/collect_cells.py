"""Collect all cells of a dataset in one table, with their quality, and why some were dropped."""

import logging

import xarray as xr

from finefield.files import contents as files
from finefield.files import store
from finefield.job import run
from finefield.responses.quality import cell_quality
from finefield.stimuli.settings import StimulusField


def collect_cells(*, cells, responses, cell_names, field: StimulusField, seed, dataset, table):
    rows = []
    for cell, path, counts in zip(cell_names, cells, responses, strict=True):
        note = store.dropped_reason([counts, path]) or ""
        parts = (files.read_responses(counts, group) for group in (None, "frozen"))
        data = store.read(path).assign_coords(cell=cell)
        data = data.assign(
            cell_quality(*parts) | {"note": note, "polarity": data.get("polarity", "")}
        )
        # Numbered, so that cells of different sizes are aligned and padded with NaN.
        rows.append(data.assign_coords({name: range(size) for name, size in data.sizes.items()}))
    data = xr.concat(rows, "cell", data_vars="all", join="outer", combine_attrs="drop_conflicts")
    dropped = int((data["note"] != "").sum())
    history = f"{len(rows)} cells, {dropped} dropped"
    about = {"seed": seed, "cells": cell_names, "field": field}
    size = {f"field_{key}": getattr(field, key) for key in ("height", "width")}
    data.attrs = store.provenance("Cells of a dataset", about, history) | size
    data.attrs["pixel_size"] = field.pixel_size
    store.write(dataset, data)
    scalars = data[[name for name, values in data.items() if values.dims == ("cell",)]]
    with store.whole(table) as part:
        scalars.to_dataframe().to_csv(part, float_format="%.4g")
    logging.info("%s", history)


if __name__ == "__main__":
    run(collect_cells, snakemake)
