"""The whole transfer grid of one network, with what it says."""

from collections.abc import Mapping, Sequence

import numpy as np
import xarray as xr

from finefield.transfer.clustering import clusters, type_agreement
from finefield.transfer.similarity import subunit_similarity, temporal_similarity
from finefield.transfer.statistics import own_against_others, relation, share_above, symmetry

#: Dimensions of the grid.
GRID = ("train_stimulus", "test_stimulus", "source_cell", "target_cell")


def transfer_grid(
    rows: Sequence[xr.Dataset],
    targets: Mapping[str, xr.Dataset],
    subunits: Mapping[tuple[str, str], np.ndarray],
    rng: np.random.Generator,
) -> xr.Dataset:
    """Join the rows of a grid and say what it shows.

    Parameters
    ----------
    rows : sequence of xarray.Dataset
        One for each network: its scores over `GRID`, as in its file.
    targets : dict of str to xarray.Dataset
        Stimulus -> noise ceiling, LN model's correlation and temporal filter of each cell, as in
        the file of targets.
    subunits : dict of (str, str) to ndarray, shape (found, y, x)
        Subunits that the network found, by stimulus and cell.
    rng : numpy.random.Generator
        Source of permutations.

    Returns
    -------
    xarray.Dataset
        Scores over `GRID`; each also as a fraction of the target's noise ceiling and of its own
        network, trained on the test stimulus; similarities of cells; and for each pair of stimuli
        their statistics.
    """
    grid = xr.combine_by_coords(rows, join="outer", combine_attrs="drop")
    # Combining sorts by name; sources stand in the order of targets, so that self is the diagonal.
    names = list(rows[0]["target_cell"].values)
    stimuli = list(rows[0]["test_stimulus"].values)
    sources = [name for name in names if name in grid["source_cell"].values]
    trained = [name for name in stimuli if name in grid["train_stimulus"].values]
    grid = grid.sel(
        source_cell=sources, target_cell=names, train_stimulus=trained, test_stimulus=stimuli
    )
    known = {
        name: targets[name].drop_vars(("frame", "sample", "lag", "y", "x"), errors="ignore")
        for name in stimuli
    }
    grid = grid.assign(_of_targets(known, names))
    for name, best in {"ceiling": grid["noise_ceiling"], "own": _own(grid)}.items():
        grid[f"{name}_fraction"] = grid["correlation"] / best.where(best > 0)
    grid = grid.assign(_similarities(grid, known, subunits))
    return grid.assign(_statistics(grid, rng))


def _of_targets(targets: Mapping[str, xr.Dataset], names: list[str]) -> dict:
    """What is known of each target cell on each stimulus."""
    found = {}
    for name in ("noise_ceiling", "ln_correlation"):
        columns = [data[name].reindex(cell=names).values for data in targets.values()]
        found[name] = (("test_stimulus", "target_cell"), np.array(columns))
    first = next(iter(targets.values()))
    if "cell_type" in first:
        types = dict(zip(first["cell"].values, first["cell_type"].values, strict=True))
        found["cell_type"] = ("target_cell", [str(types.get(name, "")) for name in names])
    return found


def _own(grid: xr.Dataset) -> xr.DataArray:
    """Score (test_stimulus, target_cell) of the target's own network, trained on the stimulus."""
    own = grid["correlation"].where(
        (grid["source_cell"] == grid["target_cell"])
        & (grid["train_stimulus"] == grid["test_stimulus"])
    )
    return own.max(("train_stimulus", "source_cell"))


def _similarities(grid: xr.Dataset, targets: Mapping, subunits: Mapping) -> dict:
    """Similarity (train_stimulus, source_cell, target_cell) of subunits and of temporal filters."""
    names = list(grid["target_cell"].values)
    sources = [names.index(name) for name in grid["source_cell"].values]
    found = {"subunit_similarity": [], "temporal_similarity": []}
    for stimulus in grid["train_stimulus"].values:
        images = [subunits.get((stimulus, name)) for name in names]
        found["subunit_similarity"].append(subunit_similarity(images)[sources])
        temporal = targets[stimulus]["sta_temporal"].reindex(cell=names).values
        found["temporal_similarity"].append(temporal_similarity(temporal)[sources])
    dimensions = ("train_stimulus", "source_cell", "target_cell")
    return {name: (dimensions, np.array(values)) for name, values in found.items()}


def _statistics(grid: xr.Dataset, rng: np.random.Generator) -> dict:
    """Statistics of each pair of stimuli."""
    pairs = [
        _statistics_of(grid.sel(train_stimulus=train, test_stimulus=test), rng)
        for train in grid["train_stimulus"].values
        for test in grid["test_stimulus"].values
    ]
    shape = grid.sizes["train_stimulus"], grid.sizes["test_stimulus"]
    found = {}
    for name in pairs[0]:
        values = np.array([pair[name] for pair in pairs], float)
        dimensions = GRID[:2] + (("target_cell",) if values.ndim == 2 else ())
        found[name] = (dimensions, values.reshape(*shape, *values.shape[1:]))
    return found


def _statistics_of(grid: xr.Dataset, rng: np.random.Generator) -> dict:
    """Statistics of one pair of stimuli."""
    sources, targets = (grid[name].values for name in GRID[2:])
    scores = grid["correlation"].transpose(*GRID[2:]).values
    own = own_against_others(scores, sources, targets)
    found = {
        "own_advantage": own.advantage,
        "own_advantage_p": own.p_value,
        "own_advantage_n": own.n_targets,
        "own_rank": own.rank,
        "missing_scores": np.isnan(scores).sum(),
        "above_ln": share_above(scores, grid["ln_correlation"].values, sources, targets),
    }
    square = [list(targets).index(name) for name in sources]
    scores = scores[:, square]
    found["symmetry"], found["asymmetry"] = symmetry(scores)
    for name in ("subunit", "temporal"):
        similarity = grid[f"{name}_similarity"].transpose(*GRID[2:]).values[:, square]
        both = relation(scores, similarity, rng)
        found[f"{name}_relation"], found[f"{name}_relation_p"] = both
    groups = clusters(scores)
    label, place = np.full((2, len(targets)), np.nan)
    label[square] = groups.label
    place[np.array(square, int)[groups.order]] = np.arange(len(square))
    found |= {"cluster": label, "cluster_order": place, "silhouette": groups.silhouette}
    if "cell_type" in grid:
        types = grid["cell_type"].values[square]
        found["type_agreement"] = type_agreement(groups.label, types) if any(types) else np.nan
    return found
