"""Train a network on one cell, and test it on the frozen sequence."""

import json

import torch

from finefield.base.rng import generator
from finefield.base.settings import plain
from finefield.files.cell import read_window
from finefield.files.model import write_training
from finefield.files.responses import read_responses, read_test
from finefield.files.stimulus import read_stimulus
from finefield.files.store import provenance
from finefield.job import run
from finefield.networks.settings import NetworkSettings
from finefield.networks.training import train as training
from finefield.networks.training.checkpoint import Checkpoint


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
    found = training.train(
        read_stimulus(stimulus, window),
        read_responses(responses),
        model_settings,
        generator(seed, *wildcards.values(), "training"),
        checkpoint,
        training.torch_device(device),
    )
    test = read_test(stimulus, responses, window, model_settings.lags)
    title = f"{wildcards['model']} of cell {wildcards['cell']}"
    about = provenance(title, about, "trained") | {"start": model_settings.start}
    write_training(output, wildcards["cell"], found, test, about)
    checkpoint.remove()


if __name__ == "__main__":
    run(train, snakemake)
