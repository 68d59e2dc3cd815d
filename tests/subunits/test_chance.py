"""Chance levels against filters that are random, and where a shuffle puts them."""

import numpy as np
import pytest
from helpers.images import SHAPE, blob

from finefield.subunits.chance import chance_levels, region
from finefield.subunits.matching import matched_similarity


def test_the_region_of_a_gaussian_is_a_disc():
    rows, columns = np.mgrid[:24, :24]
    for scale in 1e-6, -50:  # neither the images' norm nor their sign counts
        found = region(scale * blob(11, 9, sd=3)[None], level=0.2)
        disc = (rows - 11) ** 2 + (columns - 9) ** 2 <= 2 * 3**2 * np.log(5)
        assert np.array_equal(found, disc)
    both = region(np.stack([blob(5, 5), 1000 * blob(18, 18)]))
    assert both[5, 5] and both[18, 18] and not both[11, 11]


def test_nothing_has_no_region():
    assert not region(np.zeros((0, 4, 5))).any() and not region(np.zeros((2, 4, 5))).any()
    assert region(np.zeros((0, 4, 5))).shape == (4, 5)


def cell(rng, n=4, sd=1.5):
    """Region and subunits of a cell: blobs within a disc that keeps off the crop's border."""
    rows, columns = np.mgrid[: SHAPE[0], : SHAPE[1]]
    disc = (rows - 11) ** 2 + (columns - 12) ** 2 <= 5.5**2
    return disc, drawn(disc, n, rng, sd)


def drawn(mask, n, rng, sd=1.5):
    """Blobs at random pixels of a mask."""
    places = np.argwhere(mask)[rng.integers(mask.sum(), size=n)]
    return np.stack([blob(y, x, sd) for y, x in places])


def test_random_filters_match_as_well_as_chance_says():
    """Of 100 sets of random filters, 87 to 99 lie within the central 95 % of their chance.

    A binomial number of 100 trials and probability 0.95 lies in this range 993 of 1000 times.
    """
    rng = np.random.default_rng(7)
    within, below = 0, 0
    for _ in range(100):
        disc, subunits = cell(rng)
        filters = drawn(disc, 5, rng, sd=1.2)
        found = matched_similarity(subunits, filters)
        low, high = np.quantile(chance_levels(subunits, filters, disc, rng), [0.025, 0.975])
        within += low <= found <= high
        below += found < low
    assert 87 <= within <= 99
    # Those without lie on either side: below with 0.025, more than 8 once in 1000 times.
    assert below <= 8 and 100 - within - below <= 8


def test_the_subunits_themselves_match_better_than_chance():
    disc, subunits = cell(np.random.default_rng(0))
    levels = chance_levels(subunits, subunits, disc, np.random.default_rng(1))
    assert levels.shape == (200,) and 0.1 < levels.mean() < levels.max() < 1


def test_a_shuffle_puts_centres_on_every_pixel_of_the_region_and_on_no_other():
    rng = np.random.default_rng(0)
    disc, subunits = cell(rng)
    # Between pixels, so that the centre of mass is rounded; of either sign and of any scale.
    filters = np.stack([blob(10.3, 12.6, 1), -blob(11, 14.4, 1.3), 1e-3 * blob(8, 8, 1)])
    centres, masses = [], []

    def record(_, moved):
        mass = np.abs(moved).sum((1, 2))
        masses.append(mass)
        grid = np.mgrid[: SHAPE[0], : SHAPE[1]]
        centres.append((np.abs(moved)[:, None] * grid).sum((2, 3)) / mass[:, None])
        return 0.5

    assert chance_levels(subunits, filters, disc, rng, 1500, record).tolist() == [0.5] * 1500
    expected = np.abs(filters).sum((1, 2))
    # The disc keeps so far off the border that next to nothing is cut off.
    assert np.array(masses) == pytest.approx(np.tile(expected, (1500, 1)), rel=2e-3)
    every = np.array(centres)
    offset = every[0] - np.rint(every[0])
    assert every - offset == pytest.approx(np.rint(every - offset), abs=0.02)
    for one in range(3):
        seen = np.rint(every[:, one] - offset[one]).astype(int)
        counts = np.zeros(SHAPE)
        np.add.at(counts, tuple(seen.T), 1)
        assert np.array_equal(counts > 0, disc)
    steps = np.rint(every - every[0]).astype(int)
    # Independently of each other: two filters make the same step about once in a disc's pixels.
    assert (steps[:, 0] == steps[:, 1]).all(1).mean() < 4 / disc.sum()


def test_what_leaves_the_crop_is_cut_off():
    image = np.zeros((1, 4, 5))
    image[0, 1] = 2, 1, 1, 1, -1  # centre of magnitudes at 10 / 6, which rounds to 2
    corner = np.zeros((4, 5), bool)
    corner[3, 4] = True
    moved = []
    chance_levels(
        image, image, corner, np.random.default_rng(0), 1, lambda _, found: moved.append(found) or 0
    )
    expected = np.zeros((4, 5))
    expected[3, 2:] = 2, 1, 1
    assert np.array_equal(moved[0][0], expected)


def test_chance_of_nothing_is_unknown():
    images, nothing, rng = np.ones((2, 3, 3)), np.zeros((0, 3, 3)), np.random.default_rng(0)
    everywhere = np.ones((3, 3), bool)
    for pair in [(images, nothing), (nothing, images), (nothing, nothing)]:
        levels = chance_levels(*pair, region(nothing), rng, n_shuffles=3)
        assert levels.shape == (3,) and np.isnan(levels).all()
    assert chance_levels(images, np.zeros((1, 3, 3)), everywhere, rng, 2).tolist() == [0, 0]


@pytest.mark.parametrize("shape", [(3, 3), (4, 4)])
def test_chance_needs_a_region(shape):
    images = np.ones((1, 3, 3))
    with pytest.raises(ValueError, match=r"0 pixels, expected the crop's shape \(3, 3\)"):
        chance_levels(images, images, np.zeros(shape, bool), np.random.default_rng(0))
