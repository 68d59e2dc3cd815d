"""Matching against brute force over all assignments."""

from itertools import permutations

import numpy as np
import pytest

from finefield.matching import chance_cosine, cosines, match


@pytest.mark.parametrize(("n_subunits", "n_filters"), [(3, 3), (4, 6), (5, 3), (2, 0)])
def test_match_is_the_best_of_all_assignments(n_subunits, n_filters):
    rng = np.random.default_rng(10 * n_subunits + n_filters)
    subunits = rng.normal(size=(n_subunits, 3, 3))
    filters = rng.normal(size=(n_filters, 3, 3))
    matched, cosine = match(subunits, filters)
    table = np.array(
        [[(s * f).sum() / np.sqrt((s**2).sum() * (f**2).sum()) for f in filters] for s in subunits]
    ).reshape(n_subunits, n_filters)
    small, large = sorted((n_subunits, n_filters))
    table_small = table if n_subunits <= n_filters else table.T
    best = max(
        sum(table_small[i, p[i]] for i in range(small)) for p in permutations(range(large), small)
    )
    assert cosine.sum() == pytest.approx(best)
    assert len(set(matched[matched >= 0])) == (matched >= 0).sum() == small


def test_a_filter_of_zeros_resembles_nothing():
    assert cosines(np.ones((1, 2, 2)), np.zeros((1, 2, 2))) == 0


def test_filters_at_random_places_match_worse_than_the_subunits_themselves():
    subunits = np.zeros((4, 8, 8))
    for i, (y, x) in enumerate([(2, 2), (2, 4), (4, 2), (4, 4)]):
        subunits[i, y : y + 2, x : x + 2] = 1
    chance = chance_cosine(subunits, subunits, np.random.default_rng(0))
    assert 0.1 < chance < 0.6
    assert np.isnan(chance_cosine(subunits, subunits[:0], np.random.default_rng(0)))
