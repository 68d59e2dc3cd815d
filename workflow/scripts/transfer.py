"""Let one cell's network predict every cell of the dataset, on every stimulus."""

import logging

from finefield.files import contents as files
from finefield.files import store
from finefield.files.models import read_network
from finefield.files.targets import read_targets
from finefield.transfer.prediction import transfer, transfer_dataset
from scripts.job import run


def main(snakemake):
    params, inputs, wildcards = snakemake.params, snakemake.input, snakemake.wildcards
    network = read_network(inputs.model)
    targets = dict(zip(params.stimuli, map(read_targets, inputs.targets), strict=True))
    # Shifts are found on the first stimulus, as receptive fields are.
    first, found = targets[params.stimuli[0]], {}
    source = first.get(wildcards.cell, targets[wildcards.stimulus][wildcards.cell])
    settings = params.transfer["refit_frames"], params.transfer["max_shift"]
    for stimulus, path in zip(params.stimuli, inputs.stimuli, strict=True):
        cells, frozen = targets[stimulus], files.read_stimulus(path, group="frozen")
        reach = 1 + max(one.refit_newest.max() for one in cells.values())
        running = files.read_stimulus(path, n_frames=reach)
        scores = transfer(network, source, cells, first, frozen, running, *settings)
        found |= {(stimulus, cell): one for cell, one in scores.items()}
        logging.info("%d targets, %s", len(cells), stimulus)
    names = wildcards.stimulus, wildcards.cell, params.stimuli, params.cells
    data = transfer_dataset(found, *names, params.transfer["refit_frames"])
    title = f"Transfer of {wildcards.model} from cell {wildcards.cell}"
    data.attrs = store.provenance(title, params, "unchanged, and with output or readout refitted")
    store.write(snakemake.output[0], data)


run(main, snakemake, [snakemake.input.model])
