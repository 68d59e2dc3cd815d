"""Collect the subunits that a network found in all cells, how sure they are, and how well known."""

import logging

import xarray as xr

from finefield.files import store
from finefield.job import run


def collect_subunits(*, filters, pruning, stability, matching, cell_names, seed, dataset, table):
    rows = []
    for number, cell in enumerate(cell_names):
        stages = (filters, pruning, stability, matching)
        paths = [files[number] for files in stages if files]
        note = store.dropped_reason(paths) or ""
        data = xr.Dataset({"note": note}, {"cell": cell})
        for path in [] if note else paths:
            stage = store.read(path)
            data = data.assign(stage.drop_dims(stage.sizes).data_vars)
        if not note:
            found = store.read(filters[number], "found").drop_vars("found_subunit")
            # Numbered, so that cells with more and with fewer are aligned and padded with NaN.
            data = data.assign(found.data_vars).assign_coords(found=range(found.sizes["found"]))
        rows.append(data)
    data = xr.concat(
        rows, "cell", data_vars="all", coords="minimal", join="outer", combine_attrs="drop"
    )
    about = {"seed": seed, "cells": cell_names}
    data.attrs = store.provenance("Subunits of a population", about, f"{len(rows)} cells")
    store.write(dataset, data)
    scalars = data[[name for name, values in data.items() if values.dims == ("cell",)]]
    with store.whole(table) as part:
        scalars.to_dataframe().to_csv(part, float_format="%.4g")
    logging.info("%s\n%s", table, scalars.to_dataframe().to_string())


if __name__ == "__main__":
    run(collect_subunits, snakemake)
