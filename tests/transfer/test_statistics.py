"""What a transfer grid says, against counting and other libraries."""

import numpy as np
import pytest
from scipy.stats import spearmanr

from finefield.transfer.statistics import own_against_others, relation, share_above, symmetry

NAMES = list("abcdef")


def grid(seed=0, n=6):
    return np.random.default_rng(seed).random((n, n))


def test_own_networks_are_compared_target_by_target():
    scores = grid() / 2
    np.fill_diagonal(scores, 0.9)
    scores[0, 3] = np.nan
    found = own_against_others(scores, NAMES, NAMES)
    differences = [0.9 - np.nanmean(np.delete(scores[:, one], one)) for one in range(6)]
    assert found.advantage == pytest.approx(np.median(differences))
    assert found.n_targets == 6 and found.rank.tolist() == [1] * 6
    assert found.p_value == pytest.approx(0.5**6)  # all six positive: one of 2^6 signs


def test_ranks_and_missing_own_networks():
    scores = np.array([[0.1, 0.4, 0.3], [0.5, np.nan, 0.2]])
    found = own_against_others(scores, ["a", "b"], ["a", "b", "c"])
    assert found.rank[0] == 2 and np.isnan(found.rank[1:]).all()
    assert found.n_targets == 1 and np.isnan(found.p_value)
    assert found.advantage == pytest.approx(-0.4)
    none = own_against_others(scores, ["x", "y"], ["a", "b", "c"])
    assert none.n_targets == 0 and np.isnan(none.advantage)


def test_share_above_counts_pairs_of_different_cells():
    scores, limit = grid(1), np.array([0.5, 0.2, 0.9, np.nan, 0.5, 0.5])
    scores[2, 0] = np.nan
    pairs = [
        scores[i, j] > limit[j]
        for i in range(6)
        for j in range(6)
        if i != j and j != 3 and (i, j) != (2, 0)
    ]
    assert share_above(scores, limit, NAMES, NAMES) == pytest.approx(np.mean(pairs))
    assert np.isnan(share_above(scores[:1, :1], limit[:1], ["a"], ["a"]))


def test_symmetry_of_symmetric_and_of_independent_grids():
    scores = grid(2) + grid(2).T
    assert symmetry(scores) == (1.0, 0.0)
    many = [symmetry(grid(seed, 12))[0] for seed in range(40)]
    assert abs(np.mean(many)) < 0.1
    assert symmetry(scores * np.nan)[0] is not None and np.isnan(symmetry(scores * np.nan)).all()


def test_relation_is_spearmans_and_significant_only_where_there_is_one():
    rng = np.random.default_rng(0)
    scores = grid(3, 10)
    similarity = scores + 0.1 * rng.normal(size=(10, 10))
    similarity = (similarity + similarity.T) / 2
    different = ~np.eye(10, dtype=bool)
    rho, p_value = relation(scores, similarity, rng)
    assert rho == pytest.approx(spearmanr(scores[different], similarity[different]).statistic)
    assert p_value == pytest.approx(0.001, abs=0.02)
    drawn = [relation(grid(seed, 8), grid(seed + 99, 8), rng, 99)[1] for seed in range(60)]
    assert np.mean(np.array(drawn) <= 0.1) == pytest.approx(0.1, abs=0.1)


def test_relation_leaves_out_cells_without_scores():
    scores, similarity = grid(4, 8), grid(5, 8)
    with_hole = np.pad(scores, (0, 1), constant_values=np.nan)
    rho, _ = relation(with_hole, np.pad(similarity, (0, 1)), np.random.default_rng(0), 9)
    assert rho == pytest.approx(relation(scores, similarity, np.random.default_rng(0), 9)[0])
    assert np.isnan(relation(scores[:3, :3], similarity[:3, :3], np.random.default_rng(0))).all()
