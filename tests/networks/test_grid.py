"""The first stage of the course: the width of the grid."""

import numpy as np
import pytest
from tests.helpers.samples import gaussians, sample_of

from finefield.networks.positions.grid import MOST_PIXELS, WIDTHS, best_grid

SIDE = 12
EVERYWHERE = np.ones((SIDE, SIDE), bool)


def width_of(grid):
    """The width that all Gaussians of a grid have."""
    return grid.parameters[:, 2].exp().unique().item()


@pytest.mark.parametrize("seed", range(6))
def test_one_broad_filter_is_not_many_narrow_ones(seed):
    sample = sample_of(gaussians([(5.5, 5.5)], 3.0, SIDE), np.ones(1), 4000, seed)
    assert width_of(best_grid(EVERYWHERE, sample)) > 2


@pytest.mark.parametrize("width", [0.8, 1.35, 2.3])
def test_the_grid_has_the_width_of_the_subunits(width):
    four = gaussians([(3, 3), (3, 8), (8, 3), (8, 8)], width, SIDE)
    sample = sample_of(four, np.ones(4), 60_000, seed=1)
    assert width_of(best_grid(EVERYWHERE, sample)) == pytest.approx(width)


@pytest.mark.parametrize("width", [0.45, 0.6])
def test_subunits_of_half_a_pixel_are_found_between_pixels(width):
    places, side = [(2.5, 2.5), (2.5, 4.0), (4.0, 2.5), (4.5, 4.5)], 8
    sample = sample_of(gaussians(places, width, side), np.ones(4), 60_000, seed=1)
    inside = np.zeros((side, side), bool)
    inside[1:7, 1:7] = True
    grid = best_grid(inside, sample)
    assert width_of(grid) == pytest.approx(width)
    largest = np.argsort(-grid.pooling.weight)[:4]
    assert sorted(map(tuple, grid.parameters[largest, :2].tolist())) == places
    assert (grid.parameters[:, :2] >= 1).all() and (grid.parameters[:, :2] <= 6).all()


def test_large_receptive_fields_are_not_searched_for_half_pixels():
    assert EVERYWHERE.sum() > MOST_PIXELS
    places = [(2.5, 2.5), (2.5, 4.5), (4.5, 2.5), (4.5, 4.5)]
    sample = sample_of(gaussians(places, 0.45, SIDE), np.ones(4), 20_000, seed=1)
    assert width_of(best_grid(EVERYWHERE, sample)) == pytest.approx(WIDTHS[0])
