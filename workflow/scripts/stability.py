"""Compare the subunits that different starts of a network found, and those of STNMF."""

import numpy as np
import xarray as xr

from finefield.base.rng import generator
from finefield.files import store
from finefield.files.models import read_known, read_starts
from finefield.subunits.finding import found_subunits
from finefield.subunits.stability import agreement, compare_starts, start_cosines
from scripts.job import run


def main(snakemake):
    params, inputs, wildcards = snakemake.params, snakemake.input, snakemake.wildcards
    rng = generator(params.seed, *wildcards, "stability")
    known, starts = read_known(inputs, params.model), read_starts(inputs.model)
    found = {
        kind: [found_subunits(one, *known, params.filters, rng)[2].image for one in networks]
        for kind, networks in starts.items()
    }
    values = compare_starts(found, rng)
    own = store.read(inputs.filters, "found")["found_subunit"].values
    others = [store.read(path, "found")["found_subunit"].values for path in inputs.stnmf]
    values |= agreement([(own, other) for other in others], rng).named("stnmf")
    cell = store.read(inputs.cell)
    if "subunit_filter" in cell:
        cosines = start_cosines(cell["subunit_filter"].values, found)
        values["start_cosine"] = (("start", "subunit"), cosines)
        drawn = np.array(values["start_kind"][1]) == "bootstraps"
        if drawn.any():
            low, high = np.quantile(cosines[drawn], [0.025, 0.975], axis=0)
            values |= {"cosine_low": ("subunit", low), "cosine_high": ("subunit", high)}
    data = xr.Dataset(values, {"cell": wildcards.cell})
    title = f"Stability of the subunits of cell {wildcards.cell}"
    data.attrs = store.provenance(title, params, "starts compared")
    store.write(snakemake.output[0], data)


run(main, snakemake)
