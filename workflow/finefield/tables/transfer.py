"""The transfer grid of one network: every cell's network on every cell and stimulus."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import xarray as xr

from finefield.base.errors import UserError
from finefield.files import store
from finefield.files.declared import ROOT, File, over, variables
from finefield.files.filters import read_found
from finefield.files.transfer import SCORES
from finefield.tables.stacking import write_table
from finefield.transfer.grid import GRID, transfer_grid

PAIRS = over(
    ", ".join(GRID),
    variables("""
    ceiling_fraction: correlation over the target's noise ceiling
    own_fraction: correlation over that of the target's own network on the stimulus
    """),
)
SIMILARITIES = over(
    "train_stimulus, source_cell, target_cell",
    variables("""
    subunit_similarity: mean cosine of the subunits found in two cells, matched
    temporal_similarity: cosine of the temporal filters of two cells, whatever their sign
    """),
)
TARGETS = over(
    "test_stimulus, target_cell",
    variables("""
    noise_ceiling: expected correlation of the measured mean with the true mean rate
    ln_correlation: correlation of the target's LN model
    """),
)
PLACES = over(
    "train_stimulus, test_stimulus, target_cell",
    variables("""
    own_rank: rank of the target's own network among all
    cluster: cluster of cells by mutual transfer; -1 for none
    cluster_order: place of the cell in the order of clusters
    """),
)
STATISTICS = over(
    "train_stimulus, test_stimulus",
    variables("""
    own_advantage: median of own network's correlation less mean of the others'
    own_advantage_p: its p-value, one-sided Wilcoxon signed-rank test over target cells
    own_advantage_n: number of target cells in that test
    missing_scores: number of pairs without a score, as the prediction or rate is constant
    above_ln: part of the pairs of different cells above the target's LN model
    symmetry: correlation of the transfer of pairs of cells in both directions
    asymmetry: mean size of the difference between both directions
    subunit_relation: rank correlation of transfer and similarity of subunits
    subunit_relation_p: its p-value, Mantel test
    temporal_relation: rank correlation of transfer and similarity of temporal filters
    temporal_relation_p: its p-value, Mantel test
    silhouette: mean silhouette of the clusters
    """),
)
TYPES = variables("cell_type (target_cell): known type of the cell", "simulated cells")
AGREEMENT = over(
    "train_stimulus, test_stimulus",
    variables("type_agreement: adjusted Rand index of clusters and known types", "simulated cells"),
)
TRANSFERS = File(
    "transfer/{model}.nc",
    "the transfer grid of one network, with its statistics",
    {ROOT: SCORES | PAIRS | SIMILARITIES | TARGETS | PLACES | STATISTICS | TYPES | AGREEMENT},
)


def collect_grid(
    networks: Sequence[tuple[str | Path, str | Path]],
    targets: Mapping[str, str | Path],
    rng: np.random.Generator,
) -> xr.Dataset:
    """Collect the transfer grid of one network.

    Parameters
    ----------
    networks : sequence of (path, path)
        The row of each network, and the file of its filters.
    targets : dict of str to path
        Stimulus -> its file of targets.
    rng : numpy.random.Generator
        Source of permutations.

    Returns
    -------
    xarray.Dataset
        As from `transfer_grid`.

    Raises
    ------
    UserError
        If there is no network.
    """
    if not networks:
        fix = "train the network on other cells, lower min_spikes, or use longer responses"
        raise UserError("cells of a transfer grid", "all dropped", "one that was not", fix)
    rows, subunits = [], {}
    for path, filters in networks:
        row = store.read(path)
        rows.append(row)
        subunits[row["train_stimulus"].item(), row["source_cell"].item()] = read_found(filters)
    known = {stimulus: store.read(path) for stimulus, path in targets.items()}
    return transfer_grid(rows, known, subunits, rng)


def write_grid(
    dataset: str | Path, table: str | Path, grid: xr.Dataset, about: Mapping[str, object]
) -> None:
    """Write a grid as NetCDF, and its statistics, a row for each pair of stimuli, as CSV."""
    pairs = ("train_stimulus", "test_stimulus")
    write_table(dataset, table, TRANSFERS, grid, about, pairs)
