"""Train a network on one cell, and test it on the frozen sequence."""

import json

import torch

from finefield.base import generator, plain
from finefield.files import (
    provenance,
    read_responses,
    read_stimulus,
    read_test,
    read_window,
    write_training,
)
from finefield.job import run
from finefield.networks import Checkpoint, NetworkSettings, torch_device
from finefield.networks import train as train_network


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
    window, about = read_window(cell), {"seed": seed, "model": model_settings}
    key = json.dumps(plain({**about, "code": code}), sort_keys=True)
    checkpoint = Checkpoint(f"{output}.checkpoint", key)
    movie, counts = read_stimulus(stimulus, window), read_responses(responses)
    rng = generator(seed, *wildcards.values(), "training")
    found = train_network(movie, counts, model_settings, rng, checkpoint, torch_device(device))
    test = read_test(stimulus, responses, window, model_settings.lags)
    title = f"{wildcards['model']} of cell {wildcards['cell']}"
    about = provenance(title, about, "trained") | {"start": model_settings.start}
    write_training(output, wildcards["cell"], found, test, about)
    checkpoint.remove()


if __name__ == "__main__":
    run(train, snakemake)
