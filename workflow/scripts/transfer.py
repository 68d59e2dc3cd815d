"""Let one cell's network predict every cell of the dataset, unchanged."""

import numpy as np
import xarray as xr

from finefield import files, store
from finefield.network import Network
from finefield.transfer import zero_shot
from scripts.job import run


def main(snakemake):
    params, inputs, wildcards = snakemake.params, snakemake.input, snakemake.wildcards
    network = Network.from_datasets(store.read(inputs.model), store.read(inputs.model, "readout"))
    score = np.full((1, len(params.stimuli), 1, len(params.cells)), np.nan)
    responses = np.reshape(inputs.responses, score.shape[1::2])
    for i, path in enumerate(inputs.stimuli):
        frozen = files.read_stimulus(path, group="frozen")
        for j, (cell, response) in enumerate(zip(inputs.cells, responses[i])):
            if not store.dropped_reason([cell, response]):
                target = files.read_window(cell)
                score[0, i, 0, j] = zero_shot(network, target, frozen, files.read_responses(response, "frozen"))
    dimensions = ("train_stimulus", "test_stimulus", "source_cell", "target_cell")
    data = xr.Dataset(
        {"correlation": (dimensions, score)},
        dict(zip(dimensions, ([wildcards.stimulus], params.stimuli, [wildcards.cell], params.cells))),
        store.provenance(f"Transfer of {wildcards.model} from cell {wildcards.cell}", params, "zero-shot"),
    )
    store.write(snakemake.output[0], data)


run(main, snakemake, [snakemake.input.model])  # noqa: F821
