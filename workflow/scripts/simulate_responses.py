"""Simulate one cell's responses to one stimulus and to repeats of its frozen sequence."""

import numpy as np

from finefield.base.rng import SEQUENCES, generator
from finefield.files import store
from finefield.files.responses import write_responses
from finefield.files.stimulus import read_stimulus
from finefield.job import run
from finefield.responses.quality import too_few_spikes
from finefield.responses.responses import Responses
from finefield.simulation import cell as simulation
from finefield.simulation.settings import CellSettings


def simulate_responses(
    *, stimulus, cell_settings: CellSettings, repeats, min_spikes, seed, wildcards, output
):
    name, frame_rate = wildcards["cell"], store.attributes(stimulus)["frame_rate"]
    cell, found, rates = simulation.build_cell(cell_settings, frame_rate), {}, {}
    for sequence, n_trials in {"running": 1, "frozen": repeats}.items():
        rng = generator(seed, *wildcards.values(), SEQUENCES[sequence], "spikes")
        movie = read_stimulus(stimulus, cell.window, sequence), n_trials, frame_rate
        rates[sequence], counts = simulation.simulate_responses(cell, *movie, rng)
        found[sequence] = Responses(counts, np.zeros(n_trials, int), frame_rate)
    about = {"cell": cell_settings, "repeats": repeats, "min_spikes": min_spikes}
    about = store.provenance(f"Responses of cell {name}", {"seed": seed, **about}, "simulated")
    dropped = too_few_spikes(found["running"], min_spikes)
    write_responses(output, name, found, about, rates, dropped)


if __name__ == "__main__":
    run(simulate_responses, snakemake)
