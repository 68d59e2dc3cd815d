"""Split a network's filters in space and time, and test it without the null ones."""

import xarray as xr

from finefield import files, store
from finefield.filters import describe_filters
from finefield.model_files import read_network
from finefield.scores import correlation
from scripts.job import run


def main(snakemake):
    params, inputs = snakemake.params, snakemake.input
    network = read_network(inputs.model)
    name = snakemake.wildcards.cell
    found = describe_filters(network, **params.filters)
    window = files.read_window(inputs.cell)
    test = files.read_test(inputs.stimulus, inputs.responses, window, network.lags)
    pruned = network.keeping(found.effective).predict(test.stimulus, test.newest)
    data = xr.Dataset(
        {
            "temporal": (("filter", "lag"), found.temporal),
            "placed": (("filter", "y", "x"), found.placed),
            "explained": ("filter", found.explained),
            "morans_i": ("filter", found.morans_i),
            "contribution": ("filter", found.contribution),
            "effective": ("filter", found.effective.astype("int8")),
            "pruned_correlation": correlation(pruned, test.measured),
        },
        {"cell": name},
        store.provenance(f"Filters of cell {name}", params, "split"),
    )
    patches = xr.Dataset({"spatial": (("filter", "y", "x"), found.spatial)})
    store.write(snakemake.output[0], data, {"patches": patches})


run(main, snakemake)
