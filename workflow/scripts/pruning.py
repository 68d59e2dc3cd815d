"""Score a network without its null filters, and with some of its filters alone."""

from finefield.base import generator
from finefield.files import (
    provenance,
    read_judged,
    read_known,
    read_network,
    read_test,
    read_window,
    write_pruning,
)
from finefield.job import run
from finefield.networks import NetworkSettings
from finefield.subunits import score_pruned


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
    network, window = read_network(model), read_window(cell)
    known = read_known(model, stimulus, responses, window, model_settings)
    test = read_test(stimulus, responses, window, network.lags)
    pruning = score_pruned(network, known, test, *read_judged(filters), rng)
    title, about = f"Pruning of the network of cell {name}", {"seed": seed, "model": model_settings}
    about = provenance(title, about, "null filters removed, readout refitted")
    write_pruning(output, name, pruning, about)


if __name__ == "__main__":
    run(prune_filters, snakemake)
