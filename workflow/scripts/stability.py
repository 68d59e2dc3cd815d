"""Compare the subunits that different starts of a network found, and those of STNMF."""

from finefield.base.rng import generator
from finefield.files.cell import read_known_subunits, read_window
from finefield.files.filters import read_found
from finefield.files.model import read_known, read_starts
from finefield.files.stability import write_stability
from finefield.files.store import provenance
from finefield.job import run
from finefield.networks.settings import NetworkSettings
from finefield.subunits.finding import found_subunits
from finefield.subunits.settings import FilterSettings
from finefield.subunits.stability import compare_starts


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
    found = {
        kind: [found_subunits(one, known, filter_settings, rng)[2].image for one in networks]
        for kind, networks in read_starts(model).items()
    }
    pairs = [(read_found(filters), read_found(path)) for path in stnmf]
    stability = compare_starts(found, pairs, read_known_subunits(cell), rng)
    about = {"seed": seed, "model": model_settings, "filters": filter_settings}
    about = provenance(f"Stability of the subunits of cell {name}", about, "starts compared")
    write_stability(output, name, stability, about)


if __name__ == "__main__":
    run(assess_stability, snakemake)
