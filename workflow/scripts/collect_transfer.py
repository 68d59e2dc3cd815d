"""Collect the transfer grid of one network from its source cells, and say what it shows."""

import logging

import xarray as xr

from finefield.base.rng import generator
from finefield.files import store
from finefield.transfer.grid import transfer_grid
from scripts.job import run


def main(snakemake):
    params, inputs, wildcards = snakemake.params, snakemake.input, snakemake.wildcards
    rows, subunits = [], {}
    for row, filters in zip(inputs.rows, inputs.filters, strict=True):
        if not store.dropped_reason([row, filters]):
            rows.append(store.read(row))
            place = rows[-1]["train_stimulus"].item(), rows[-1]["source_cell"].item()
            subunits[place] = store.read(filters, "found")["found_subunit"].values
    targets = dict(zip(params.stimuli, map(store.read, inputs.targets), strict=True))
    rng = generator(params.seed, *wildcards, "transfer")
    grid = transfer_grid(rows, targets, subunits, rng) if rows else xr.Dataset()
    counts = f"{len(rows)} networks, {len(inputs.rows) - len(rows)} dropped"
    grid.attrs = store.provenance("Transfer grid", params, f"collected from {counts}")
    store.write(snakemake.output.dataset, grid)
    pairs = ("train_stimulus", "test_stimulus")
    summary = grid[[name for name, values in grid.items() if values.dims == pairs]]
    with store.whole(snakemake.output.table) as part:
        summary.to_dataframe().to_csv(part, float_format="%.4g")
    logging.info("%s\n%s", snakemake.output.table, summary.to_dataframe().T.to_string())


run(main, snakemake, [])
