"""The grid joins its rows in the order of cells, and counts what is missing."""

import numpy as np
import pytest
import xarray as xr

from finefield.base.errors import UserError
from finefield.files import store
from finefield.files.transfer import write_transfer
from finefield.tables.transfer import collect_grid, write_grid
from finefield.transfer.grid import transfer_grid
from finefield.transfer.scores import Transfer

CELLS, STIMULI = ["b", "a", "c"], ["noise", "film"]


ABOUT = store.provenance("A test", {"seed": 3}, "made")


def row(path, stimulus, source, scores):
    """One network's row, of a score for each (stimulus, cell), as read from its file."""
    curve = np.array([0.1])
    found = {key: Transfer(one, *[one] * 5, curve, curve) for key, one in scores.items()}
    write_transfer(path, (stimulus, source), found, STIMULI, CELLS, [100], ABOUT)
    return store.read(path)


@pytest.fixture
def grid(tmp_path):
    rng, rows = np.random.default_rng(0), []
    for train in STIMULI:
        for source in sorted(CELLS):
            own = {(test, one): 0.5 + 0.3 * (one == source) for test in STIMULI for one in CELLS}
            rows.append(row(tmp_path / "row.nc", train, source, own))
    # One prediction is constant, and one target has no responses to the film.
    rows[0]["correlation"].loc[{"test_stimulus": "noise", "target_cell": "c"}] = np.nan
    for one in rows:
        one["correlation"].loc[{"test_stimulus": "film", "target_cell": "b"}] = np.nan
    known = {"noise_ceiling": ("cell", [0.8, 0.0, 1.0]), "ln_correlation": ("cell", [0.6] * 3)}
    known["sta_temporal"] = (("cell", "lag"), rng.normal(size=(3, 5)))
    targets = {name: xr.Dataset(known, {"cell": CELLS}) for name in STIMULI}
    subunits = {(name, cell): rng.random((2, 8, 8)) for name in STIMULI for cell in CELLS}
    return transfer_grid(rows, targets, subunits, rng)


def test_cells_and_stimuli_keep_their_order(grid):
    for name in ("source_cell", "target_cell"):
        assert grid[name].values.tolist() == CELLS
    for name in ("train_stimulus", "test_stimulus"):
        assert grid[name].values.tolist() == STIMULI


def test_pairs_without_a_score_are_counted(grid):
    counts = grid["missing_scores"].sel(test_stimulus="noise")
    assert counts.sel(train_stimulus="noise") == 1 and counts.sel(train_stimulus="film") == 0
    assert (grid["missing_scores"].sel(test_stimulus="film") == 3).all()


def test_scores_are_parts_of_the_ceiling_and_of_the_own_network(grid):
    one = grid.sel(train_stimulus="film", test_stimulus="noise", source_cell="b", target_cell="c")
    assert float(one["ceiling_fraction"]) == pytest.approx(0.5 / 1.0)
    assert float(one["own_fraction"]) == pytest.approx(0.5 / 0.8)
    assert np.isnan(grid["own_fraction"].sel(test_stimulus="film", target_cell="b")).all()
    # Nothing in the responses of this cell repeats.
    assert np.isnan(grid["ceiling_fraction"].sel(target_cell="a")).all()


def test_the_own_network_is_ranked_first(grid):
    rank = grid["own_rank"].sel(train_stimulus="noise", test_stimulus="noise")
    assert rank.values.tolist() == [1, 1, 1]
    assert float(grid["own_advantage"].sel(train_stimulus="film", test_stimulus="noise")) > 0.29


def test_a_grid_is_written_with_a_row_of_statistics_for_each_pair_of_stimuli(grid, tmp_path):
    write_grid(tmp_path / "a.nc", tmp_path / "a.csv", grid, ABOUT)
    again = store.read(tmp_path / "a.nc")
    assert np.array_equal(again["correlation"], grid["correlation"], equal_nan=True)
    assert again["own_advantage"].attrs["long_name"].startswith("median of own")
    header, *lines = (tmp_path / "a.csv").read_text().splitlines()
    assert header.startswith("train_stimulus,test_stimulus") and "own_advantage" in header
    assert [line.split(",")[:2] for line in lines] == [[a, b] for a in STIMULI for b in STIMULI]


def test_a_grid_of_dropped_cells_is_refused():
    with pytest.raises(UserError, match="lower min_spikes"):
        collect_grid([], {}, np.random.default_rng(0))
