"""The file of a network without some of its filters."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from finefield.files import store
from finefield.files.declared import ROOT, File, variables

if TYPE_CHECKING:
    from finefield.subunits.pruning import Pruning

SCORES = variables("""
    correlation: Pearson correlation of predicted and measured rate
    pruned_correlation: correlation without the null filters, the readout refitted
    n_effective: number of effective filters
    kept_correlation (kept): correlation with some filters, the costliest to remove first
    random_correlation (order, kept): correlation with some filters, in random order
""")
PRUNING = File(
    "pruning/{model}/{stimulus}/{cell}.nc",
    "scores of a network without some of its filters",
    {ROOT: SCORES},
)


def write_pruning(
    path: str | Path, cell: str, pruning: "Pruning", about: Mapping[str, object]
) -> None:
    """Write the scores of a cell's network without some of its filters."""
    kept = 1 + np.arange(len(pruning.kept_correlation))
    store.write(path, PRUNING, {ROOT: {"cell": cell, "kept": kept, **vars(pruning)}}, about)
