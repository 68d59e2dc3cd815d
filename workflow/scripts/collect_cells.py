"""Collect all cells of a dataset in one table, with their quality, and why some were dropped."""

from finefield.files import provenance
from finefield.job import run
from finefield.stimuli import StimulusField
from finefield.tables import cells_table, write_cells


def collect_cells(*, cells, responses, cell_names, field: StimulusField, seed, dataset, table):
    data = cells_table(cell_names, cells, responses)
    history = f"{len(cell_names)} cells, {int((data['note'] != '').sum())} dropped"
    about = {"seed": seed, "cells": cell_names, "field": field}
    about = provenance("Cells of a dataset", about, history)
    write_cells(dataset, table, data, field, about)


if __name__ == "__main__":
    run(collect_cells, snakemake)
