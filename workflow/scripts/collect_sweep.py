"""Collect the scores of one sweep from its networks, dropped cells as NaN with their reasons."""

import logging

from finefield.config.sweeps import coordinate, units
from finefield.files import store
from finefield.tables.sweeps import collect, scores
from scripts.job import run


def main(snakemake):
    inputs, params, rows = snakemake.input, snakemake.params, []
    setting = params.sweep["setting"]
    for i, path in enumerate(inputs.models):
        if reason := store.dropped_reason([path]):
            rows.append({"note": f"dropped: {reason}"})
            logging.warning("%s dropped: %s", path, reason)
        else:
            matching = store.read(inputs.matching[i]) if inputs.matching else None
            rows.append(scores(store.read(path), store.read(inputs.filters[i]), matching))
    names = {"model": params.sweep["models"], "value": coordinate(params.sweep["values"])}
    names["cell"] = params.cells
    data = collect(rows, names, simulated=bool(inputs.matching))
    data["value"].attrs = {"long_name": setting, "units": units(setting)}
    dropped = sum("note" in row for row in rows)
    history = f"collected from {len(rows)} networks, {dropped} of them dropped"
    data.attrs = store.provenance(f"Sweep of {setting}", params, history)
    data.attrs |= {"setting": setting, "stimulus": params.stimulus}
    store.write(snakemake.output[0], data)


run(main, snakemake, [])
