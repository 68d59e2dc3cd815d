"""Split a network's filters in space and time, tell which matter, and find the subunits."""

from finefield.base.rng import generator
from finefield.files import contents as files
from finefield.files import store
from finefield.files.models import read_known, read_network
from finefield.subunits.finding import found_subunits
from scripts.job import run


def main(snakemake):
    params, inputs, wildcards = snakemake.params, snakemake.input, snakemake.wildcards
    rng = generator(params.seed, *wildcards, "filters")
    network, known = read_network(inputs.model), read_known(inputs, params.model)
    filters, removal, subunits = found_subunits(network, *known, params.filters, rng)
    coverage, overlap = subunits.tiling(files.read_ellipse(inputs.cell))
    groups = filters.to_datasets()
    data = groups.pop(None).assign(
        removal_cost=("filter", removal.cost),
        removal_error=("filter", removal.error),
        duplicate_of=("filter", subunits.duplicate_of),
        n_found=len(subunits.image),
        coverage=coverage,
        overlap=overlap,
    )
    groups |= subunits.to_datasets(store.attributes(inputs.cell)["pixel_size"])
    data = data.assign_coords(cell=wildcards.cell)
    data.attrs = store.provenance(f"Filters of cell {wildcards.cell}", params, "split and placed")
    store.write(snakemake.output[0], data, groups)


run(main, snakemake)
