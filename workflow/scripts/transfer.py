"""Let one cell's network predict every cell of the dataset, on every stimulus."""

from finefield.files import (
    provenance,
    read_network,
    read_stimulus,
    tested_sequence,
    write_transfer,
)
from finefield.job import run
from finefield.tables import read_targets
from finefield.transfer import TransferSettings, reach, transfer_row


def transfer(
    *,
    model,
    stimuli,
    targets,
    stimulus_names,
    cell_names,
    transfer_settings: TransferSettings,
    seed,
    wildcards,
    output,
):
    source = wildcards["stimulus"], wildcards["cell"]
    every = dict(zip(stimulus_names, map(read_targets, targets), strict=True))
    movies = (
        (
            name,
            read_stimulus(path, group=tested_sequence(path)),
            read_stimulus(path, n_frames=reach(every[name])),
        )
        for name, path in zip(stimulus_names, stimuli, strict=True)
    )
    amounts, max_shift = transfer_settings.refit_frames, transfer_settings.max_shift
    found = transfer_row(read_network(model), source, every, movies, amounts, max_shift)
    about = {"stimuli": stimulus_names, "cells": cell_names, "transfer": transfer_settings}
    title = f"Transfer of {wildcards['model']} from cell {wildcards['cell']}"
    history = "unchanged, and with output or readout refitted"
    about = provenance(title, {"seed": seed, **about}, history)
    write_transfer(output, source, found, stimulus_names, cell_names, amounts, about)


if __name__ == "__main__":
    run(transfer, snakemake)
