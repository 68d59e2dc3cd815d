"""Split a network's filters in space and time, tell which matter, and find the subunits."""

from finefield.base.rng import generator
from finefield.files import contents as files
from finefield.files import store
from finefield.files.models import read_known, read_network
from finefield.job import run
from finefield.networks.settings import NetworkSettings
from finefield.subunits.finding import found_subunits
from finefield.subunits.settings import FilterSettings


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
    output,
):
    name, rng = wildcards["cell"], generator(seed, *wildcards.values(), "filters")
    network = read_network(model)
    known = read_known(stimulus, cell, responses, model, model_settings)
    filters, removal, subunits = found_subunits(network, *known, filter_settings, rng)
    coverage, overlap = subunits.tiling(files.read_ellipse(cell))
    groups = filters.to_datasets()
    data = groups.pop(None).assign(
        removal_cost=("filter", removal.cost),
        removal_error=("filter", removal.error),
        duplicate_of=("filter", subunits.duplicate_of),
        n_found=len(subunits.image),
        coverage=coverage,
        overlap=overlap,
    )
    groups |= subunits.to_datasets(store.attributes(cell)["pixel_size"])
    data = data.assign_coords(cell=name)
    about = {"seed": seed, "model": model_settings, "filters": filter_settings}
    data.attrs = store.provenance(f"Filters of cell {name}", about, "split and placed")
    store.write(output, data, groups)


if __name__ == "__main__":
    run(find_filters, snakemake)
