"""Moran's I and its permutation test against esda, closed forms and the uniform law of p values."""

import itertools

import numpy as np
import pytest
from scipy.stats import kstest

from finefield.subunits import autocorrelation as moran
from finefield.subunits.autocorrelation import morans_i, morans_i_null


def blob(size=9, sd=1.5):
    """A Gaussian in the middle of a square image."""
    y, x = np.mgrid[:size, :size] - (size - 1) / 2
    return np.exp(-(y**2 + x**2) / (2 * sd**2))


def esda_moran(image, permutations):
    """The oracle: rook neighbours of equal weight."""
    esda = pytest.importorskip("esda")
    libpysal = pytest.importorskip("libpysal")
    neighbours = libpysal.weights.lat2W(*image.shape, rook=True)
    np.random.seed(0)  # noqa: NPY002 (esda permutes by numpy's global state)
    return esda.Moran(image.ravel(), neighbours, transformation="B", permutations=permutations)


@pytest.mark.parametrize("shape", [(5, 5), (4, 9), (12, 3), (1, 7)])
def test_morans_i_is_esdas(shape):
    image = np.random.default_rng(0).normal(size=shape)
    assert morans_i(image) == pytest.approx(esda_moran(image, 0).I)


@pytest.mark.parametrize("seed", [0, 2, 7, 10])
def test_the_p_value_is_esdas(seed):
    """Both estimate one probability p, each with a variance of p (1 - p) / n."""
    n = 4999
    image = np.random.default_rng(seed).normal(size=(9, 9))
    expected = esda_moran(image, n).p_sim
    # esda folds p at 1/2; on this side of it the two are the same.
    assert expected < 0.45
    found = morans_i_null(image[None], n, np.random.default_rng(0))[0]
    # Their difference exceeds 4 of its SDs once in 16 000 times.
    assert found == pytest.approx(expected, abs=4 * np.sqrt(2 * expected * (1 - expected) / n))


def test_the_p_value_of_a_small_image_is_the_part_of_all_its_permutations():
    """Many of them are ties: the image has but three values."""
    image = np.array([[2.0, 1.0, 0.1], [1.0, 0.1, 0.1]])
    every = [morans_i(np.reshape(p, (2, 3))) for p in itertools.permutations(image.ravel())]
    exact = np.mean(np.array(every) >= morans_i(image) - 1e-9)
    n = 19_999
    found = morans_i_null(image[None], n, np.random.default_rng(0))[0]
    assert found == pytest.approx(exact, abs=4 * np.sqrt(exact * (1 - exact) / n))


@pytest.mark.parametrize("offset", [1 / 3, 1e3])
@pytest.mark.parametrize("scale", [1e-9, 0.1, -7e8])
def test_ties_count_whatever_the_rounding(offset, scale):
    """Images of two values tie with many permutations: neither offset nor scale breaks a tie."""
    images = np.random.default_rng(0).integers(0, 2, (20, 5, 5))
    expected = morans_i_null(images, 499, np.random.default_rng(1))
    found = morans_i_null(scale * (images + offset), 499, np.random.default_rng(1))
    assert np.array_equal(found, expected)
    # One pixel at a corner of 2 x 2: all permutations tie.
    corner = scale * (np.diag([1.0, 0.0]) + offset)
    assert morans_i_null(corner[None], 99, np.random.default_rng(0)) == 1


def test_p_values_of_noise_are_uniform():
    noise = np.random.default_rng(1).normal(size=(400, 7, 7))
    p = morans_i_null(noise, 199, np.random.default_rng(2))
    # With 199 permutations p is one of 200 equally likely values: uniform but for steps of 0.005,
    # far below the 0.08 by which 400 values would have to stray to be told from uniform.
    assert kstest(p, "uniform").pvalue > 0.01
    assert p.min() >= 1 / 200 and p.max() <= 1


def test_a_smooth_blob_beats_all_permutations_and_a_chequerboard_none():
    chequers = np.indices((9, 9)).sum(0) % 2
    images = np.stack([blob(), -3 * blob() + 5, chequers])
    found = morans_i_null(images, 199, np.random.default_rng(0))
    assert found.tolist() == [1 / 200, 1 / 200, 1]


@pytest.mark.parametrize("value", [0.0, 0.1, -1 / 3, 1e6 / 7])
def test_a_constant_image_has_neither(value):
    image = np.full((7, 9), value)
    assert np.isnan(morans_i(image))
    assert np.isnan(morans_i_null(image[None], 9, np.random.default_rng(0))).all()


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_an_image_that_is_not_finite_has_no_p_value_and_the_others_keep_theirs(bad):
    images = np.stack([blob(), blob(), blob()])
    images[1, 2, 3] = bad
    found = morans_i_null(images, 99, np.random.default_rng(0))
    assert np.isnan(found).tolist() == [False, True, False]


def test_no_images_have_no_p_values():
    assert morans_i_null(np.zeros((0, 5, 5)), 9, np.random.default_rng(0)).shape == (0,)


def test_pieces_change_nothing(monkeypatch):
    images = np.random.default_rng(0).normal(size=(3, 6, 5))
    whole = morans_i_null(images, 100, np.random.default_rng(1))
    monkeypatch.setattr(moran, "PIECE", 30 * 7)
    assert np.array_equal(morans_i_null(images, 100, np.random.default_rng(1)), whole)
