"""Collect the subunits that a network found in all cells, how sure they are, and how well known."""

from finefield.files import provenance
from finefield.job import run
from finefield.tables import subunits_table, write_subunits


def collect_subunits(*, filters, pruning, stability, matching, cell_names, seed, dataset, table):
    data = subunits_table(cell_names, filters, pruning, stability, matching)
    about = {"seed": seed, "cells": cell_names}
    about = provenance("Subunits of a population", about, f"{len(cell_names)} cells")
    write_subunits(dataset, table, data, about)


if __name__ == "__main__":
    run(collect_subunits, snakemake)
