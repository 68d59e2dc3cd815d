"""Find a recorded cell's receptive field and polarity, and choose its crop."""

import logging

from finefield.averages.ln import fit_ln
from finefield.averages.location import locate
from finefield.averages.sta import field_average, separate
from finefield.files import contents as files
from finefield.files import store
from scripts.job import run


def main(snakemake):
    params, inputs, cell = snakemake.params, snakemake.input, snakemake.wildcards.cell
    pixel_size, settings = params.field["pixel_size"], dict(params.receptive_field)
    least_index = settings.pop("on_off_index")
    responses = files.read_responses(inputs.responses)
    newest, count = responses.samples(params.lags)
    bands = files.stimulus_bands(inputs.stimulus)
    sta = field_average(bands, newest, count, params.lags) - files.stimulus_mean(inputs.stimulus)
    logging.info("%d spikes averaged", count.sum())
    found = locate(sta, pixel_size, **settings)
    temporal, spatial, _ = separate(sta[:, *found.crop.slices])
    crop = files.read_stimulus(inputs.stimulus, found.crop)
    ln = fit_ln(crop, newest, count, temporal, spatial, responses.frame_rate)
    polarity = "ON-OFF" if ln.on_off_index >= least_index else found.polarity
    axes = found.major / pixel_size, found.minor / pixel_size
    ellipse = found.y, found.x, *axes, found.angle
    data = files.cell_dataset(cell, found.crop, polarity, ellipse, pixel_size)
    data = data.assign(sta_snr=found.snr, on_off_index=ln.on_off_index)
    data.attrs |= store.provenance(f"Recorded cell {cell}", params, "located by its STA")
    data.attrs["kind"] = "recorded"
    if not found.found:
        data.attrs["dropped"] = f"no receptive field: {found.reason}"
        logging.info("cell dropped: %s", data.attrs["dropped"])
    store.write(snakemake.output[0], data)


run(main, snakemake)
