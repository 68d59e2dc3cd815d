"""Make a stimulus: its training sequence and its frozen test sequence."""

from finefield import files, store
from finefield.rng import generator
from finefield.stimuli import sequence_blocks
from scripts.job import run


def main(snakemake):
    params, wildcards = snakemake.params, snakemake.wildcards
    field, stimulus = params.field, params.stimulus
    if recording := snakemake.input.get("recording"):
        n_frames = files.read_recorded_frames(recording)
    else:
        n_frames = {None: stimulus["frames"], "frozen": stimulus["frozen_frames"]}
    purpose = wildcards.dataset, "stimulus", wildcards.stimulus
    sequences = {
        name: sequence_blocks(
            stimulus,
            name or "running",
            n_frames[name],
            field["height"],
            field["width"],
            generator(params.seed, *purpose, str(name)),
        )
        for name in (None, "frozen")
    }
    attributes = store.provenance(f"Stimulus {wildcards.stimulus}", params, stimulus["kind"])
    attributes |= {key: field[key] for key in ("frame_rate", "pixel_size")}
    attributes["kind"] = stimulus["kind"]
    files.write_stimulus(snakemake.output[0], sequences, attributes)


run(main, snakemake, [])
