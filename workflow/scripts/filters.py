"""Split a network's filters in space and time, tell which matter, and find the subunits."""

from finefield.base import generator
from finefield.files import (
    attributes,
    provenance,
    read_ellipse,
    read_gain,
    read_network,
    read_responses,
    read_stimulus,
    read_window,
    write_filters,
)
from finefield.job import run
from finefield.networks import Known, NetworkSettings
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
    movie, counts = read_stimulus(stimulus, read_window(cell)), read_responses(responses)
    known = Known.of(movie, counts, read_gain(model), model_settings)
    *found, subunits = found_subunits(read_network(model), known, filter_settings, rng)
    tiling, pixel_size = subunits.tiling(read_ellipse(cell)), attributes(cell)["pixel_size"]
    about = {"seed": seed, "model": model_settings, "filters": filter_settings}
    about = provenance(f"Filters of cell {name}", about, "split and placed")
    write_filters(output, name, *found, subunits, tiling, pixel_size, about)


if __name__ == "__main__":
    run(find_filters, snakemake)
