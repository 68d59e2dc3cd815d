"""Collect the subunits that a network found in all cells, how sure they are, and how well known."""

import logging

import xarray as xr

from finefield.files import store
from scripts.job import run


def main(snakemake):
    params, inputs, cells = snakemake.params, snakemake.input, []
    for number, cell in enumerate(params.cells):
        stages = (inputs.filters, inputs.pruning, inputs.stability, inputs.matching)
        paths = [files[number] for files in stages if files]
        note = store.dropped_reason(paths) or ""
        data = xr.Dataset({"note": note}, {"cell": cell})
        for path in [] if note else paths:
            stage = store.read(path)
            data = data.assign(stage.drop_dims(stage.sizes).data_vars)
        if not note:
            found = store.read(inputs.filters[number], "found").drop_vars("found_subunit")
            # Numbered, so that cells with more and with fewer are aligned and padded with NaN.
            data = data.assign(found.data_vars).assign_coords(found=range(found.sizes["found"]))
        cells.append(data)
    table = xr.concat(
        cells, "cell", data_vars="all", coords="minimal", join="outer", combine_attrs="drop"
    )
    table.attrs = store.provenance("Subunits of a population", params, f"{len(cells)} cells")
    store.write(snakemake.output.dataset, table)
    scalars = table[[name for name, values in table.items() if values.dims == ("cell",)]]
    with store.whole(snakemake.output.table) as part:
        scalars.to_dataframe().to_csv(part, float_format="%.4g")
    logging.info("%s\n%s", snakemake.output.table, scalars.to_dataframe().to_string())


run(main, snakemake, [])
