"""Collect the scores of one sweep from its networks, dropped cells as NaN with their reasons."""

import logging

from finefield.config.sweeps import coordinate, units
from finefield.files import store
from finefield.job import run
from finefield.tables.sweeps import collect, scores


def collect_sweep(
    *, models, filters, matching, sweep_settings, cell_names, stimulus_name, seed, output
):
    rows, setting = [], sweep_settings["setting"]
    for i, path in enumerate(models):
        if reason := store.dropped_reason([path]):
            rows.append({"note": f"dropped: {reason}"})
            logging.warning("%s dropped: %s", path, reason)
        else:
            matched = store.read(matching[i]) if matching else None
            rows.append(scores(store.read(path), store.read(filters[i]), matched))
    names = {"model": sweep_settings["models"], "value": coordinate(sweep_settings["values"])}
    names["cell"] = cell_names
    data = collect(rows, names, simulated=bool(matching))
    data["value"].attrs = {"long_name": setting, "units": units(setting)}
    dropped = sum("note" in row for row in rows)
    history = f"collected from {len(rows)} networks, {dropped} of them dropped"
    about = {"sweep": sweep_settings, "cells": cell_names, "stimulus": stimulus_name}
    data.attrs = store.provenance(f"Sweep of {setting}", {"seed": seed, **about}, history)
    data.attrs |= {"setting": setting, "stimulus": stimulus_name}
    store.write(output, data)


if __name__ == "__main__":
    run(collect_sweep, snakemake)
