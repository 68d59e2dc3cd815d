"""Collect all cells of a dataset in one table, the dropped ones with their reasons."""

import xarray as xr

from finefield import store
from scripts.job import run


def main(snakemake):
    params = snakemake.params
    kept, dropped = [], {}
    for cell, path, responses in zip(params.cells, snakemake.input.cells, snakemake.input.responses):
        reason = store.dropped_reason([responses, path])
        if reason:
            dropped[cell] = reason
            continue
        data = store.read(path).assign(n_spikes=store.attributes(responses)["n_spikes"])
        # Numbered, so that cells of different sizes are aligned and padded with NaN.
        sizes = {name: range(size) for name, size in data.sizes.items()}
        kept.append(data.assign_coords(sizes).expand_dims("cell"))
    data = xr.combine_by_coords(kept, combine_attrs="drop") if kept else xr.Dataset()
    data.attrs |= store.provenance("Cells of a dataset", params, f"{len(kept)} cells, {len(dropped)} dropped")
    data.attrs["dropped_cells"] = "; ".join(f"{cell}: {reason}" for cell, reason in dropped.items())
    store.write(snakemake.output[0], data)


run(main, snakemake, [])  # noqa: F821
