"""Collect all cells of a dataset in one table, with their quality, and why some were dropped."""

from finefield.files import provenance
from finefield.job import run
from finefield.stimuli import AnyStimulus, StimulusField
from finefield.tables import cells_table, doubt_stimulus, write_cells


def collect_cells(
    *,
    cells,
    responses,
    cell_names,
    field: StimulusField,
    sought_with: AnyStimulus | None,
    lags,
    seed,
    dataset,
    table,
):
    data = cells_table(cell_names, cells, responses)
    if sought_with:
        doubt_stimulus(
            data, dict(zip(cell_names, responses, strict=True)), sought_with, field, lags
        )
    history = f"{len(cell_names)} cells, {int((data['note'] != '').sum())} dropped"
    about = {"seed": seed, "cells": cell_names, "field": field}
    about = provenance("Cells of a dataset", about, history)
    write_cells(dataset, table, data, field, about)


if __name__ == "__main__":
    run(collect_cells, snakemake)
