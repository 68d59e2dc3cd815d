"""The finished run of config/biophysical.yaml: what a patch of retina with membranes must show."""

import numpy as np
import pytest
import xarray as xr
from helpers.project import ROOT

PATCH = ROOT / "results/patch"
NAMES = [f"{kind}_{number}" for kind in ("small", "large") for number in range(6)]

pytestmark = pytest.mark.results


@pytest.fixture(scope="module")
def subunits():
    return xr.load_dataset(PATCH / "subunits/finefield/white_noise.nc")


@pytest.fixture(scope="module")
def physiology():
    return [xr.load_dataset(PATCH / f"physiology/{name}.nc") for name in NAMES]


def test_the_bipolar_cells_of_each_ganglion_cell_are_found(subunits):
    known = subunits["n_known"].values
    recovered = (subunits["recall"] * known).sum().item()
    right = (subunits["precision"] * subunits["n_found"]).sum().item()
    assert len(known) == 12
    assert recovered >= 0.95 * known.sum()
    assert right >= 0.95 * subunits["n_found"].sum().item()
    assert (subunits["similarity"] > subunits["chance_high"]).all()


def test_cells_fire_as_ganglion_cells_do(physiology):
    for name, tried in zip(NAMES, physiology, strict=True):
        path = PATCH / f"responses/white_noise/{name}.nc"
        running = xr.load_dataset(path, group="running")
        rate = running["spike_count"].mean().item() * xr.load_dataset(path).attrs["frame_rate"]
        assert 0.5 < rate < 30, name
        intervals = np.diff(running["spike_time"].values)
        assert intervals.min() > 0.002, name
        assert np.all(np.diff(tried["contrast_response"]) > 0), name


def test_cells_sum_nonlinearly(physiology):
    for tried in physiology:
        # Two cycles of the grating in the crop: bars about as wide as a bipolar cell.
        first, second = (tried[f"{one}_harmonic"].values[2] for one in ("first", "second"))
        # Where F1 vanishes, F2 stays.
        assert second[first.argmin()] > 2 * first.min()


def test_networks_of_the_same_type_carry_over_better():
    grid = xr.load_dataset(PATCH / "transfer/finefield.nc").isel(train_stimulus=0, test_stimulus=0)
    score = grid["aligned_correlation"].values
    kind = grid["cell_type"].values
    same, own = kind[:, None] == kind, np.eye(12, dtype=bool)
    assert np.median(score[same & ~own]) > np.median(score[~same])
    assert np.median(np.diag(score)) > np.median(score[same & ~own])
