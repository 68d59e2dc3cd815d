"""Collect the transfer grid of one network from its source cells, and say what it shows."""

from finefield.base import generator
from finefield.files import dropped_reason, provenance
from finefield.job import run
from finefield.tables import collect_grid, write_grid


def collect_transfer(
    *, transfers, filters, targets, stimulus_names, seed, wildcards, dataset, table
):
    every = list(zip(transfers, filters, strict=True))
    kept = [paths for paths in every if not dropped_reason(paths)]
    rng = generator(seed, *wildcards.values(), "transfer")
    grid = collect_grid(kept, dict(zip(stimulus_names, targets, strict=True)), rng)
    history = f"collected from {len(kept)} networks, {len(every) - len(kept)} dropped"
    about = provenance("Transfer grid", {"seed": seed, "stimuli": stimulus_names}, history)
    write_grid(dataset, table, grid, about)


if __name__ == "__main__":
    run(collect_transfer, snakemake)
