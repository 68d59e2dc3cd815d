"""Clusters of cells by mutual transfer recover known types."""

import numpy as np
import pytest

from finefield.transfer.clustering import clusters, profile_distance, type_agreement


def typed_grid(types, rng, noise=0.1):
    """Correlations of cells of known types, their own networks best."""
    types = np.array(types)
    level = np.array([[0.8, 0.5, -0.1, -0.1], [0.5, 0.8, -0.1, -0.1],
                      [-0.1, -0.1, 0.8, 0.5], [-0.1, -0.1, 0.5, 0.8]])  # fmt: skip
    scores = level[types[:, None], types] + noise * rng.normal(size=(len(types),) * 2)
    np.fill_diagonal(scores, 0.95)
    return scores * rng.uniform(0.7, 1, len(types))  # targets of other noise ceilings


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
    found = clusters(np.random.default_rng(0).random((n_cells, n_cells)))
    assert found.label.tolist() == [0] * n_cells and np.isnan(found.silhouette)


def test_profiles_are_rows_and_columns():
    scores = np.random.default_rng(7).random((5, 5))
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
