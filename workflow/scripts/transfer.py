"""Let one cell's network predict every cell of the dataset, unchanged."""

import numpy as np
import xarray as xr

from finefield import files, store
from finefield.model_files import read_network
from finefield.transfer import zero_shot
from scripts.job import run


def main(snakemake):
    params, inputs, wildcards = snakemake.params, snakemake.input, snakemake.wildcards
    network = read_network(inputs.model)
    score = np.full((1, len(params.stimuli), 1, len(params.cells)), np.nan)
    responses = np.reshape(inputs.responses, (len(params.stimuli), len(params.cells)))
    for i, path in enumerate(inputs.stimuli):
        frozen = files.read_stimulus(path, group="frozen")
        for j, (cell, response) in enumerate(zip(inputs.cells, responses[i], strict=True)):
            if not store.dropped_reason([cell, response]):
                target, measured = files.read_window(cell), files.read_responses(response, "frozen")
                score[0, i, 0, j] = zero_shot(network, target, frozen, measured)
    coordinates = {
        "train_stimulus": [wildcards.stimulus],
        "test_stimulus": params.stimuli,
        "source_cell": [wildcards.cell],
        "target_cell": params.cells,
    }
    title = f"Transfer of {wildcards.model} from cell {wildcards.cell}"
    data = xr.Dataset({"correlation": (tuple(coordinates), score)}, coordinates)
    data.attrs = store.provenance(title, params, "zero-shot")
    store.write(snakemake.output[0], data)


run(main, snakemake, [snakemake.input.model])
