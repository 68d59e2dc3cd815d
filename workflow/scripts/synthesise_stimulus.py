"""Synthesise a stimulus: its training sequence and its frozen test sequence."""

from finefield import files, store
from finefield.noise import numpy_blocks
from finefield.rng import generator
from scripts.job import run


def main(snakemake):
    params = snakemake.params
    field, stimulus = params.field, params.stimulus
    shapes = {
        None: (stimulus["frames"], field["height"], field["width"]),
        "frozen": (stimulus["frozen_frames"], field["height"], field["width"]),
    }
    purpose = snakemake.wildcards.dataset, "stimulus", snakemake.wildcards.stimulus
    blocks = {
        name: numpy_blocks(generator(params.seed, *purpose, str(name)), *shape)
        for name, shape in shapes.items()
    }
    attributes = store.provenance(
        f"Stimulus {snakemake.wildcards.stimulus}", params, f"synthesised {stimulus['kind']}"
    )
    scene = {
        "kind": stimulus["kind"],
        "frame_rate": field["frame_rate"],
        "pixel_size": field["pixel_size"],
    }
    files.write_stimulus(
        snakemake.output[0], blocks, shapes, stimulus["contrasts"], attributes | scene
    )


run(main, snakemake)
