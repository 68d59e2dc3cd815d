"""Let one cell's network predict every cell of the dataset, on every stimulus."""

import logging

from finefield.files import contents as files
from finefield.files import store
from finefield.files.models import read_network
from finefield.files.targets import read_targets
from finefield.job import run
from finefield.transfer.prediction import transfer as predict
from finefield.transfer.prediction import transfer_dataset
from finefield.transfer.settings import TransferSettings


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
    name, network = wildcards["cell"], read_network(model)
    every = dict(zip(stimulus_names, map(read_targets, targets), strict=True))
    # Shifts are found on the first stimulus, as receptive fields are.
    first, found = every[stimulus_names[0]], {}
    source = first.get(name, every[wildcards["stimulus"]][name])
    refit_frames, max_shift = transfer_settings.refit_frames, transfer_settings.max_shift
    for stimulus, path in zip(stimulus_names, stimuli, strict=True):
        cells, frozen = every[stimulus], files.read_stimulus(path, group="frozen")
        reach = 1 + max(one.refit_newest.max() for one in cells.values())
        running = files.read_stimulus(path, n_frames=reach)
        scores = predict(network, source, cells, first, frozen, running, refit_frames, max_shift)
        found |= {(stimulus, cell): one for cell, one in scores.items()}
        logging.info("%d targets, %s", len(cells), stimulus)
    names = wildcards["stimulus"], name, stimulus_names, cell_names
    data = transfer_dataset(found, *names, refit_frames)
    title = f"Transfer of {wildcards['model']} from cell {name}"
    about = {"stimuli": stimulus_names, "cells": cell_names, "transfer": transfer_settings}
    history = "unchanged, and with output or readout refitted"
    data.attrs = store.provenance(title, {"seed": seed, **about}, history)
    store.write(output, data)


if __name__ == "__main__":
    run(transfer, snakemake)
