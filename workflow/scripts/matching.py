"""Match the subunits that a network found one to one to a simulated cell's known ones."""

import xarray as xr

from finefield.base.rng import generator
from finefield.files import store
from finefield.job import run
from finefield.subunits.comparison import compare


def match_subunits(*, cell, filters, recovered_cosine, seed, wildcards, output):
    name = wildcards["cell"]
    found = store.read(filters, "found")["found_subunit"].values
    known = store.read(cell)["subunit_filter"].values
    rng = generator(seed, *wildcards.values(), "chance")
    values = compare(known, found, recovered_cosine, rng)
    about = {"seed": seed, "recovered_cosine": recovered_cosine}
    attributes = store.provenance(f"Subunits of cell {name}", about, "matched one to one")
    store.write(output, xr.Dataset(values, {"cell": name}, attributes))


if __name__ == "__main__":
    run(match_subunits, snakemake)
