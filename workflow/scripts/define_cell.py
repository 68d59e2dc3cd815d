"""Write down a simulated cell as its part of the config defines it."""

import numpy as np

from finefield.averages.location import ellipse
from finefield.files import contents as files
from finefield.files import store
from finefield.simulation.cell import build_cell
from scripts.job import run


def main(snakemake):
    params, name = snakemake.params, snakemake.wildcards.cell
    cell = build_cell(params.cell, params.field["frame_rate"])
    y, x, *shape = ellipse(np.tensordot(cell.weights, cell.subunits, axes=1))
    place = cell.window.y + y, cell.window.x + x, *shape
    data = files.cell_dataset(
        name, cell.window, params.cell["polarity"], place, params.field["pixel_size"]
    ).assign(
        subunit_filter=(("subunit", "y", "x"), cell.subunits),
        subunit_weight=("subunit", cell.weights),
        temporal_filter=("lag", cell.temporal_filter),
        cell_type=params.cell.get("type", ""),
    )
    data.attrs |= store.provenance(f"Simulated cell {name}", params, "defined by config")
    data.attrs["kind"] = "simulated"
    store.write(snakemake.output[0], data)


run(main, snakemake)
