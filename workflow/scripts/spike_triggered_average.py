"""Spike-triggered average of one cell on its crop, its covariance, and its LN model's score."""

import xarray as xr

from finefield.averages.ln import fit_ln
from finefield.averages.settings import AverageSettings
from finefield.averages.sta import separate
from finefield.averages.sta import spike_triggered_average as average
from finefield.averages.stc import spike_triggered_covariance
from finefield.base.rng import generator
from finefield.files import contents as files
from finefield.files import store
from finefield.job import run
from finefield.responses.scores import correlation, noise_ceiling


def spike_triggered_average(
    *, stimulus, cell, responses, average_settings: AverageSettings, seed, wildcards, output
):
    window, lags, name = files.read_window(cell), average_settings.lags, wildcards["cell"]
    frames, counts = files.read_stimulus(stimulus, window), files.read_responses(responses)
    newest, count = counts.samples(lags)
    sta = average(frames, newest, count, lags) - frames.mean_and_sd()[0]
    temporal, spatial, _ = separate(sta)
    ln = fit_ln(frames, newest, count, temporal, spatial, counts.frame_rate)
    test = files.read_test(stimulus, responses, window, lags)
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
    if n_shuffles := average_settings.covariance_shuffles:
        rng = generator(seed, *wildcards.values(), "covariance")
        stc = spike_triggered_covariance(frames, newest, count, temporal, n_shuffles, rng)
        groups["covariance"] = stc.to_dataset()
    title, about = (
        f"Spike-triggered average of cell {name}",
        {"seed": seed, "sta": average_settings},
    )
    attributes = store.provenance(title, about, "counted and LN model fitted")
    data = xr.Dataset(values, {"cell": name}, attributes | {"frame_rate": counts.frame_rate})
    store.write(output, data, groups)


if __name__ == "__main__":
    run(spike_triggered_average, snakemake)
