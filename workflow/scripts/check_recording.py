"""Describe a recording, and say what looks wrong in it."""

import logging

from finefield.averages import ReceptiveFieldSettings
from finefield.files import provenance, read_recording, read_stimulus
from finefield.job import run
from finefield.stimuli import AnyStimulus, StimulusField, few_frames, known_frames
from finefield.tables import assess, faults, page, write_quality


def check_recording(
    *,
    recording,
    stimulus,
    cell_names,
    field: StimulusField,
    receptive_field_settings: ReceptiveFieldSettings,
    stimulus_settings: AnyStimulus,
    delay,
    min_spikes,
    lags,
    seed,
    wildcards,
    quality,
    table,
):
    movie = None
    if stimulus:
        movie = read_stimulus(stimulus[0], n_frames=few_frames(stimulus_settings, field))
    data = read_recording(recording)
    about = {"delay": delay, "min_spikes": min_spikes, "lags": lags}
    about |= {"field": field, "receptive_field": receptive_field_settings}
    known = {name: known_frames(stimulus_settings, name) for name in data.sequences}
    found = assess(data, movie, cells=cell_names, known_frames=known, **about)
    about = provenance("Quality of a recording", {"seed": seed, **about}, "described")
    write_quality(quality, table, found, about)
    title = f"{wildcards['dataset']}, {wildcards['stimulus']}"
    logging.info("%s\n%s", table, page(found, faults(found), title))


if __name__ == "__main__":
    run(check_recording, snakemake)
