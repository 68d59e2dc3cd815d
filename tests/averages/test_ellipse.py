"""Ellipses against geometry: their areas, overlaps and axes."""

from dataclasses import replace

import numpy as np
import pytest

from finefield.averages.ellipse import Ellipse, overlap, tiling


def circle(y, x, radius):
    return Ellipse(y=y, x=x, major=radius, minor=radius, angle=0.0)


def test_inside_counts_the_area_of_an_ellipse():
    y, x = np.mgrid[-10:10:0.05, -10:10:0.05]
    ellipse = Ellipse(y=1, x=-2, major=4, minor=1.5, angle=30)
    area = ellipse.inside(y, x).sum() * 0.05**2
    assert area == pytest.approx(np.pi * 4 * 1.5, rel=0.01)
    # The major axis points along the angle, from x towards y (downwards).
    assert ellipse.inside(1 + 3 * np.sin(np.pi / 6), -2 + 3 * np.cos(np.pi / 6))
    assert not ellipse.inside(1 - 3 * np.sin(np.pi / 6), -2 + 3 * np.cos(np.pi / 6))


def test_a_shifted_ellipse_holds_the_shifted_points():
    ellipse = Ellipse(y=1, x=-2, major=4, minor=1.5, angle=30)
    y, x = np.mgrid[-9:9:0.7, -9:9:0.7]
    moved = ellipse.shifted(3, -5.5)
    assert np.array_equal(moved.inside(y + 3, x - 5.5), ellipse.inside(y, x))


def test_tiling_of_discs():
    one, other, field = circle(0, 0, 2), circle(0, 20, 2), circle(0, 0, 4)
    coverage, share = tiling([one, other], field)
    assert coverage == pytest.approx(1 / 4, rel=0.02) and share == 1
    coverage, share = tiling([one, one, other], field)
    assert coverage == pytest.approx(1 / 4, rel=0.02)
    assert share == pytest.approx(1.5, rel=0.02)


def test_equal_ellipses_overlap_wholly_and_distant_ones_do_not():
    one = Ellipse(5.3, 4.1, 3.0, 0.7, 25.0)
    assert overlap(one, one) == 1
    assert overlap(one, one.shifted(20, 0)) == 0
    assert overlap(circle(0, 0, 1), circle(0, 5e4, 1)) == 0  # a grid of a million points


@pytest.mark.parametrize("ratio", [0.9, 0.5, 0.1])
def test_concentric_circles_overlap_by_the_ratio_of_their_areas(ratio):
    found = overlap(circle(3, 4, 2), replace(circle(3, 4, 2 * ratio), angle=70))
    assert found == pytest.approx(ratio**2, rel=0.01)


@pytest.mark.parametrize("distance", [0.3, 1.0, 1.7])
@pytest.mark.parametrize("direction", [0.0, 50.0])
def test_two_circles_overlap_by_a_lens(distance, direction):
    y, x = distance * np.sin(np.radians(direction)), distance * np.cos(np.radians(direction))
    lens = 2 * np.arccos(distance / 2) - distance / 2 * np.sqrt(4 - distance**2)
    found = overlap(circle(0, 0, 1), replace(circle(y, x, 1), angle=30))
    assert found == pytest.approx(lens / (2 * np.pi - lens), abs=0.003)


@pytest.mark.parametrize("ratio", [0.8, 0.4, 0.1])
@pytest.mark.parametrize("angle", [0.0, 30.0, -75.0])
def test_an_ellipse_overlaps_the_one_across_it_as_geometry_says(ratio, angle):
    """The common part of the two has the area 4 a b arctan(b / a)."""
    a, b = 3.0, 3.0 * ratio
    common = 4 * a * b * np.arctan(b / a)
    one, across = Ellipse(7, 8, a, b, angle), Ellipse(7, 8, a, b, angle + 90)
    found = overlap(one, across)
    assert found == pytest.approx(common / (2 * np.pi * a * b - common), abs=0.003)
    assert found == overlap(across, one)


def test_angles_run_from_x_towards_y():
    """A ridge along the falling diagonal has 45 degrees."""
    y, x = np.mgrid[:41, :41] - 20
    ridge = np.exp(-((x + y) ** 2) / (4 * 5.0**2) - (x - y) ** 2 / (4 * 2.0**2))
    found = Ellipse.of(ridge)
    assert overlap(found, Ellipse(20, 20, 5, 2, 45)) > 0.95
    assert overlap(found, Ellipse(20, 20, 5, 2, -45)) < 0.4


@pytest.mark.parametrize("name", ["y", "x", "major", "minor", "angle"])
def test_an_ellipse_that_is_unknown_has_no_overlap(name):
    known = Ellipse(1.0, 2.0, 3.0, 2.0, 10.0)
    unknown = replace(known, **{name: np.nan})
    assert known.is_known and not unknown.is_known
    assert np.isnan(overlap(known, unknown)) and np.isnan(overlap(unknown, known))


@pytest.mark.parametrize("shape", [(1, 101), (101, 1), (101, 101)])
@pytest.mark.parametrize("level", [0.2, 0.5])
def test_a_gaussian_cut_at_a_part_of_its_peak_has_its_own_size(shape, level):
    y, x = (np.arange(size) - size // 2 for size in shape)
    image = np.exp(-(y[:, None] ** 2 + x**2) / (2 * 8.0**2))
    found = Ellipse.of_region(image, image >= level, level)
    assert found.major == pytest.approx(8, rel=0.03)
