"""Match the subunits that a network found one to one to a simulated cell's known ones."""

import xarray as xr

from finefield.base.rng import generator
from finefield.files import store
from finefield.subunits.comparison import compare
from scripts.job import run


def main(snakemake):
    params, inputs, name = snakemake.params, snakemake.input, snakemake.wildcards.cell
    found = store.read(inputs.filters, "found")["found_subunit"].values
    known = store.read(inputs.cell)["subunit_filter"].values
    rng = generator(params.seed, *snakemake.wildcards, "chance")
    values = compare(known, found, params.recovered_cosine, rng)
    about = store.provenance(f"Subunits of cell {name}", params, "matched one to one")
    store.write(snakemake.output[0], xr.Dataset(values, {"cell": name}, about))


run(main, snakemake)
