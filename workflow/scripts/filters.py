"""Split a network's filters in space and time, tell which matter, and find the subunits."""

from finefield.base import generator
from finefield.files import (
    attributes,
    provenance,
    read_ellipse,
    read_known,
    read_network,
    read_window,
    write_filters,
)
from finefield.job import run
from finefield.networks import NetworkSettings
from finefield.subunits import FilterSettings, found_subunits


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
    known = read_known(model, stimulus, responses, read_window(cell), model_settings)
    *found, subunits = found_subunits(read_network(model), known, filter_settings, rng)
    tiling, pixel_size = subunits.tiling(read_ellipse(cell)), attributes(cell)["pixel_size"]
    about = {"seed": seed, "model": model_settings, "filters": filter_settings}
    about = provenance(f"Filters of cell {name}", about, "split and placed")
    write_filters(output, name, *found, subunits, tiling, pixel_size, about)


if __name__ == "__main__":
    run(find_filters, snakemake)
