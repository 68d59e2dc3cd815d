"""Train a network on one cell, and test it on the frozen sequence."""

import json

import torch

from finefield.base.rng import generator
from finefield.files import contents as files
from finefield.files import store
from finefield.files.models import write_training
from finefield.networks.training.checkpoint import Checkpoint
from finefield.networks.training.train import torch_device, train
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
    about = store.provenance(f"{wildcards.model} of cell {wildcards.cell}", params, "trained")
    about["start"] = params.model["start"]
    write_training(snakemake.output[0], training, test, wildcards.cell, about)
    checkpoint.remove()


run(main, snakemake)
