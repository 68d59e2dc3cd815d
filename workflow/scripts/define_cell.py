"""Write down a simulated cell as its part of the config defines it."""

from finefield import files, store
from finefield.simulation import build_cell
from scripts.job import run


def main(snakemake):
    params = snakemake.params
    cell = build_cell(params.cell, params.field["frame_rate"])
    data = files.cell_dataset(
        snakemake.wildcards.cell, cell.window, params.cell["polarity"]
    ).assign(
        subunit_filter=(("subunit", "y", "x"), cell.subunits),
        subunit_weight=("subunit", cell.weights),
        temporal_filter=("lag", cell.temporal_filter),
    )
    data.attrs = store.provenance(
        f"Simulated cell {snakemake.wildcards.cell}", params, "defined by config"
    )
    data.attrs |= {"kind": "simulated", "pixel_size": params.field["pixel_size"]}
    store.write(snakemake.output[0], data)


run(main, snakemake)
