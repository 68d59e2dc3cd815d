"""The stimulus field with the receptive fields of all cells."""

import numpy as np
import pytest
import xarray as xr
from helpers.figures import STYLE, words

from finefield.figures import field


def cells_table(n, n_dropped=0):
    """A dataset as `cells.nc`, the last cells dropped."""
    rng = np.random.default_rng(0)
    values = {name: ("cell", rng.uniform(20, 100, n)) for name in ("rf_y", "rf_x", "rf_major")}
    values |= {"rf_minor": values["rf_major"], "rf_angle": ("cell", np.zeros(n))}
    values["polarity"] = "cell", [("OFF", "ON", "ON-OFF")[i % 3] for i in range(n)]
    values["note"] = "cell", ["a reason"[: 8 * (i >= n - n_dropped)] for i in range(n)]
    attributes = {"field_height": 150, "field_width": 200, "pixel_size": 30.0}
    return xr.Dataset(values, {"cell": [f"c{i}" for i in range(n)]}, attributes)


def test_the_field_shows_each_kept_cell_and_lists_the_others():
    figure = field.field_figure(cells_table(8, n_dropped=2), STYLE)
    (axes,) = figure.axes
    assert len(axes.patches) == 6
    said = words(figure)
    assert all(f"c{i}" in said for i in range(6)) and "6 of 8 cells" in said
    assert "dropped: cell c7, a reason" in said
    legend = [text.get_text() for text in axes.get_legend().get_texts()]
    assert legend == ["OFF (n = 2 cells)", "ON (n = 2 cells)", "ON-OFF (n = 2 cells)"]


@pytest.mark.parametrize(("n", "dropped"), [(1, 1), (400, 30)])
def test_a_field_of_no_cell_and_of_many(n, dropped):
    figure = field.field_figure(cells_table(n, dropped), STYLE)
    assert len(figure.axes[0].patches) == n - dropped
    if n > field.MAX_NAMED:
        assert "and 18 more" in words(figure)


def test_names_that_their_ellipses_hold_stand_in_them_and_others_have_a_number():
    table = cells_table(3)
    for name in ("rf_major", "rf_minor"):
        table[name][:] = 240.0
    table["rf_y"][:], table["rf_x"][:] = [40, 75, 110], [50, 100, 150]

    def written(table):
        (axes,) = field.field_figure(table, STYLE).axes
        return [text.get_text() for text in axes.texts[1:]]

    assert written(table) == ["c0", "c1", "c2"]
    table["cell"] = ["c0", "c1", "a cell of a long name"]
    assert written(table) == ["1", "2", "3"]
    # As short as a number, a name stands where a number would.
    table["cell"] = ["0", "10", "2"]
    for name in ("rf_major", "rf_minor"):
        table[name][:] = 1.0
    assert written(table) == ["0", "10", "2"]
