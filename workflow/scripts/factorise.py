"""Find the modules of one cell by STNMF, fit an output, and test it on the frozen sequence."""

from finefield.base.rng import generator
from finefield.files import contents as files
from finefield.files import store
from finefield.files.models import write_training
from finefield.networks.stnmf import train_stnmf
from scripts.job import run


def main(snakemake):
    params, inputs, wildcards = snakemake.params, snakemake.input, snakemake.wildcards
    window = files.read_window(inputs.cell)
    stimulus = files.read_stimulus(inputs.stimulus, window)
    responses = files.read_responses(inputs.responses)
    seed = generator(params.seed, *wildcards, "factorisation")
    python = snakemake.resources.stnmf_python
    training = train_stnmf(stimulus, responses, params.model, seed, python, snakemake.threads)
    test = files.read_test(inputs.stimulus, inputs.responses, window, params.model["lags"])
    about = store.provenance(f"{wildcards.model} of cell {wildcards.cell}", params, "factorised")
    write_training(snakemake.output[0], training, test, wildcards.cell, about)


run(main, snakemake)
