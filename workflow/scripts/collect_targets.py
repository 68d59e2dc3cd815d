"""Collect all cells of a dataset as targets of a transfer, on one stimulus."""

import logging

import xarray as xr

from finefield.base.errors import UserError
from finefield.files import contents as files
from finefield.files import store
from finefield.files.targets import target_dataset
from finefield.job import run


def collect_targets(*, stimulus, cells, responses, sta, cell_names, lags, n_samples, seed, output):
    targets, held_out = [], files.read_held_out(stimulus)
    for cell, paths in zip(cell_names, zip(cells, responses, sta, strict=True), strict=True):
        if reason := store.dropped_reason(paths):
            logging.info("cell %s dropped: %s", cell, reason)
        else:
            targets.append(target_dataset(cell, paths, held_out, lags, n_samples))
    if not targets:
        fix = "lower min_spikes, or use longer responses"
        raise UserError("cells", f"all {len(cell_names)} dropped", "one that was not", fix)
    data = xr.concat(targets, "cell", data_vars="all", join="outer", combine_attrs="drop")
    about = {"seed": seed, "cells": cell_names, "lags": lags, "n_samples": n_samples}
    data.attrs = store.provenance("Targets of transfer", about, f"{len(targets)} cells")
    store.write(output, data)


if __name__ == "__main__":
    run(collect_targets, snakemake)
