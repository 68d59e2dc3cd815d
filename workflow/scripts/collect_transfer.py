"""Collect the transfer grid of one network from its source cells."""

import xarray as xr

from finefield import store
from scripts.job import run


def main(snakemake):
    rows = [store.read(path) for path in snakemake.input if not store.dropped_reason([path])]
    grid = xr.combine_by_coords(rows, join="outer", combine_attrs="drop") if rows else xr.Dataset()
    counts = f"{len(rows)} networks, {len(snakemake.input) - len(rows)} dropped"
    grid.attrs = store.provenance("Transfer grid", snakemake.params, f"collected from {counts}")
    store.write(snakemake.output[0], grid)


run(main, snakemake, [])
