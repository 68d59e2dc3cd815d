"""Tell which of a network's filters matter, find the subunits, and score it without the others."""

from finefield.base import generator
from finefield.files import (
    attributes,
    provenance,
    read_ellipse,
    read_known,
    read_network,
    read_test,
    read_window,
    write_filters,
    write_pruning,
)
from finefield.job import run
from finefield.networks import NetworkSettings
from finefield.subunits import FilterSettings, found_subunits, score_pruned


def find_filters(
    *,
    stimulus,
    cell,
    responses,
    model,
    model_settings: NetworkSettings,
    filter_settings: FilterSettings,
    seed,
    wildcards,
    filters,
    pruning,
):
    name, network, window = wildcards["cell"], read_network(model), read_window(cell)
    known = read_known(model, stimulus, responses, window, model_settings)
    rng = generator(seed, *wildcards.values(), "filters")
    judged, removal, subunits = found_subunits(network, known, filter_settings, rng)
    tiling, pixel_size = subunits.tiling(read_ellipse(cell)), attributes(cell)["pixel_size"]
    about = {"seed": seed, "model": model_settings, "filters": filter_settings}
    made = provenance(f"Filters of cell {name}", about, "split and placed")
    write_filters(filters, name, judged, removal, subunits, tiling, pixel_size, made)
    test = read_test(stimulus, responses, window, network.lags)
    rng = generator(seed, *wildcards.values(), "pruning")
    scores = score_pruned(network, known, test, judged.effective, removal.cost, rng)
    title = f"Pruning of the network of cell {name}"
    made = provenance(title, about, "null filters removed, readout refitted")
    write_pruning(pruning, name, scores, made)


if __name__ == "__main__":
    run(find_filters, snakemake)
