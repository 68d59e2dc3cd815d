"""Populations drawn at random: the same each time, within their limits, and firing as asked."""

import numpy as np
import pytest
from scipy.ndimage import label

from finefield.base.errors import UserError
from finefield.base.settings import plain
from finefield.config.choice import cells, trained
from finefield.config.reading import complete
from finefield.simulation.cell import build_cell
from finefield.simulation.spikes import firing_rate, simulate_responses
from finefield.stimuli.noise import binary_noise


def dataset(population, **changes):
    config = {"datasets": {"d": {"kind": "simulated", "population": population} | changes}}
    return complete(config).datasets["d"]


def drawn(**population):
    return dataset(population).cells


def drawn_on(side, **population):
    return dataset(population, field={"height": side, "width": side}).cells


def test_more_cells_begin_with_the_same_ones_and_another_seed_gives_others():
    few, many = drawn(cells=5), drawn(cells=12)
    assert list(many)[:2] == ["r00", "r01"] and len(many) == 12
    assert {name: many[name] for name in few} == few
    config = {"seed": 2, "datasets": {"d": {"kind": "simulated", "population": {"cells": 5}}}}
    assert complete(config).datasets["d"].cells != few


def test_more_than_a_hundred_cells_rename_none():
    few, many = drawn(cells=30), drawn(cells=120)
    assert {name: many[name] for name in few} == few and list(many)[99:101] == ["r99", "r100"]


def test_patches_of_many_subunits_are_round():
    (cell,) = drawn_on(60, cells=1, subunits=[200, 200], jitter=0, sigma=[1, 1], crop=50).values()
    centres = np.array([[one.y, one.x] for one in cell.subunits])
    distance = np.linalg.norm(centres - centres.mean(0), axis=1)
    # A disc with the lattice's area for each of the 200 points, sqrt(3) / 2 at a distance of 1.
    assert distance.max() == pytest.approx(2 * np.sqrt(200 * np.sqrt(3) / 2 / np.pi), rel=0.1)


def test_cells_lie_within_the_limits():
    every = drawn(cells=100, subunits=[2, 7], sigma=[1, 1.2], weights=[0.4, 0.6]).values()
    counts = {len(cell.subunits) for cell in every}
    assert counts == set(range(2, 8))
    assert {cell.polarity for cell in every} == {"ON", "OFF"}
    for cell in every:
        assert 0 <= cell.crop.y <= 24 - 16 and 0 <= cell.crop.x <= 36 - 16
        for one in cell.subunits:
            assert 0.9 <= one.sigma <= 1.32 and 0.4 <= one.weight <= 0.6
            assert 1 <= one.y <= 14 and 1 <= one.x <= 14


def test_options_change_what_they_say_and_nothing_else():
    plain_one, wide, long, both = (
        drawn(cells=40, **options)
        for options in ({}, {"widths": [0.67, 1.33]}, {"ratio": [1, 2]}, {"opposite": 0.4})
    )
    of = lambda cells, key: np.array(  # noqa: E731
        [getattr(one, key) for cell in cells.values() for one in cell.subunits]
    )
    for name in ("y", "x", "weight"):
        for other in (wide, long, both):
            assert np.array_equal(of(plain_one, name), of(other, name))
    spread = of(wide, "sigma") / of(plain_one, "sigma")
    assert spread.min() < 0.8 and spread.max() > 1.15
    assert set(of(plain_one, "ratio")) == {1}
    assert 1 <= of(long, "ratio").min() < 1.1 and 1.9 < of(long, "ratio").max() <= 2
    turned = [one.polarity for cell in both.values() for one in cell.subunits]
    assert np.mean([one is not None for one in turned]) == pytest.approx(0.4, abs=0.1)
    opposite = {("ON", "OFF"), ("OFF", "ON"), ("ON", None), ("OFF", None)}
    found = {(cell.polarity, one.polarity) for cell in both.values() for one in cell.subunits}
    assert found == opposite


def test_patches_tile_without_overlap():
    for cell in drawn(cells=20, shape="patch").values():
        images = build_cell(cell, 30.0).subunits
        assert images.sum(0).max() == 1 and images.sum((1, 2)).min() >= 2
        assert all(label(image)[1] == 1 for image in images)


def test_patches_of_neighbouring_pixels_have_a_pixel_each():
    for cell in drawn(cells=100, shape="patch", sigma=[0.5, 0.6], crop=12).values():
        images = build_cell(cell, 30.0).subunits
        assert images.sum(0).max() == 1 and images.sum((1, 2)).min() >= 1


def test_nearest_neighbours_overlap_as_the_spacing_says():
    """Without jitter and with equal sizes, nearest Gaussians have a cosine of exp(-s^2 / 4)."""
    cosines = []
    for cell in drawn(cells=20, jitter=0, sigma=[1, 1], spacing=2.2).values():
        centres = np.array([[one.y, one.x] for one in cell.subunits])
        distance = np.linalg.norm(centres[:, None] - centres, axis=2)
        np.fill_diagonal(distance, np.inf)
        assert distance.min(1) == pytest.approx(2.2, abs=0.01)
        images = build_cell(cell, 30).subunits.reshape(len(centres), -1)
        images /= np.linalg.norm(images, axis=1, keepdims=True)
        cosines += (images @ images.T)[np.isclose(distance, 2.2, atol=0.02)].tolist()
    assert np.median(cosines) == pytest.approx(np.exp(-(2.2**2) / 4), abs=0.03)


