"""Find a recorded cell's receptive field and polarity, and choose its crop."""

import logging

from finefield.averages.ln import fit_ln
from finefield.averages.location import locate
from finefield.averages.settings import ReceptiveFieldSettings
from finefield.averages.sta import field_average, separate
from finefield.files import contents as files
from finefield.files import store
from finefield.job import run
from finefield.stimuli.settings import StimulusField


def locate_cell(
    *,
    stimulus,
    responses,
    receptive_field_settings: ReceptiveFieldSettings,
    lags,
    field: StimulusField,
    seed,
    wildcards,
    output,
):
    pixel_size, settings = field.pixel_size, dict(receptive_field_settings)
    name, least_index = wildcards["cell"], settings.pop("on_off_index")
    counts = files.read_responses(responses)
    newest, count = counts.samples(lags)
    bands = files.stimulus_bands(stimulus)
    sta = field_average(bands, newest, count, lags) - files.stimulus_mean(stimulus)
    logging.info("%d spikes averaged", count.sum())
    found = locate(sta, pixel_size, **settings)
    temporal, spatial, _ = separate(sta[:, *found.crop.slices])
    crop = files.read_stimulus(stimulus, found.crop)
    ln = fit_ln(crop, newest, count, temporal, spatial, counts.frame_rate)
    polarity = "ON-OFF" if ln.on_off_index >= least_index else found.polarity
    axes = found.major / pixel_size, found.minor / pixel_size
    ellipse = found.y, found.x, *axes, found.angle
    data = files.cell_dataset(name, found.crop, polarity, ellipse, pixel_size)
    data = data.assign(sta_snr=found.snr, on_off_index=ln.on_off_index)
    about = {"field": field, "lags": lags, "receptive_field": receptive_field_settings}
    title = f"Recorded cell {name}"
    data.attrs |= store.provenance(title, {"seed": seed, **about}, "located by its STA")
    data.attrs["kind"] = "recorded"
    if not found.found:
        data.attrs["dropped"] = f"no receptive field: {found.reason}"
        logging.info("cell dropped: %s", data.attrs["dropped"])
    store.write(output, data)


if __name__ == "__main__":
    run(locate_cell, snakemake)
