"""Targets come back from their file without the padding of smaller crops and fewer frames."""

from dataclasses import replace

import numpy as np
import pytest
import xarray as xr

from finefield.base.errors import UserError
from finefield.files import store
from finefield.stimuli.window import Window
from finefield.tables.targets import kept_targets, read_targets, write_targets
from finefield.transfer.targets import Target

ABOUT = store.provenance("A test", {"seed": 3}, "made")


def target(seed, window, n_frames, n_samples, cell_type):
    rng = np.random.default_rng(seed)
    return Target(
        window=window,
        newest=np.arange(5, 5 + n_frames),
        rate=rng.random(n_frames),
        refit_newest=np.sort(rng.integers(5, 900, n_samples)),
        refit_count=rng.integers(0, 3, n_samples).astype(float),
        temporal=rng.normal(size=6),
        spatial=rng.normal(size=(window.height, window.width)),
        noise_ceiling=0.9,
        ln_correlation=0.5,
        cell_type=cell_type,
    )


@pytest.mark.parametrize("types", [("midget", ""), (None, None)])
def test_cells_of_different_sizes_come_back_as_they_were(tmp_path, types):
    windows = Window(3, 4, 8, 7), Window(0, 9, 5, 11)
    cells = {
        "large": target(0, windows[0], 40, 100, types[0]),
        "few": target(1, windows[1], 31, 60, types[1]),
    }
    write_targets(tmp_path / "targets.nc", cells, ABOUT)
    again = read_targets(tmp_path / "targets.nc")
    assert list(again) == list(cells)
    for name, cell in cells.items():
        for key, value in vars(cell).items():
            assert np.array_equal(getattr(again[name], key), value), (name, key)
        assert again[name].newest.dtype.kind == again[name].refit_newest.dtype.kind == "i"
    with xr.open_dataset(tmp_path / "targets.nc") as data:
        assert data["measured_rate"].sel(cell="few").isnull().sum() == 40 - 31
        assert ("cell_type" in data) == (types[0] is not None)


def test_an_undefined_score_of_a_target_stays_undefined(tmp_path):
    cell = replace(target(0, Window(0, 0, 4, 4), 20, 30, None), ln_correlation=float("nan"))
    write_targets(tmp_path / "targets.nc", {"one": cell}, ABOUT)
    assert np.isnan(read_targets(tmp_path / "targets.nc")["one"].ln_correlation)


def test_dropped_cells_are_no_targets(tmp_path):
    path = tmp_path / "silent.nc"
    store.write_dropped(path, "too few spikes")
    with pytest.raises(UserError, match="all 1 dropped"):
        kept_targets({"silent": (path, path, path)}, None, lags=4, n_samples=10)
