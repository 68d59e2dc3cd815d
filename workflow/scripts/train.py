"""Train a network on one cell, and test it on the frozen sequence."""

import json

import torch

from finefield.base.rng import generator
from finefield.base.settings import plain
from finefield.files import contents as files
from finefield.files import store
from finefield.files.models import write_training
from finefield.job import run
from finefield.networks.settings import NetworkSettings
from finefield.networks.training.checkpoint import Checkpoint
from finefield.networks.training.train import torch_device
from finefield.networks.training.train import train as train_network


def train(
    *,
    stimulus,
    cell,
    responses,
    model_settings: NetworkSettings,
    seed,
    code,
    device,
    threads,
    wildcards,
    output,
):
    torch.set_num_threads(threads)
    window, name = files.read_window(cell), wildcards["cell"]
    about = {"seed": seed, "model": model_settings}
    checkpoint = Checkpoint(
        f"{output}.checkpoint", json.dumps(plain({**about, "code": code}), sort_keys=True)
    )
    training = train_network(
        files.read_stimulus(stimulus, window),
        files.read_responses(responses),
        model_settings,
        generator(seed, *wildcards.values(), "training"),
        checkpoint,
        torch_device(device),
    )
    test = files.read_test(stimulus, responses, window, model_settings.lags)
    attributes = store.provenance(f"{wildcards['model']} of cell {name}", about, "trained")
    attributes["start"] = model_settings.start
    write_training(output, training, test, name, attributes)
    checkpoint.remove()


if __name__ == "__main__":
    run(train, snakemake)
