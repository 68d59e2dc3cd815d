"""Collect the scores of one sweep from its networks, dropped cells as NaN with their reasons."""

from finefield.config import coordinate
from finefield.files import provenance
from finefield.job import run
from finefield.tables import collect, sweep_rows, write_sweep


def collect_sweep(
    *, models, filters, matching, sweep_settings, units, cell_names, stimulus_name, seed, output
):
    rows, setting = sweep_rows(models, filters, matching), sweep_settings["setting"]
    values, swept = coordinate(sweep_settings["values"]), sweep_settings["models"]
    names = {"model": swept, "value": values, "cell": cell_names}
    data = collect(rows, names, simulated=bool(matching))
    dropped = sum("note" in row for row in rows)
    history = f"collected from {len(rows)} networks, {dropped} of them dropped"
    about = {"sweep": sweep_settings, "cells": cell_names, "stimulus": stimulus_name}
    about = provenance(f"Sweep of {setting}", {"seed": seed, **about}, history)
    write_sweep(output, data, setting, units, about | {"stimulus": stimulus_name})


if __name__ == "__main__":
    run(collect_sweep, snakemake)
