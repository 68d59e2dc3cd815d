"""The stimulus field with the receptive fields of all cells."""

import numpy as np
import pytest
import xarray as xr
from helpers.figures import STYLE

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
    said = {text.get_text() for text in axes.texts}
    assert {f"c{i}" for i in range(6)} <= said and "c6" not in said
    assert "6 of 8 cells" in figure.texts[0].get_text()
    assert "dropped: cell c7, a reason" in figure.texts[0].get_text()
    legend = [text.get_text() for text in axes.get_legend().get_texts()]
    assert legend == ["OFF (n = 2)", "ON (n = 2)", "ON-OFF (n = 2)"]


@pytest.mark.parametrize(("n", "dropped"), [(1, 1), (400, 30)])
def test_a_field_of_no_cell_and_of_many(n, dropped):
    figure = field.field_figure(cells_table(n, dropped), STYLE)
    assert len(figure.axes[0].patches) == n - dropped
    if n > field.MAX_NAMED:
        assert "and 18 more" in figure.texts[0].get_text()
