"""A cell's file gives back its crop, its receptive field and what is known of it."""

from dataclasses import astuple

import numpy as np
import pytest
from helpers.cells import YAN2020

from finefield.averages.ellipse import Ellipse
from finefield.averages.fields.location import ReceptiveField
from finefield.files import store
from finefield.files.cell import (
    read_ellipse,
    read_known_subunits,
    read_window,
    receptive_field,
    write_recorded_cell,
    write_simulated_cell,
)
from finefield.simulation.cell import build_cell
from finefield.stimuli.window import Window

ABOUT = store.provenance("A test", {"seed": 3}, "made")
FIELD = Ellipse(y=12.5, x=20.0, major=3.0, minor=2.0, angle=30.0)


def test_a_simulated_cell_comes_back(tmp_path):
    cell, path = build_cell(YAN2020, 30.0), tmp_path / "a.nc"
    write_simulated_cell(path, "a", cell, FIELD, "OFF", "sustained", 30.0, ABOUT)
    assert read_window(path) == cell.window
    assert np.array_equal(read_known_subunits(path), cell.subunits)
    data = store.read(path)
    assert float(data["rf_major"]) == 90 and data["rf_major"].attrs["units"] == "um"
    assert astuple(receptive_field(data)) == pytest.approx(astuple(FIELD))
    assert data["cell_type"] == "sustained" and data.attrs["kind"] == "simulated"


@pytest.mark.parametrize("reason", ["", "too small"])
def test_a_recorded_cell_comes_back_or_says_why_it_is_dropped(tmp_path, reason):
    found = ReceptiveField(FIELD, Window(4, 8, 24, 24), 9.0, "ON", reason, 0.2)
    write_recorded_cell(tmp_path / "a.nc", "a", found, 30.0, ABOUT)
    assert read_window(tmp_path / "a.nc") == found.crop
    place = read_ellipse(tmp_path / "a.nc")
    assert (place.y, place.x, place.major) == pytest.approx((8.5, 12.0, 3.0))
    assert read_known_subunits(tmp_path / "a.nc") is None
    dropped = store.dropped_reason([tmp_path / "a.nc"])
    assert (dropped or "") == (f"no receptive field: {reason}" if reason else "")
