"""Matching against brute force."""

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from finefield.subunits.matching import cosines, match, matched_similarity

sizes = st.tuples(st.integers(0, 5), st.integers(0, 5), st.integers(0, 2**32 - 1))


@given(sizes)
@settings(max_examples=60, deadline=None)
def test_match_is_the_best_of_all_assignments(size):
    n_subunits, n_filters, seed = size
    rng = np.random.default_rng(seed)
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
    similarity = matched_similarity(subunits, filters)
    assert similarity == pytest.approx(best / large if large else np.nan, nan_ok=True)
    assert similarity == pytest.approx(matched_similarity(filters, subunits), nan_ok=True)


def test_a_filter_of_zeros_resembles_nothing():
    assert cosines(np.ones((1, 2, 2)), np.zeros((1, 2, 2))) == 0


def test_similarity_of_sets_counts_images_without_a_partner_as_nothing():
    images = np.eye(4).reshape(4, 2, 2)
    assert matched_similarity(images, 3 * images[::-1]) == pytest.approx(1)
    assert matched_similarity(images, images[:1]) == pytest.approx(1 / 4)
    assert matched_similarity(images, images[:0]) == matched_similarity(images[:0], images) == 0
    assert np.isnan(matched_similarity(images[:0], images[:0]))
