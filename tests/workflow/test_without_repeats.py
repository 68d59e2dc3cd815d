"""A recording without a frozen sequence runs to the figures, and learns what one with it learns."""

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from helpers.project import Project

pytestmark = pytest.mark.slow

HEIGHT, WIDTH, RATE = 10, 11, 30.0
RUNNING, FROZEN, REPEATS = 40_000, 300, 40
#: Centres of the subunits of both cells.
CELLS = {"one": [(3, 3), (5, 5)], "two": [(4, 7), (6, 5)]}


def rates(frames, centres):
    """Expected spikes of a cell of two rectified subunits that see the last two frames."""
    y, x = np.mgrid[:HEIGHT, :WIDTH]
    total = np.zeros(len(frames))
    for row, column in centres:
        spatial = np.exp(-((y - row) ** 2 + (x - column) ** 2) / 1.5)
        drive = (2.0 * frames.reshape(len(frames), -1) - 1) @ spatial.ravel()
        drive = np.concatenate([[0.0], drive]) / drive.std()
        total += np.maximum(drive[1:] + 0.5 * drive[:-1], 0) ** 2
    return 0.25 * total


def dataset(folder, repeats):
    """A dataset of spike times, with or without repeats of a frozen sequence at its end."""
    rng = np.random.default_rng(7)
    frames = {
        name: np.random.default_rng(seed).integers(0, 2, (n, HEIGHT, WIDTH))
        for name, seed, n in (("running", 11, RUNNING), ("frozen", 12, FROZEN))
    }
    running = np.arange(RUNNING) / RATE
    frozen = RUNNING / RATE + 2 + np.arange(REPEATS * FROZEN).reshape(REPEATS, FROZEN) / RATE
    times = {"running_frame_times": running}
    if repeats:
        times["frozen_frame_times"] = frozen
    for cell, centres in CELLS.items():
        parts = []
        for onset, name in ((running, "running"), (frozen, "frozen")):
            expected = np.resize(rates(frames[name], centres), onset.size)
            shown = np.repeat(onset.ravel(), rng.poisson(expected))
            parts.append(shown + rng.uniform(0.01, 0.99, len(shown)) / RATE)
        kept = parts if repeats else parts[:1]
        times[f"spike_times/{cell}"] = np.sort(np.concatenate(kept))
    np.savez(folder / "cells.npz", **times)
    layout, noise = {"format": "spike_times"}, {"kind": "numpy", "running_seed": 11}
    if repeats:
        noise["frozen_seed"] = 12
    else:
        layout["frozen_times_key"] = None
    return {
        "kind": "recorded",
        "recording": str(folder / "cells.npz"),
        "layout": layout,
        "delay": 0,
        "test_fraction": 0.1 if repeats else None,
        "field": {"height": HEIGHT, "width": WIDTH, "frame_rate": RATE},
        "stimuli": {"noise": noise},
        "receptive_field": {"min_crop": 8, "max_crop": 10},
    }


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    """Results of all that a run makes, without and with repeats."""
    found = {}
    for repeats in (False, True):
        folder = tmp_path_factory.mktemp("repeats" if repeats else "none")
        models = {"finefield": {"lags": 8}}
        config = {"datasets": {"lab": dataset(folder, repeats)}, "models": models}
        config |= {"sta": {"lags": 8, "covariance_shuffles": 2}}
        project = Project.from_sources(folder / "project", config)
        project.run("--cores", "2")
        found[repeats] = project.folder / "results/lab"
    return found


def table(folder, name):
    return pd.read_csv(folder / name).set_index("cell")


def test_a_run_without_repeats_ends_in_all_figures(results):
    figures = {
        path.relative_to(results[repeats] / "figures")
        for repeats in results
        for path in (results[repeats] / "figures").rglob("*.svg")
    }
    for folder in results.values():
        assert all((folder / "figures" / name).stat().st_size > 1000 for name in figures)
    assert len(figures) >= 8


def test_scores_are_named_for_what_they_are(results):
    summary = table(results[False], "summary.csv")
    assert set(summary["tested_on"]) == {"blocks"} and summary["noise_ceiling"].isna().all()
    assert (summary["correlation"] == summary["single_correlation"]).all()
    cells = table(results[False], "cells.csv")
    assert cells["noise_ceiling"].isna().all() and cells["reliability"].isna().all()
    with xr.open_dataset(results[False] / "responses/noise/one.nc", group="blocks") as blocks:
        assert int(blocks["n_frames"].sum()) == RUNNING // 10


def test_networks_are_the_same_with_and_without_repeats(results):
    for cell in CELLS:
        weights = [
            xr.load_dataset(folder / f"models/finefield/noise/{cell}.nc", group="filters")
            for folder in results.values()
        ]
        xr.testing.assert_identical(*weights)


def test_scores_with_repeats_are_those_without_and_what_repeats_add(results):
    without, repeats = (table(folder, "summary.csv") for folder in results.values())
    same = ["single_correlation", "ln_single_correlation", "bits_per_spike", "ln_bits_per_spike"]
    pd.testing.assert_frame_equal(without[same], repeats[same])
    assert set(repeats["tested_on"]) == {"frozen"}
    # Single counts are noisier than means; a network tells more bits than its LN model.
    assert (repeats["correlation"] > 1.2 * repeats["single_correlation"]).all()
    assert (repeats["bits_per_spike"] > repeats["ln_bits_per_spike"]).all()
    assert (repeats["correlation"] > 0.95 * repeats["noise_ceiling"]).all()


def test_networks_predict_other_cells_without_repeats(results):
    for folder in results.values():
        with xr.open_dataset(folder / "transfer/finefield.nc") as grid:
            own = grid["correlation"].squeeze().values
        assert np.isfinite(own).all() and (np.diag(own) >= own.max(0)).all()
