"""Simulate one cell's responses to one stimulus and to repeats of its frozen sequence."""

from finefield.base.rng import generator
from finefield.files import contents as files
from finefield.files import store
from finefield.job import run
from finefield.simulation.cell import build_cell
from finefield.simulation.cell import simulate_responses as simulate
from finefield.simulation.settings import CellSettings


def simulate_responses(
    *, stimulus, cell_settings: CellSettings, repeats, min_spikes, seed, wildcards, output
):
    name, frame_rate = wildcards["cell"], store.attributes(stimulus)["frame_rate"]
    cell, groups = build_cell(cell_settings, frame_rate), {}
    for group, n_trials in {None: 1, "frozen": repeats}.items():
        frames = files.read_stimulus(stimulus, cell.window, group)
        rng = generator(seed, *wildcards.values(), str(group), "spikes")
        rate, counts = simulate(cell, frames, n_trials, frame_rate, rng)
        groups[group] = files.responses_dataset(name, counts, [0] * n_trials, frame_rate, rate=rate)
    about = {"cell": cell_settings, "repeats": repeats, "min_spikes": min_spikes}
    title = f"Responses of cell {name}"
    attributes = store.provenance(title, {"seed": seed, **about}, "simulated")
    files.write_responses(output, groups, attributes, min_spikes)


if __name__ == "__main__":
    run(simulate_responses, snakemake)
