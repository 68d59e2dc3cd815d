"""Train a network on one cell, and test it on the frozen sequence."""

import json

import torch

from finefield import files, store
from finefield.checkpoint import Checkpoint
from finefield.rng import generator
from finefield.scores import correlation
from finefield.training import torch_device, train
from scripts.job import run


def main(snakemake):
    params, inputs, wildcards = snakemake.params, snakemake.input, snakemake.wildcards
    torch.set_num_threads(snakemake.threads)
    device = torch_device(snakemake.resources.device)
    window = files.read_window(inputs.cell)
    stimulus = files.read_stimulus(inputs.stimulus, window)
    responses = files.read_responses(inputs.responses)
    seed = generator(params.seed, *wildcards, "training")
    key = json.dumps(dict(params.items()), sort_keys=True)
    checkpoint = Checkpoint(f"{snakemake.output[0]}.checkpoint", key)
    training = train(stimulus, responses, params.model, seed, checkpoint, device)
    test = files.read_test(inputs.stimulus, inputs.responses, window, params.model["lags"])
    predicted = [network.predict(test.stimulus, test.newest) for network in training.networks]
    scores = [correlation(one, test.measured) for one in predicted]
    groups = training.to_datasets()
    groups["seeds"] = groups["seeds"].assign(correlation=("seed", scores))
    groups["frozen"] = test.dataset(predicted[training.selected])
    data = groups.pop(None).assign(correlation=scores[training.selected])
    data = data.assign_coords(cell=wildcards.cell)
    data.attrs |= {"frame_rate": responses.frame_rate, "start": params.model["start"]}
    data.attrs |= store.provenance(f"{wildcards.model} of cell {wildcards.cell}", params, "trained")
    store.write(snakemake.output[0], data, groups)
    checkpoint.remove()


run(main, snakemake)
