"""Matching against brute force, hand-made fates, and chance against filters that are random."""

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from finefield.averages.location import ellipse
from finefield.subunits.matching import (
    chance,
    classify,
    cosines,
    ellipse_overlap,
    match,
    matched_similarity,
    precision_and_recall,
    region,
)

SHAPE = (24, 24)


def blob(y, x, sd=1.5, shape=SHAPE):
    """A Gaussian on the crop."""
    rows, columns = np.mgrid[: shape[0], : shape[1]]
    return np.exp(-((rows - y) ** 2 + (columns - x) ** 2) / (2 * sd**2))


def pixels(*images, n=12):
    """Images of single pixels: each argument maps a pixel to its value."""
    made = np.zeros((len(images), 1, n))
    for one, image in zip(made, images, strict=True):
        for pixel, value in image.items():
            one[0, pixel] = value
    return made


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
        low, high = np.quantile(chance(subunits, filters, disc, rng), [0.025, 0.975])
        within += low <= found <= high
        below += found < low
    assert 87 <= within <= 99
    # Those without lie on either side: below with 0.025, more than 8 once in 1000 times.
    assert below <= 8 and 100 - within - below <= 8


def test_the_subunits_themselves_match_better_than_chance():
    disc, subunits = cell(np.random.default_rng(0))
    levels = chance(subunits, subunits, disc, np.random.default_rng(1))
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

    assert chance(subunits, filters, disc, rng, 1500, record).tolist() == [0.5] * 1500
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
    chance(
        image, image, corner, np.random.default_rng(0), 1, lambda _, found: moved.append(found) or 0
    )
    expected = np.zeros((4, 5))
    expected[3, 2:] = 2, 1, 1
    assert np.array_equal(moved[0][0], expected)


def test_chance_of_nothing_is_unknown():
    images, nothing, rng = np.ones((2, 3, 3)), np.zeros((0, 3, 3)), np.random.default_rng(0)
    everywhere = np.ones((3, 3), bool)
    for pair in [(images, nothing), (nothing, images), (nothing, nothing)]:
        levels = chance(*pair, region(nothing), rng, n_shuffles=3)
        assert levels.shape == (3,) and np.isnan(levels).all()
    assert chance(images, np.zeros((1, 3, 3)), everywhere, rng, 2).tolist() == [0, 0]


@pytest.mark.parametrize("shape", [(3, 3), (4, 4)])
def test_chance_needs_a_region(shape):
    images = np.ones((1, 3, 3))
    with pytest.raises(ValueError, match=r"0 pixels, expected the crop's shape \(3, 3\)"):
        chance(images, images, np.zeros(shape, bool), np.random.default_rng(0))


def test_equal_ellipses_overlap_wholly_and_distant_ones_do_not():
    one = (5.3, 4.1, 3.0, 0.7, 25.0)
    assert ellipse_overlap(one, one) == 1
    assert ellipse_overlap(one, (25.3, 4.1, 3.0, 0.7, 25.0)) == 0
    assert ellipse_overlap((0, 0, 1, 1, 0), (0, 5e4, 1, 1, 0)) == 0  # a grid of a million points


@pytest.mark.parametrize("ratio", [0.9, 0.5, 0.1])
def test_concentric_circles_overlap_by_the_ratio_of_their_areas(ratio):
    found = ellipse_overlap((3, 4, 2, 2, 0), (3, 4, 2 * ratio, 2 * ratio, 70))
    assert found == pytest.approx(ratio**2, rel=0.01)


@pytest.mark.parametrize("distance", [0.3, 1.0, 1.7])
@pytest.mark.parametrize("direction", [0.0, 50.0])
def test_two_circles_overlap_by_a_lens(distance, direction):
    y, x = distance * np.sin(np.radians(direction)), distance * np.cos(np.radians(direction))
    lens = 2 * np.arccos(distance / 2) - distance / 2 * np.sqrt(4 - distance**2)
    found = ellipse_overlap((0, 0, 1, 1, 0), (y, x, 1, 1, 30))
    assert found == pytest.approx(lens / (2 * np.pi - lens), abs=0.003)


