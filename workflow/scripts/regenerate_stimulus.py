"""Regenerate a recording's stimulus from its seeds."""

from finefield import files, store
from finefield.noise import ran1_blocks
from scripts.job import run


def main(snakemake):
    params = snakemake.params
    field, layout, stimulus = params.field, params.layout, params.stimulus
    shapes = {
        None: (layout["trials"] * layout["running_frames"], field["height"], field["width"]),
        "frozen": (layout["frozen_frames"], field["height"], field["width"]),
    }
    seeds = {None: stimulus["running_seed"], "frozen": stimulus["frozen_seed"]}
    blocks = {name: ran1_blocks(seeds[name], *shape) for name, shape in shapes.items()}
    attributes = store.provenance(
        f"Stimulus {snakemake.wildcards.stimulus}",
        params,
        f"regenerated {stimulus['kind']} from its seeds",
    )
    scene = {
        "kind": stimulus["kind"],
        "frame_rate": field["frame_rate"],
        "pixel_size": field["pixel_size"],
    }
    files.write_stimulus(snakemake.output[0], blocks, shapes, (-1.0, 1.0), attributes | scene)


run(main, snakemake)
