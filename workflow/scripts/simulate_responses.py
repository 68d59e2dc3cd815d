"""Simulate one cell's responses to one stimulus and to repeats of its frozen sequence."""

from finefield.base.rng import generator
from finefield.files import contents as files
from finefield.files import store
from finefield.simulation.cell import build_cell, simulate_responses
from scripts.job import run


def main(snakemake):
    params, wildcards = snakemake.params, snakemake.wildcards
    frame_rate = store.attributes(snakemake.input.stimulus)["frame_rate"]
    cell = build_cell(params.cell, frame_rate)
    groups = {}
    for name, n_trials in {None: 1, "frozen": params.repeats}.items():
        stimulus = files.read_stimulus(snakemake.input.stimulus, cell.window, name)
        rng = generator(params.seed, *wildcards, str(name), "spikes")
        rate, counts = simulate_responses(cell, stimulus, n_trials, frame_rate, rng)
        groups[name] = files.responses_dataset(
            wildcards.cell, counts, [0] * n_trials, frame_rate, rate=rate
        )
    attributes = store.provenance(f"Responses of cell {wildcards.cell}", params, "simulated")
    files.write_responses(snakemake.output[0], groups, attributes, params.min_spikes)


run(main, snakemake)
