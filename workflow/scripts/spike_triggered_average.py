"""Spike-triggered average of one cell on its crop, its covariance, and its LN model's score."""

import xarray as xr

from finefield.averages.ln import fit_ln
from finefield.averages.sta import separate, spike_triggered_average
from finefield.averages.stc import spike_triggered_covariance
from finefield.base.rng import generator
from finefield.files import contents as files
from finefield.files import store
from finefield.responses.scores import correlation, noise_ceiling
from scripts.job import run


def main(snakemake):
    params, inputs, wildcards = snakemake.params, snakemake.input, snakemake.wildcards
    window, lags, name = files.read_window(inputs.cell), params.sta["lags"], wildcards.cell
    stimulus = files.read_stimulus(inputs.stimulus, window)
    responses = files.read_responses(inputs.responses)
    newest, count = responses.samples(lags)
    sta = spike_triggered_average(stimulus, newest, count, lags) - stimulus.mean_and_sd()[0]
    temporal, spatial, _ = separate(sta)
    ln = fit_ln(stimulus, newest, count, temporal, spatial, responses.frame_rate)
    test = files.read_test(inputs.stimulus, inputs.responses, window, lags)
    predicted = ln.predict(test.stimulus, test.newest)
    values = {
        "sta": (("lag", "y", "x"), sta),
        "sta_temporal": ("lag", temporal),
        "sta_spatial": (("y", "x"), spatial),
        "nonlinearity_drive": ("node", ln.drive),
        "nonlinearity_rate": ("node", ln.rate),
        "correlation": correlation(predicted, test.measured),
        "noise_ceiling": noise_ceiling(test.counts),
    }
    groups = {"frozen": test.dataset(predicted)}
    if n_shuffles := params.sta["covariance_shuffles"]:
        rng = generator(params.seed, *wildcards, "covariance")
        stc = spike_triggered_covariance(stimulus, newest, count, temporal, n_shuffles, rng)
        groups["covariance"] = stc.to_dataset()
    title = f"Spike-triggered average of cell {name}"
    attributes = store.provenance(title, params, "counted and LN model fitted")
    data = xr.Dataset(values, {"cell": name}, attributes | {"frame_rate": responses.frame_rate})
    store.write(snakemake.output[0], data, groups)


run(main, snakemake)
