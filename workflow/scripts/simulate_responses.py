"""Simulate one cell's responses to one stimulus and to repeats of its frozen sequence."""

import numpy as np

from finefield.base import SEQUENCES, generator
from finefield.files import read_stimulus, store, write_responses
from finefield.job import run
from finefield.responses import Responses, too_few_spikes
from finefield.simulation import CellSettings, build_cell
from finefield.simulation import simulate_responses as simulate


def simulate_responses(
    *, stimulus, cell_settings: CellSettings, repeats, min_spikes, seed, threads, wildcards, output
):
    name, frame_rate = wildcards["cell"], store.attributes(stimulus)["frame_rate"]
    cell, found, simulated = build_cell(cell_settings, frame_rate), {}, {}
    for sequence, n_trials in {"running": 1, "frozen": repeats}.items():
        rng = generator(seed, *wildcards.values(), SEQUENCES[sequence], "spikes")
        movie = read_stimulus(stimulus, cell.window, sequence), n_trials, frame_rate
        one = simulated[sequence] = simulate(cell, *movie, rng, threads)
        found[sequence] = Responses(one.spike_count, np.zeros(n_trials, int), frame_rate)
    about = {"cell": cell_settings, "repeats": repeats, "min_spikes": min_spikes}
    about = store.provenance(f"Responses of cell {name}", {"seed": seed, **about}, "simulated")
    dropped = too_few_spikes(found["running"], min_spikes)
    write_responses(output, name, found, about, simulated, dropped)


if __name__ == "__main__":
    run(simulate_responses, snakemake)
