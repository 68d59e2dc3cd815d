"""Collect all cells of a dataset in one table, with their quality, and why some were dropped."""

import logging

import xarray as xr

from finefield.files import contents as files
from finefield.files import store
from finefield.responses.quality import cell_quality
from scripts.job import run


def main(snakemake):
    params, inputs, cells = snakemake.params, snakemake.input, []
    for cell, path, responses in zip(params.cells, inputs.cells, inputs.responses, strict=True):
        note = store.dropped_reason([responses, path]) or ""
        parts = (files.read_responses(responses, group) for group in (None, "frozen"))
        data = store.read(path).assign_coords(cell=cell)
        data = data.assign(
            cell_quality(*parts) | {"note": note, "polarity": data.get("polarity", "")}
        )
        # Numbered, so that cells of different sizes are aligned and padded with NaN.
        cells.append(data.assign_coords({name: range(size) for name, size in data.sizes.items()}))
    table = xr.concat(cells, "cell", data_vars="all", join="outer", combine_attrs="drop_conflicts")
    dropped = int((table["note"] != "").sum())
    history = f"{len(cells)} cells, {dropped} dropped"
    field = {f"field_{key}": params.field[key] for key in ("height", "width")}
    table.attrs = store.provenance("Cells of a dataset", params, history) | field
    table.attrs["pixel_size"] = params.field["pixel_size"]
    store.write(snakemake.output.dataset, table)
    scalars = table[[name for name, values in table.items() if values.dims == ("cell",)]]
    with store.whole(snakemake.output.table) as part:
        scalars.to_dataframe().to_csv(part, float_format="%.4g")
    logging.info("%s", history)


run(main, snakemake, [])