@pytest.mark.parametrize("ratio", [0.8, 0.4, 0.1])
@pytest.mark.parametrize("angle", [0.0, 30.0, -75.0])
def test_an_ellipse_overlaps_the_one_across_it_as_geometry_says(ratio, angle):
    """The common part of the two has the area 4 a b arctan(b / a)."""
    a, b = 3.0, 3.0 * ratio
    common = 4 * a * b * np.arctan(b / a)
    found = ellipse_overlap((7, 8, a, b, angle), (7, 8, a, b, angle + 90))
    assert found == pytest.approx(common / (2 * np.pi * a * b - common), abs=0.003)
    assert found == ellipse_overlap((7, 8, a, b, angle + 90), (7, 8, a, b, angle))


def test_angles_are_those_of_the_receptive_fields():
    """From x towards y: a ridge along the falling diagonal has 45 degrees."""
    y, x = np.mgrid[:41, :41] - 20
    ridge = np.exp(-((x + y) ** 2) / (4 * 5.0**2) - (x - y) ** 2 / (4 * 2.0**2))
    found = ellipse(ridge)
    assert ellipse_overlap(found, (20, 20, 5, 2, 45)) > 0.95
    assert ellipse_overlap(found, (20, 20, 5, 2, -45)) < 0.4


@pytest.mark.parametrize("parameter", range(5))
def test_an_ellipse_that_is_unknown_has_no_overlap(parameter):
    known, unknown = (1.0, 2.0, 3.0, 2.0, 10.0), [1.0, 2.0, 3.0, 2.0, 10.0]
    unknown[parameter] = np.nan
    assert np.isnan(ellipse_overlap(known, unknown)) and np.isnan(ellipse_overlap(unknown, known))


#: Name: known subunits, found ones, their fates. Pixels are numbers, so that fates are plain.
FATES = {
    "recovered, in another order and of another scale": (
        [{0: 1}, {1: 1}], [{1: 7}, {0: 1, 5: 0.3}], "recovered recovered", "matched matched"),
    "split into halves": (
        [{0: 1, 1: 1}], [{0: 2}, {1: 1}], "split", "part part"),
    "split into halves, one of which holds more": (
        [{0: 1, 1: 1}], [{0: 1}, {1: 1, 2: 0.3}], "split", "part part"),
    "a half is missing": (
        [{0: 1, 1: 1}], [{0: 1}], "missed", "spurious"),
    "a part below a fifth does not count": (  # 0.15 of the weights; without it the cosine is 0.98
        [{0: 1, 1: 0.18, 2: 0.9, 3: 0.9}], [{0: 1, 2: 0.9, 3: 0.9}, {1: 1}],
        "recovered", "matched spurious"),
    "one part of 0.85 is not a split": (
        [{0: 0.85, 1: 0.15, 2: 0.4}], [{0: 1}, {1: 1}], "missed", "spurious spurious"),
    "a part that would need a negative weight": (
        [{0: 1, 1: 1}], [{0: 1}, {1: -1}], "missed", "spurious spurious"),
    "merged pair": (
        [{0: 1}, {1: 1}], [{0: 1, 1: 1}], "merged merged", "merger"),
    "merged pair, and one recovered": (
        [{0: 1}, {1: 1}, {2: 1}], [{2: 1}, {0: 1, 1: 0.8}], "merged merged recovered",
        "matched merger"),
    "merged triple": (
        [{0: 1}, {1: 1}, {2: 1}], [{0: 1, 1: 1, 2: 1}], "merged merged merged", "merger"),
    "merged with one that is recovered too": (
        [{0: 1}, {1: 1}], [{0: 1}, {0: 1, 1: 1}], "recovered merged", "matched merger"),
    "merged with one that adds a quarter": (
        [{0: 1}, {1: 1}, {2: 1}], [{0: 1, 1: 1, 2: 0.7}], "merged merged merged", "merger"),
    "one that adds less than a fifth is not merged": (
        [{0: 1}, {1: 1}, {2: 1}], [{0: 1, 1: 1, 2: 0.3}], "merged merged missed", "merger"),
    "a mixture of recovered ones merges none": (
        [{0: 1}, {1: 1}], [{0: 1}, {1: 1}, {0: 1, 1: 1}], "recovered recovered",
        "matched matched spurious"),
    "a split one may be merged with another too": (
        [{0: 1, 1: 1}, {2: 1}], [{0: 1}, {1: 1}, {0: 1, 1: 1, 2: 1.4}], "split merged",
        "part part merger"),
    "a mixture of a split and a recovered one merges none": (
        [{0: 1, 1: 1}, {2: 1}], [{0: 1}, {1: 1}, {2: 1}, {0: 1, 1: 1, 2: 1.4}],
        "split recovered", "part part matched spurious"),
    "a copy of a recovered one is spurious": (
        [{0: 1}, {1: 1}], [{0: 1}, {0: 1}], "recovered missed", "matched spurious"),
    "a recovered one's match is no part of others": (
        [{0: 1}, {0: 1, 1: 1}], [{0: 1}, {1: 1}], "recovered missed", "matched spurious"),
    "elsewhere": (
        [{0: 1}], [{5: 1}], "missed", "spurious"),
    "reversed in sign": (
        [{0: 1}], [{0: -1}], "missed", "spurious"),
    "zeros": (
        [{0: 1}, {1: 1}], [{}, {0: 1}], "recovered missed", "spurious matched"),
    "one of each": (
        [{0: 1}, {1: 1, 2: 1}, {3: 1}, {4: 1}, {5: 1}],
        [{6: 1}, {3: 1, 4: 1}, {2: 1}, {0: 1}, {1: 1}],
        "recovered split merged merged missed", "spurious merger part matched part"),
    "nothing found": (
        [{0: 1}, {1: 1}], [], "missed missed", ""),
    "nothing known": (
        [], [{0: 1}], "", "spurious"),
    "neither": (
        [], [], "", ""),
}  # fmt: skip


