"""Spike-triggered average of one cell on its crop, and its LN model's score."""

import xarray as xr

from finefield import files, store
from finefield.ln import fit_ln
from finefield.scores import correlation, noise_ceiling
from finefield.sta import separate, spike_triggered_average
from scripts.job import run


def main(snakemake):
    params, inputs = snakemake.params, snakemake.input
    window, name = files.read_window(inputs.cell), snakemake.wildcards.cell
    stimulus = files.read_stimulus(inputs.stimulus, window)
    responses = files.read_responses(inputs.responses)
    newest, count = responses.samples(params.lags)
    sta = spike_triggered_average(stimulus, newest, count, params.lags)
    temporal, spatial, _ = separate(sta)
    ln = fit_ln(stimulus, newest, count, temporal, spatial, responses.frame_rate)
    test = files.read_test(inputs.stimulus, inputs.responses, window, params.lags)
    predicted = ln.predict(test.stimulus, test.newest)
    data = xr.Dataset(
        {
            "sta": (("lag", "y", "x"), sta),
            "sta_temporal": ("lag", temporal),
            "sta_spatial": (("y", "x"), spatial),
            "nonlinearity_drive": ("node", ln.drive),
            "nonlinearity_rate": ("node", ln.rate),
            "correlation": correlation(predicted, test.measured),
            "noise_ceiling": noise_ceiling(test.counts),
        },
        {"cell": name},
        store.provenance(
            f"Spike-triggered average of cell {name}", params, "counted and LN model fitted"
        ),
    )
    data.attrs["frame_rate"] = responses.frame_rate
    store.write(snakemake.output[0], data, {"frozen": test.dataset(predicted)})


run(main, snakemake)
