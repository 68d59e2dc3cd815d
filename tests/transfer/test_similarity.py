"""Subunits and temporal filters are compared whatever their place and sign."""

import numpy as np
import pytest

from finefield.transfer.similarity import subunit_similarity, temporal_similarity


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