@pytest.mark.parametrize("name", FATES)
def test_fates(name):
    known, found, of_known, of_found = FATES[name]
    fates = classify(pixels(*known), pixels(*found), 0.9)
    assert fates.subunit.tolist() == of_known.split() and fates.found.tolist() == of_found.split()
    assert fates.subunit.dtype.kind == fates.found.dtype.kind == "U"


@pytest.mark.parametrize("name", FATES)
def test_precision_and_recall_count_fates(name):
    known, found, of_known, of_found = FATES[name]
    precision, recall = precision_and_recall(pixels(*known), pixels(*found), 0.9)
    for share, fates, good in [(precision, of_found, "matched"), (recall, of_known, "recovered")]:
        fates = fates.split()
        expected = fates.count(good) / len(fates) if fates else np.nan
        assert share == pytest.approx(expected, nan_ok=True)


def test_a_subunit_without_a_match_is_never_recovered():
    fates = classify(pixels({0: 1}, {1: 1}), pixels({0: 1}), recovered_cosine=0.0)
    assert fates.subunit.tolist() == ["recovered", "missed"]


def test_fates_of_blobs():
    """A broad blob found as its two halves, a pair found as one, one found beside, and noise."""
    broad, pair = blob(6, 6, 2.5), np.stack([blob(16, 14), blob(16, 18)])
    left = np.arange(24) < 6
    rng = np.random.default_rng(0)
    known = np.stack([broad, *pair, blob(6, 18), blob(20, 4)])
    found = np.stack([pair.sum(0), broad * left, broad * ~left, blob(6.3, 18.2), rng.random(SHAPE)])
    fates = classify(known, found + 0.01 * rng.normal(size=found.shape))
    assert fates.subunit.tolist() == ["split", "merged", "merged", "recovered", "missed"]
    assert fates.found.tolist() == ["merger", "part", "part", "matched", "spurious"]


@given(sizes, st.floats(0.3, 0.95))
@settings(max_examples=60, deadline=None)
def test_fates_are_consistent(size, recovered_cosine):
    """Whatever the images: order and scale do not count, and the fates of both sides agree."""
    n_known, n_found, seed = size
    rng = np.random.default_rng(seed)
    known, found = rng.random((n_known, 2, 3)) ** 3, rng.random((n_found, 2, 3)) ** 3
    fates = classify(known, found, recovered_cosine)
    order, other = rng.permutation(n_known), rng.permutation(n_found)
    scale = rng.uniform(0.1, 10, (n_found, 1, 1))
    again = classify(known[order], (scale * found)[other], recovered_cosine)
    assert again.subunit.tolist() == fates.subunit[order].tolist()
    assert again.found.tolist() == fates.found[other].tolist()
    n_of = {name: (fates.subunit == name).sum() for name in ("recovered", "split", "merged")}
    assert n_of["recovered"] == (fates.found == "matched").sum()
    assert (n_of["split"] > 0) == ((fates.found == "part").sum() >= 2)
    # The one image of a merged subunit may be another's part.
    assert n_of["merged"] > 0 or not (fates.found == "merger").any()
