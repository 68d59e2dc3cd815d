"""Tables of cells: what cells lack is padded, and the CSV has what a row holds once."""

import numpy as np
import pandas as pd
import xarray as xr

from finefield.files.declared import ROOT, File, over, variables
from finefield.tables.stacking import stack, write_table

TABLE = File(
    "table.nc",
    "a test",
    {
        ROOT: over(
            "cell", variables("note: why\nn_spikes: spikes\nmajor (found) [um]: size", "some")
        )
    },
)


def test_what_a_cell_lacks_is_nan_and_what_it_has_stays():
    rows = {
        "b": xr.Dataset({"note": "", "n_spikes": 7, "major": ("found", [3.0, 2.0, 1.0])}),
        "a": xr.Dataset({"note": "silent"}),
        "c": xr.Dataset({"note": "", "n_spikes": 9, "major": ("found", [5.0])}),
    }
    table = stack(rows)
    assert table["cell"].values.tolist() == ["b", "a", "c"]
    assert table["note"].values.tolist() == ["", "silent", ""]
    assert np.array_equal(table["n_spikes"], [7, np.nan, 9], equal_nan=True)
    expected = [[3, 2, 1], [np.nan] * 3, [5, np.nan, np.nan]]
    assert np.array_equal(table["major"].transpose("cell", "found"), expected, equal_nan=True)


def test_a_table_is_written_twice(tmp_path):
    rows = {
        name: xr.Dataset({"note": "", "n_spikes": number, "major": ("found", np.arange(number))})
        for name, number in {"a": 2, "b": 12345}.items()
    }
    write_table(tmp_path / "t.nc", tmp_path / "t.csv", TABLE, stack(rows), {"title": "A test"})
    with xr.open_dataset(tmp_path / "t.nc") as data:
        assert data.attrs["title"] == "A test" and data["major"].attrs["units"] == "um"
        assert data["major"].notnull().sum("found").values.tolist() == [2, 12345]
    frame = pd.read_csv(tmp_path / "t.csv")
    assert list(frame) == ["cell", "note", "n_spikes"]
    assert frame["n_spikes"].tolist() == [2, 12345]
