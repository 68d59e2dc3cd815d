"""Compare the subunits that different starts of a network found, and those of STNMF."""

import numpy as np
import xarray as xr

from finefield.base.rng import generator
from finefield.files import store
from finefield.files.models import read_known, read_starts
from finefield.job import run
from finefield.networks.settings import NetworkSettings
from finefield.subunits.finding import found_subunits
from finefield.subunits.settings import FilterSettings
from finefield.subunits.stability import agreement, compare_starts, start_cosines


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
    known = read_known(stimulus, cell, responses, model, model_settings)
    found = {
        kind: [found_subunits(one, *known, filter_settings, rng)[2].image for one in networks]
        for kind, networks in read_starts(model).items()
    }
    values = compare_starts(found, rng)
    own, *others = (store.read(path, "found")["found_subunit"].values for path in [filters, *stnmf])
    values |= agreement([(own, other) for other in others], rng).named("stnmf")
    defined = store.read(cell)
    if "subunit_filter" in defined:
        cosines = start_cosines(defined["subunit_filter"].values, found)
        values["start_cosine"] = (("start", "subunit"), cosines)
        drawn = np.array(values["start_kind"][1]) == "bootstraps"
        if drawn.any():
            low, high = np.quantile(cosines[drawn], [0.025, 0.975], axis=0)
            values |= {"cosine_low": ("subunit", low), "cosine_high": ("subunit", high)}
    data = xr.Dataset(values, {"cell": name})
    about = {"seed": seed, "model": model_settings, "filters": filter_settings}
    title = f"Stability of the subunits of cell {name}"
    data.attrs = store.provenance(title, about, "starts compared")
    store.write(output, data)


if __name__ == "__main__":
    run(assess_stability, snakemake)
