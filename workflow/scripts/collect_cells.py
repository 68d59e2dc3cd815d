"""Collect all cells of a dataset in one table, the dropped ones with their reasons."""

import xarray as xr

from finefield import store
from scripts.job import run


def main(snakemake):
    params, inputs, kept, dropped = snakemake.params, snakemake.input, [], {}
    for cell, path, responses in zip(params.cells, inputs.cells, inputs.responses, strict=True):
        if reason := store.dropped_reason([responses, path]):
            dropped[cell] = reason
            continue
        data = store.read(path).assign(n_spikes=store.attributes(responses)["n_spikes"])
        # Numbered, so that cells of different sizes are aligned and padded with NaN.
        kept.append(data.assign_coords({name: range(size) for name, size in data.sizes.items()}))
    how = {"data_vars": "all", "join": "outer", "combine_attrs": "drop_conflicts"}
    data = xr.concat(kept, "cell", **how) if kept else xr.Dataset()
    counts = f"{len(kept)} cells, {len(dropped)} dropped"
    data.attrs |= store.provenance("Cells of a dataset", params, counts)
    data.attrs["dropped_cells"] = "; ".join(f"{cell}: {reason}" for cell, reason in dropped.items())
    store.write(snakemake.output[0], data)


run(main, snakemake, [])
