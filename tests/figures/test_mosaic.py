"""The mosaic of subunits: every subunit where it was found, at one scale."""

import numpy as np
import pytest
import xarray as xr
from helpers.figures import STYLE, assert_text_is_clear, described, words
from matplotlib.patches import Ellipse

from finefield.averages.ellipse import CONTOUR
from finefield.figures.subunits.mosaic import mosaic_figure

PIXEL = 30.0


def found(numbers):
    """Tables of cells and of their subunits, on crops at different places."""
    rng, most = np.random.default_rng(2), max(numbers)
    names = [f"cell_{number}" for number in range(len(numbers))]
    there = np.arange(most) < np.array(numbers)[:, None]
    limits = {
        "share": (0.02, 0.2), "centre_y": (2, 14), "centre_x": (2, 14), "major": (40, 60),
        "minor": (25, 40), "angle": (-90, 90),
    }  # fmt: skip
    values = {
        name: (("cell", "found"), np.where(there, rng.uniform(*ends, there.shape), np.nan))
        for name, ends in limits.items()
    }
    about = {"model": "finefield", "stimulus": "white_noise"}
    subunits = described(xr.Dataset(values, {"cell": names}, about))
    fields = {"crop_y": 3.0, "crop_x": 11.0, "rf_y": 11.0, "rf_x": 19.0, "rf_major": 150.0,
              "rf_minor": 120.0, "rf_angle": 20.0}  # fmt: skip
    cells = {name: ("cell", np.full(len(names), value)) for name, value in fields.items()}
    return subunits, xr.Dataset(
        cells, {"cell": names}, {"pixel_size": PIXEL, "field_height": 40, "field_width": 60}
    )


@pytest.mark.parametrize("numbers", [[5], [3, 0, 12], [8] * 40])
def test_every_subunit_is_drawn_where_it_was_found(numbers):
    subunits, cells = found(numbers)
    figure = mosaic_figure(subunits, cells, STYLE)
    assert_text_is_clear(figure)
    panels = [axes for axes in figure.axes if axes.get_title()]
    shown = [number for number in numbers if number]
    assert len(figure.axes[0].patches) == sum(shown) + len(shown), "all cells on the field"
    assert ("the first 25 cells" in words(figure)) == (len(shown) > 25)
    shown = shown[:25]
    assert [len(axes.patches) - 1 for axes in panels] == shown
    assert len({axes.get_xlim() for axes in panels}) == 1
    first = subunits.isel(cell=0).dropna("found")
    drawn = [one for one in panels[0].patches if isinstance(one, Ellipse)][1:]
    rising = np.argsort(first["share"].values)
    for number, ellipse in zip(rising, drawn, strict=True):
        one = first.isel(found=number)
        # The crop begins 8 pixels before the middle of the receptive field.
        centre = PIXEL * (one["centre_x"].item() - 8), PIXEL * (one["centre_y"].item() - 8)
        assert ellipse.get_center() == pytest.approx(centre)
        assert ellipse.width == pytest.approx(2 * CONTOUR * one["major"].item())
    on_field = figure.axes[0].patches[1].get_center()
    one = first.isel(found=rising[0])
    corner = (one["centre_x"].item() + 11.5, one["centre_y"].item() + 3.5)
    assert on_field == pytest.approx(tuple(PIXEL * place for place in corner))


def test_without_any_subunit_the_figure_says_so():
    subunits, cells = found([3])
    none = subunits.assign(share=subunits["share"] * np.nan)
    assert "no subunit found" in words(mosaic_figure(none, cells, STYLE))
