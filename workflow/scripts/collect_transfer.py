"""Collect the transfer grid of one network from its source cells."""

import xarray as xr

from finefield import store
from scripts.job import run


def main(snakemake):
    rows = [store.read(path) for path in snakemake.input if not store.dropped_reason([path])]
    grid = xr.combine_by_coords(rows, join="outer", combine_attrs="drop") if rows else xr.Dataset()
    # Combining sorts by name; sources stand in the order of targets, so that self is the diagonal.
    for source, target in (("source_cell", "target_cell"), ("train_stimulus", "test_stimulus")):
        if rows:
            order = [name for name in grid[target].values if name in grid[source].values]
            grid = grid.sel({source: order})
    counts = f"{len(rows)} networks, {len(snakemake.input) - len(rows)} dropped"
    grid.attrs = store.provenance("Transfer grid", snakemake.params, f"collected from {counts}")
    store.write(snakemake.output[0], grid)


run(main, snakemake, [])
