"""Score a network without its null filters, and with some of its filters alone."""

from finefield.base.rng import generator
from finefield.files import contents as files
from finefield.files import store
from finefield.files.models import read_known, read_network
from finefield.responses.scores import correlation
from finefield.subunits.pruning import Refit, prune, pruning_curve
from scripts.job import run


def main(snakemake):
    params, inputs, wildcards = snakemake.params, snakemake.input, snakemake.wildcards
    network, filters = read_network(inputs.model), store.read(inputs.filters)
    test = files.read_test(
        inputs.stimulus, inputs.responses, files.read_window(inputs.cell), network.lags
    )
    known, kept = read_known(inputs, params.model), filters["effective"].values.astype(bool)
    pruned = prune(network, kept, *known).predict(test.stimulus, test.newest)
    drives, cost = network.drives(test.stimulus, test.newest), filters["removal_cost"].values
    rng = generator(params.seed, *wildcards, "pruning")
    refit = Refit.of(network, *known)
    curve = pruning_curve(refit, network, cost, drives, test.measured, rng)
    data = curve.to_dataset().assign(
        correlation=correlation(network.rate(drives), test.measured),
        pruned_correlation=correlation(pruned, test.measured),
        n_effective=int(kept.sum()),
    )
    title = f"Pruning of the network of cell {wildcards.cell}"
    data.attrs = store.provenance(title, params, "null filters removed, readout refitted")
    store.write(snakemake.output[0], data.assign_coords(cell=wildcards.cell))


run(main, snakemake)
