"""What a transfer grid says, against counting, other libraries and known types."""

import numpy as np
import pytest
from scipy.stats import spearmanr

from finefield.transfer.statistics import (
    clusters,
    own_against_others,
    profile_distance,
    relation,
    share_above,
    subunit_similarity,
    symmetry,
    temporal_similarity,
    type_agreement,
)

NAMES = list("abcdef")


def grid(seed=0, n=6):
    return np.random.default_rng(seed).random((n, n))


def typed_grid(types, rng, noise=0.1):
    """Correlations of cells of known types, their own networks best."""
    types = np.array(types)
    level = np.array([[0.8, 0.5, -0.1, -0.1], [0.5, 0.8, -0.1, -0.1],
                      [-0.1, -0.1, 0.8, 0.5], [-0.1, -0.1, 0.5, 0.8]])  # fmt: skip
    scores = level[types[:, None], types] + noise * rng.normal(size=(len(types),) * 2)
    np.fill_diagonal(scores, 0.95)
    return scores * rng.uniform(0.7, 1, len(types))  # targets of other noise ceilings


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


@pytest.mark.parametrize("n_cells", [12, 30])
def test_clusters_recover_types(n_cells):
    rng = np.random.default_rng(n_cells)
    found = []
    for _ in range(10):
        types = rng.permutation(np.arange(n_cells) % 4)
        groups = clusters(typed_grid(types, rng))
        found.append(type_agreement(groups.label, types.astype(str)))
        in_order = groups.label[groups.order]
        assert (np.diff(in_order) >= 0).all() and in_order[0] == 0
    assert np.mean(found) > 0.95


def test_clusters_do_not_depend_on_the_order_of_cells():
    rng = np.random.default_rng(5)
    scores, order = typed_grid(np.arange(16) % 4, rng), rng.permutation(16)
    first, second = clusters(scores), clusters(scores[np.ix_(order, order)])
    assert type_agreement(second.label, first.label[order].astype(str)) == 1
    assert first.silhouette == pytest.approx(second.silhouette)


def test_cells_without_scores_are_in_no_cluster():
    scores = typed_grid(np.arange(12) % 4, np.random.default_rng(6))
    scores[3], scores[:, 3] = np.nan, np.nan
    found = clusters(scores)
    assert found.label[3] == -1 and found.order[-1] == 3 and (np.delete(found.label, 3) >= 0).all()
    assert sorted(found.order) == list(range(12))


@pytest.mark.parametrize("n_cells", [1, 2, 3])
def test_few_cells_are_one_cluster(n_cells):
    found = clusters(grid(0, n_cells))
    assert found.label.tolist() == [0] * n_cells and np.isnan(found.silhouette)


def test_profiles_are_rows_and_columns():
    scores = grid(7, 5)
    one, other = (np.append(scores[cell], scores[:, cell]) for cell in (0, 1))
    expected = 1 - np.corrcoef(one, other)[0, 1]
    assert profile_distance(scores)[0, 1] == pytest.approx(expected)
    assert profile_distance(np.ones((3, 3))).tolist() == (1 - np.eye(3)).tolist()


def test_cells_of_one_type_are_one_cluster():
    rng = np.random.default_rng(11)
    for scores in (rng.random((20, 20)), 0.8 + 0.05 * rng.normal(size=(20, 20))):
        assert clusters(scores).label.max() == 0


def test_agreement_leaves_out_what_is_not_known():
    label, types = np.array([0, 0, 1, 1, -1, 0]), ["x", "x", "y", "y", "x", ""]
    assert type_agreement(label, types) == 1
    assert np.isnan(type_agreement(label[:1], types[:1]))
    assert type_agreement(np.array([0, 1, 0, 1]), ["x", "x", "y", "y"]) < 0


def test_the_same_subunits_elsewhere_are_the_same():
    rng = np.random.default_rng(8)
    images = np.zeros((3, 12, 12))
    images[:, 3:7, 4:8] = rng.random((3, 4, 4))
    moved = np.zeros((3, 16, 20))
    moved[:, 9:13, 1:5] = images[::-1, 3:7, 4:8]
    other = np.zeros((1, 12, 12))
    other[0, 3:7, 4:8] = images[0, 3:7, 4:8]
    found = subunit_similarity([images, moved, other, np.zeros((0, 12, 12)), None])
    np.testing.assert_allclose(np.diag(found)[:3], 1)
    assert found[0, 1] == pytest.approx(1)
    assert found[0, 2] >= 1 / 3 - 0.2 and found[0, 3] == 0
    assert np.isnan(found[4]).all() and np.isnan(found[:, 4]).all()
    np.testing.assert_array_equal(found, found.T)


@pytest.mark.parametrize("shift", [1, 2, 3])
def test_centres_between_pixels_are_put_on_one_another(shift):
    images = np.zeros((2, 12, 12))
    images[0, 3:5, 4:6], images[1, 3:5, 6:8] = 1, 1
    moved = np.roll(images, (shift, shift), (1, 2))
    np.testing.assert_allclose(subunit_similarity([images, moved]), 1)


def test_temporal_filters_are_compared_whatever_their_sign():
    filters = np.random.default_rng(9).normal(size=(3, 20))
    found = temporal_similarity(np.vstack([filters, -filters[:1], filters[:1] * np.nan]))
    assert found[0, 3] == pytest.approx(1) and np.isnan(found[4]).all()
    assert found[0, 1] == pytest.approx(
        abs(filters[0] @ filters[1]) / np.sqrt((filters[0] ** 2).sum() * (filters[1] ** 2).sum())
    )
