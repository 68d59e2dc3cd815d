"""Collect all cells of a dataset as targets of a transfer, on one stimulus."""

import logging

import xarray as xr

from finefield.base.errors import UserError
from finefield.files import contents as files
from finefield.files import store
from finefield.files.targets import target_dataset
from scripts.job import run


def main(snakemake):
    params, inputs, targets = snakemake.params, snakemake.input, []
    held_out = files.read_held_out(inputs.stimulus)
    columns = zip(inputs.cells, inputs.responses, inputs.sta, strict=True)
    for cell, paths in zip(params.cells, columns, strict=True):
        if reason := store.dropped_reason(paths):
            logging.info("cell %s dropped: %s", cell, reason)
        else:
            targets.append(target_dataset(cell, paths, held_out, params.lags, params.n_samples))
    if not targets:
        fix = "lower min_spikes, or use longer responses"
        raise UserError("cells", f"all {len(params.cells)} dropped", "one that was not", fix)
    data = xr.concat(targets, "cell", data_vars="all", join="outer", combine_attrs="drop")
    data.attrs = store.provenance("Targets of transfer", params, f"{len(targets)} cells")
    store.write(snakemake.output[0], data)


run(main, snakemake, [])