@pytest.mark.parametrize("number", [0, 1, 2])
def test_cells_fire_at_the_rate_asked_for(number):
    definition = list(drawn(cells=3, rate=3).values())[number]
    cell = build_cell(definition, 30)
    movie = binary_noise(np.random.default_rng(number), 60_000, 16, 16, -0.5, 0.5)
    rate = firing_rate(cell, movie)
    assert rate[20:].mean() == pytest.approx(3, rel=0.15)


@pytest.mark.parametrize("subunits", [1, 4, 12])
def test_bernoulli_spikes_follow_what_is_accepted(subunits):
    """A population that the config accepts does not fail in a job, over many frames."""
    population = {"subunits": [subunits] * 2, "spikes": "bernoulli", "rate": 0.25, "cells": 1}
    cell = build_cell(drawn(**population)["r00"], 30)
    movie = binary_noise(np.random.default_rng(3), 60_000, 16, 16, -0.5, 0.5)
    found = simulate_responses(cell, movie, 1, 30, np.random.default_rng(9))
    rate, spikes = found.rate, found.spike_count
    assert rate.max() < 30 and spikes.max() == 1


def test_named_cells_stand_beside_drawn_ones():
    named = {"mine": {"crop": {"y": 0, "x": 0}, "subunits": [{"shape": "block", "y": 1, "x": 1}]}}
    full = {"datasets": {"d": {"kind": "simulated", "cells": named, "population": {"cells": 2}}}}
    full = complete(full)
    assert cells(full, "d") == ["mine", "r00", "r01"]
    assert trained(full, "d") == {"finefield": ["mine", "r00", "r01"]}
    assert complete(plain(full)) == full


@pytest.mark.parametrize(
    ("population", "changes", "words"),
    [
        ({"crop": 9}, {}, "datasets.d.population.crop: got 9 pixels; expected at least"),
        ({"crop": 30}, {}, "at most the field's height, 24 pixels"),
        (
            {"shape": "patch", "sigma": [0.4, 1]},
            {},
            "got patches 0.8 pixels apart; expected a pixel",
        ),
        ({"sigma": [2, 1]}, {}, "datasets.d.population.sigma: got .2, 1.; expected the lower"),
        ({"cels": 3}, {}, "datasets.d.population.cels: got an unknown key"),
        ({}, {"train": {"finefield": ["r99"]}}, "datasets.d.train.finefield: got r99"),
        ({"spikes": "bernoulli"}, {}, r"d\.population\.rate: got 2 Hz on average, and up to"),
        ({}, {"stimuli": {"w": {"contrasts": [1, 1]}}}, r"d\.stimuli\.w\.contrasts: got \[1, 1\]"),
        ({"threshold_sd": 9}, {}, r"d\.population\.threshold_sd: got 9; expected a number from 0"),
        ({"spacing": 0.1}, {}, r"d\.population\.spacing: got 0\.1; expected a number, at least 1"),
    ],
)
def test_faults_are_named(population, changes, words):
    with pytest.raises(UserError, match=words):
        dataset(population, **changes)


def test_a_drawn_name_that_is_taken_is_a_fault():
    taken = {"r01": {"crop": {"y": 0, "x": 0}, "subunits": [{"shape": "block", "y": 1, "x": 1}]}}
    with pytest.raises(UserError, match=r"datasets\.d\.cells\.r01: got r01; expected a name of"):
        dataset({}, cells=taken)


def test_a_dataset_without_any_cell_is_a_fault():
    with pytest.raises(UserError, match=r"datasets\.d\.cells: got no such key; expected cells, a"):
        complete({"datasets": {"d": {"kind": "simulated"}}})


def test_known_types_may_differ_in_shape_too():
    types = {"round": {}, "elongated": {"ratio": [1.5, 2]}, "patchy": {"shape": "patch"}}
    cells = drawn(cells=3, types=types, subunits=[4, 5])
    first, second, third = cells.values()
    assert {one.ratio for one in first.subunits} == {1}
    assert all(1.5 <= one.ratio <= 2 for one in second.subunits)
    assert {one.shape for one in third.subunits} == {"patch"}


def test_limits_of_a_type_are_in_order():
    with pytest.raises(UserError, match=r"types\.wide\.ratio"):
        drawn(types={"round": {}, "wide": {"ratio": [2, 1]}})


def test_a_pixel_beyond_the_crop_is_refused():
    cell = {"crop": {"y": 0, "x": 0}, "subunits": [{"shape": "patch", "pixels": [[1, 1], [2, 8]]}]}
    config = {"datasets": {"d": {"kind": "simulated", "cells": {"a": cell}}}}
    with pytest.raises(UserError, match=r"cells\.a\.subunits\[0\]\.pixels\[1\]"):
        complete(config)
