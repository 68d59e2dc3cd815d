"""Read one cell's responses from a recording."""

import numpy as np

from finefield import files, store
from finefield.recording import read_counts
from scripts.job import run

#: In these recordings a response depends on frames before its own, never on its own.
DELAY = 1


def main(snakemake):
    params, layout = snakemake.params, snakemake.params.layout
    recording = read_counts(
        snakemake.input.recording,
        layout["running_key"],
        layout["frozen_key"],
        layout["axes"],
        layout["trials"],
        (layout["running_frames"], layout["frozen_frames"]),
    )
    cell = snakemake.wildcards.cell
    first_frames = {
        None: np.arange(layout["trials"]) * layout["running_frames"],
        "frozen": np.zeros(layout["trials"], int),
    }
    counts = {None: recording.running[int(cell)], "frozen": recording.frozen[int(cell)]}
    groups = {
        name: files.responses_dataset(cell, counts[name], first, params.frame_rate, DELAY)
        for name, first in first_frames.items()
    }
    attributes = store.provenance(f"Responses of cell {cell}", params, "read from a recording")
    files.write_responses(snakemake.output[0], groups, attributes, params.min_spikes)


run(main, snakemake)
