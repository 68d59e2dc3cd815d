"""Find a recorded cell's receptive field and polarity, and choose its crop."""

from functools import partial

from finefield.averages import ReceptiveFieldSettings
from finefield.averages import locate_cell as locate
from finefield.files import (
    provenance,
    read_responses,
    read_stimulus,
    stimulus_bands,
    stimulus_mean,
    write_recorded_cell,
)
from finefield.job import run
from finefield.stimuli import StimulusField, Window


def locate_cell(
    *,
    stimulus,
    responses,
    receptive_field_settings: ReceptiveFieldSettings,
    crop: Window | None,
    lags,
    field: StimulusField,
    seed,
    wildcards,
    output,
):
    name, pixel_size = wildcards["cell"], field.pixel_size
    found = locate(
        bands=stimulus_bands(stimulus),
        mean=stimulus_mean(stimulus),
        read_crop=partial(read_stimulus, stimulus),
        responses=read_responses(responses),
        lags=lags,
        field=(field.height, field.width),
        pixel_size=pixel_size,
        settings=receptive_field_settings,
        crop=crop,
    )
    settings = {"field": field, "lags": lags, "receptive_field": receptive_field_settings}
    about = {"seed": seed, "crop": crop and vars(crop), **settings}
    about = provenance(f"Recorded cell {name}", about, "located by its STA")
    write_recorded_cell(output, name, found, pixel_size, about)


if __name__ == "__main__":
    run(locate_cell, snakemake)
