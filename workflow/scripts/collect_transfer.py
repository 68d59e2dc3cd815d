"""Collect the transfer grid of one network from its source cells, and say what it shows."""

import logging

import xarray as xr

from finefield.base.rng import generator
from finefield.files import store
from finefield.job import run
from finefield.transfer.grid import transfer_grid


def collect_transfer(
    *, transfers, filters, targets, stimulus_names, seed, wildcards, dataset, table
):
    rows, subunits = [], {}
    for transfer, found in zip(transfers, filters, strict=True):
        if not store.dropped_reason([transfer, found]):
            rows.append(store.read(transfer))
            place = rows[-1]["train_stimulus"].item(), rows[-1]["source_cell"].item()
            subunits[place] = store.read(found, "found")["found_subunit"].values
    read_targets = dict(zip(stimulus_names, map(store.read, targets), strict=True))
    rng = generator(seed, *wildcards.values(), "transfer")
    grid = transfer_grid(rows, read_targets, subunits, rng) if rows else xr.Dataset()
    counts = f"{len(rows)} networks, {len(transfers) - len(rows)} dropped"
    about = {"seed": seed, "stimuli": stimulus_names}
    grid.attrs = store.provenance("Transfer grid", about, f"collected from {counts}")
    store.write(dataset, grid)
    pairs = ("train_stimulus", "test_stimulus")
    summary = grid[[name for name, values in grid.items() if values.dims == pairs]]
    with store.whole(table) as part:
        summary.to_dataframe().to_csv(part, float_format="%.4g")
    logging.info("%s\n%s", table, summary.to_dataframe().T.to_string())


if __name__ == "__main__":
    run(collect_transfer, snakemake)
