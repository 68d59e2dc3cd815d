"""What is written of known subunits and of those found."""

import numpy as np
from scipy.spatial.distance import cdist

from finefield.subunits import compare


def test_every_cosine_is_there_and_matches_are_among_them():
    rng = np.random.default_rng(5)
    known, found = rng.random((3, 5, 5)), rng.random((4, 5, 5))
    compared = compare(known, found, 0.9, rng)
    expected = 1 - cdist(known.reshape(3, -1), found.reshape(4, -1), "cosine")
    np.testing.assert_allclose(compared.found_cosine, expected)
    rows = np.arange(3)
    np.testing.assert_allclose(compared.found_cosine[rows, compared.matched_found], compared.cosine)
    assert compare(known, found[:0], 0.9, rng).found_cosine.shape == (3, 0)
