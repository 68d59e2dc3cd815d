"""Compare the subunits that different starts of a network found, and those of STNMF."""

from finefield.base import generator
from finefield.files import (
    provenance,
    read_found,
    read_known,
    read_known_subunits,
    read_starts,
    read_window,
    write_stability,
)
from finefield.job import run
from finefield.networks import NetworkSettings
from finefield.subunits import FilterSettings, compare_starts, found_by_each


def assess_stability(
    *,
    stimulus,
    cell,
    responses,
    model,
    filters,
    stnmf,
    model_settings: NetworkSettings,
    filter_settings: FilterSettings,
    seed,
    wildcards,
    output,
):
    name, rng = wildcards["cell"], generator(seed, *wildcards.values(), "stability")
    known = read_known(model, stimulus, responses, read_window(cell), model_settings)
    starts = read_starts(model)
    networks = [one for of_kind in starts.values() for one in of_kind]
    images = iter([one.image for *_, one in found_by_each(networks, known, filter_settings, rng)])
    found = {kind: [next(images) for _ in of_kind] for kind, of_kind in starts.items()}
    pairs = [(read_found(filters), read_found(path)) for path in stnmf]
    stability = compare_starts(found, pairs, read_known_subunits(cell), rng)
    about = {"seed": seed, "model": model_settings, "filters": filter_settings}
    about = provenance(f"Stability of the subunits of cell {name}", about, "starts compared")
    write_stability(output, name, stability, about)


if __name__ == "__main__":
    run(assess_stability, snakemake)
