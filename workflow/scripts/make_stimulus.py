"""Make a stimulus: its training sequence and its frozen test sequence."""

from functools import partial

from finefield.base.rng import generator
from finefield.files import contents as files
from finefield.files import store
from finefield.stimuli.build import sequences
from scripts.job import run


def main(snakemake):
    params, wildcards = snakemake.params, snakemake.wildcards
    field, stimulus = params.field, params.stimulus
    if recording := snakemake.input.get("recording"):
        n_frames = files.read_recorded_frames(recording)
    else:
        n_frames = {None: stimulus["frames"], "frozen": stimulus["frozen_frames"]}
    purpose = wildcards.dataset, "stimulus", wildcards.stimulus
    found = sequences(stimulus, n_frames, field, partial(generator, params.seed, *purpose))
    attributes = store.provenance(f"Stimulus {wildcards.stimulus}", params, stimulus["kind"])
    attributes |= {key: field[key] for key in ("frame_rate", "pixel_size")}
    attributes["kind"] = stimulus["kind"]
    files.write_stimulus(snakemake.output[0], found, attributes)


run(main, snakemake, [])
