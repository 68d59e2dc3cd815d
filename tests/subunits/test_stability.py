"""Agreement of sets of subunits, and what starts say about them."""

import numpy as np
import pytest

from finefield.subunits.stability import agreement, compare_starts


def bumps(rng, n, side=14):
    rows, columns = np.mgrid[:side, :side]
    centres = rng.uniform(3, side - 4, (n, 2))
    images = [np.exp(-((rows - y) ** 2 + (columns - x) ** 2) / 3) for y, x in centres]
    return np.reshape(images, (-1, side, side))


def test_equal_sets_agree_fully_and_far_above_chance():
    images = bumps(np.random.default_rng(0), 5)
    found = agreement([(images, images[::-1])], np.random.default_rng(1))
    assert found.similarity == pytest.approx(1)
    assert found.chance < found.chance_high < 0.9


def test_a_missing_subunit_costs_its_part():
    images = bumps(np.random.default_rng(0), 4)
    found = agreement([(images, images[:3])], np.random.default_rng(1))
    assert found.similarity == pytest.approx(0.75)


def test_unrelated_sets_lie_within_chance():
    """Of 60 pairs of random sets, at most 7 are above the 97.5% quantile (p < 0.001)."""
    rng, above = np.random.default_rng(2), 0
    for _ in range(60):
        first, second = bumps(rng, 6), bumps(rng, 6)
        found = agreement([(first, second)], rng)
        above += found.similarity > found.chance_high
    assert above <= 7


def test_pairs_without_subunits():
    none, images = bumps(np.random.default_rng(0), 0), bumps(np.random.default_rng(0), 2)
    rng = np.random.default_rng(0)
    assert np.isnan(agreement([], rng).similarity)
    assert np.isnan(agreement([(none, none)], rng).similarity)
    assert agreement([(images, none)], rng) == agreement([(none, images)], rng)
    assert agreement([(images, none)], rng).similarity == 0


def test_what_starts_say():
    rng = np.random.default_rng(3)
    images = bumps(rng, 6)
    found = {
        "seeds": [images, images[:5], images],
        "halves": [images[:4], images[:4]],
        "bootstraps": [images[: 3 + number % 3] for number in range(40)],
    }
    stability = compare_starts(found, [(images, images[:3])], images, rng)
    assert stability.start_found[:5].tolist() == [6, 5, 6, 4, 4]
    assert stability.start_kind[2:5] == ["seeds", "halves", "halves"]
    assert stability.half.similarity == pytest.approx(1)
    assert stability.seed.similarity == pytest.approx((5 / 6 + 1 + 5 / 6) / 3)
    assert stability.stnmf.similarity == pytest.approx(3 / 6)
    assert stability.found_interval.tolist() == [3, 5]
    assert stability.found_sd == pytest.approx(np.std(stability.start_found, ddof=1))
    cosines = stability.start_cosine
    assert cosines.shape == (45, 6) and cosines[0] == pytest.approx(1)
    assert (cosines[3] > 0.99).sum() == 4
    low, high = stability.cosine_interval
    # The first three subunits are in every bootstrap, the last one in none.
    assert low[:3] == pytest.approx([1, 1, 1]) and high[5] < 0.99


def test_one_start_says_nothing_of_agreement():
    rng = np.random.default_rng(0)
    stability = compare_starts({"seeds": [bumps(rng, 3)]}, [], None, rng)
    assert np.isnan([stability.seed.similarity, stability.half.chance, stability.found_sd]).all()
    assert np.isnan(stability.found_interval).all() and np.isnan(stability.stnmf.chance_high)
    assert stability.start_cosine is None and stability.cosine_interval is None
