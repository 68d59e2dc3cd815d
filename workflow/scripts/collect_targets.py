"""Collect all cells of a dataset as targets of a transfer, on one stimulus."""

from finefield.files import provenance, read_held_out
from finefield.job import run
from finefield.tables import kept_targets, write_targets


def collect_targets(*, stimulus, cells, responses, sta, cell_names, lags, n_samples, seed, output):
    files = dict(zip(cell_names, zip(cells, responses, sta, strict=True), strict=True))
    targets = kept_targets(files, read_held_out(stimulus), lags, n_samples)
    about = {"seed": seed, "cells": cell_names, "lags": lags, "n_samples": n_samples}
    about = provenance("Targets of transfer", about, f"{len(targets)} cells")
    write_targets(output, targets, about)


if __name__ == "__main__":
    run(collect_targets, snakemake)
