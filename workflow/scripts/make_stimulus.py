"""Make a stimulus: its training sequence and its frozen test sequence."""

from functools import partial

from finefield.base.rng import generator
from finefield.files import contents as files
from finefield.files import store
from finefield.job import run
from finefield.stimuli.build import sequences
from finefield.stimuli.settings import AnyStimulus, StimulusField


def make_stimulus(
    *, recording, stimulus_settings: AnyStimulus, field: StimulusField, seed, wildcards, output
):
    if recording:
        n_frames = files.read_recorded_frames(recording)
    else:
        n_frames = {
            None: stimulus_settings.frames,
            "frozen": stimulus_settings.frozen_frames,
        }
    purpose = wildcards["dataset"], "stimulus", wildcards["stimulus"]
    found = sequences(stimulus_settings, n_frames, field, partial(generator, seed, *purpose))
    kind, about = stimulus_settings.kind, {"field": field, "stimulus": stimulus_settings}
    title = f"Stimulus {wildcards['stimulus']}"
    attributes = store.provenance(title, {"seed": seed, **about}, kind)
    attributes |= {"frame_rate": field.frame_rate, "pixel_size": field.pixel_size}
    attributes["kind"] = kind
    files.write_stimulus(output, found, attributes)


if __name__ == "__main__":
    run(make_stimulus, snakemake)
