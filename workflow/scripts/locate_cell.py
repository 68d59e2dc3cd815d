"""Find a recorded cell's receptive field and choose its crop."""

import logging
from dataclasses import asdict

import xarray as xr

from finefield import files, store
from finefield.receptive_field import locate
from finefield.sta import spike_triggered_average
from scripts.job import run


def main(snakemake):
    params, settings = snakemake.params, dict(snakemake.params.receptive_field)
    stimulus = files.read_stimulus(snakemake.input.stimulus)
    logging.info("stimulus read: %d frames of %d x %d pixels", *stimulus.shape)
    newest, count = files.read_responses(snakemake.input.responses).samples(params.lags)
    sta = spike_triggered_average(stimulus, newest, count, params.lags)
    logging.info("spikes averaged: %d", count.sum())
    found = locate(sta, params.field["pixel_size"], **settings)
    if not found.found:
        return store.write_dropped(snakemake.output[0], f"no receptive field: {found.reason}")
    data = files.cell_dataset(snakemake.wildcards.cell, found.crop, found.polarity)
    names = {
        "rf_y": "y",
        "rf_x": "x",
        "rf_major": "major",
        "rf_minor": "minor",
        "rf_angle": "angle",
        "sta_snr": "snr",
    }
    data = data.assign({name: xr.Variable((), asdict(found)[key]) for name, key in names.items()})
    data.attrs = store.provenance(
        f"Recorded cell {snakemake.wildcards.cell}", params, "located by its STA"
    )
    data.attrs |= {"kind": "recorded", "pixel_size": params.field["pixel_size"]}
    store.write(snakemake.output[0], data)


run(main, snakemake)
