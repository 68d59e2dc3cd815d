"""Make a stimulus: its training sequence and its frozen test sequence."""

from functools import partial

from finefield.base import generator
from finefield.files import provenance, read_recorded_frames, write_stimulus
from finefield.job import run
from finefield.stimuli import AnyStimulus, StimulusField, sequences


def make_stimulus(
    *, recording, stimulus_settings: AnyStimulus, field: StimulusField, seed, wildcards, output
):
    if recording:
        n_frames = read_recorded_frames(recording)
    else:
        keys = {"running": "frames", "frozen": "frozen_frames"}
        n_frames = {name: getattr(stimulus_settings, key) for name, key in keys.items()}
    purpose, kind = ("stimulus", wildcards["stimulus"]), stimulus_settings.kind
    rng = partial(generator, seed, wildcards["dataset"], *purpose)
    about = {"seed": seed, "field": field, "stimulus": stimulus_settings}
    about = provenance(f"Stimulus {wildcards['stimulus']}", about, kind) | {"kind": kind}
    about |= {key: getattr(field, key) for key in ("frame_rate", "pixel_size")}
    write_stimulus(output, sequences(stimulus_settings, n_frames, field, rng), about)


if __name__ == "__main__":
    run(make_stimulus, snakemake)
