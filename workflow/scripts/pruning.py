"""Score a network without its null filters, and with some of its filters alone."""

from finefield.base.rng import generator
from finefield.files import contents as files
from finefield.files import store
from finefield.files.models import read_known, read_network
from finefield.job import run
from finefield.networks.settings import NetworkSettings
from finefield.responses.scores import correlation
from finefield.subunits.pruning import Refit, prune, pruning_curve


def prune_filters(
    *,
    stimulus,
    cell,
    responses,
    model,
    filters,
    model_settings: NetworkSettings,
    seed,
    wildcards,
    output,
):
    name, rng = wildcards["cell"], generator(seed, *wildcards.values(), "pruning")
    network, found = read_network(model), store.read(filters)
    test = files.read_test(stimulus, responses, files.read_window(cell), network.lags)
    known = read_known(stimulus, cell, responses, model, model_settings)
    kept = found["effective"].values.astype(bool)
    pruned = prune(network, kept, *known).predict(test.stimulus, test.newest)
    drives, cost = network.drives(test.stimulus, test.newest), found["removal_cost"].values
    refit = Refit.of(network, *known)
    curve = pruning_curve(refit, network, cost, drives, test.measured, rng)
    data = curve.to_dataset().assign(
        correlation=correlation(network.rate(drives), test.measured),
        pruned_correlation=correlation(pruned, test.measured),
        n_effective=int(kept.sum()),
    )
    title, about = f"Pruning of the network of cell {name}", {"seed": seed, "model": model_settings}
    data.attrs = store.provenance(title, about, "null filters removed, readout refitted")
    store.write(output, data.assign_coords(cell=name))


if __name__ == "__main__":
    run(prune_filters, snakemake)
