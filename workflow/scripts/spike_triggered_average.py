"""Spike-triggered average of one cell on its crop, its covariance, and its LN model's score."""

from finefield.averages import AverageSettings, fit_average
from finefield.base import generator
from finefield.files import (
    provenance,
    read_responses,
    read_stimulus,
    read_test,
    read_window,
    write_average,
)
from finefield.job import run


def spike_triggered_average(
    *, stimulus, cell, responses, average_settings: AverageSettings, seed, wildcards, output
):
    window, lags, name = read_window(cell), average_settings.lags, wildcards["cell"]
    test = read_test(stimulus, responses, window, lags)
    n_shuffles = average_settings.covariance_shuffles
    rng = generator(seed, *wildcards.values(), "covariance")
    running = read_stimulus(stimulus, window), read_responses(responses)
    average = fit_average(*running, test, lags, n_shuffles, rng)
    title, about = (
        f"Spike-triggered average of cell {name}",
        {"seed": seed, "sta": average_settings},
    )
    about = provenance(title, about, "counted and LN model fitted")
    write_average(output, name, average, test, about)


if __name__ == "__main__":
    run(spike_triggered_average, snakemake)
