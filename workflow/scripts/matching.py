"""Match the effective filters of a network one to one to a simulated cell's subunits."""

import numpy as np
import xarray as xr

from finefield import store
from finefield.filters import describe_filters, placements
from finefield.matching import chance_cosine, match
from finefield.model_files import read_network
from finefield.rng import generator
from scripts.job import run


def main(snakemake):
    params, inputs, name = snakemake.params, snakemake.input, snakemake.wildcards.cell
    network = read_network(inputs.model)
    found = describe_filters(network, **params.filters)
    index, images = placements(network, found, params.filters["contribution_threshold"])
    subunits = store.read(inputs.cell)["subunit_filter"].values
    matched, cosine = match(subunits, images)
    # A subunit without a placement (-1) picks the entry appended for it.
    index, shown = np.append(index, -1), np.append(images, np.zeros_like(subunits[:1]), axis=0)
    rng = generator(params.seed, *snakemake.wildcards, "chance")
    data = xr.Dataset(
        {
            "matched_filter": ("subunit", index[matched]),
            "matched": (("subunit", "y", "x"), shown[matched]),
            "cosine": ("subunit", cosine),
            "chance_cosine": chance_cosine(subunits, images, rng),
        },
        {"cell": name},
        store.provenance(f"Subunits of cell {name}", params, "filters matched one to one"),
    )
    store.write(snakemake.output[0], data)


run(main, snakemake)
