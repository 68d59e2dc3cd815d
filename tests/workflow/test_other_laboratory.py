"""Another laboratory's recording: grey TIFF stacks, spike times, a pause, dropped frames."""

import numpy as np
import pytest
import tifffile
import xarray as xr
from helpers.project import Project

pytestmark = pytest.mark.slow

HEIGHT, WIDTH, RATE = 12, 14, 60.0
RUNNING, FROZEN, REPEATS = 12_000, 200, 30
CENTRE = (7, 5)
#: The running stimulus stands still before this frame, and this one is shown twice as long.
PAUSE, DROPPED = 5_000, 9_000


def rate(frames):
    """Expected spikes in each frame of an ON cell that sees the frame before and the one before."""
    y, x = np.mgrid[:HEIGHT, :WIDTH]
    spatial = np.exp(-((y - CENTRE[0]) ** 2 + (x - CENTRE[1]) ** 2) / 3)
    drive = (frames.reshape(len(frames), -1) - 127.5) @ spatial.ravel()
    drive /= drive.std()
    drive = np.concatenate([np.zeros(2), drive])
    return 0.8 * np.maximum(drive[1:-1] + 0.5 * drive[:-2], 0)


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    """Averages of the laboratory's one good cell; the second has spikes in the dark only."""
    rng = np.random.default_rng(3)
    folder = tmp_path_factory.mktemp("laboratory")
    frames = {
        n: rng.integers(0, 256, (n, HEIGHT, WIDTH), dtype=np.uint8) for n in (RUNNING, FROZEN)
    }
    for name, n in (("running", RUNNING), ("frozen", FROZEN)):
        tifffile.imwrite(folder / f"{name}.tif", frames[n])
    steps = np.full(RUNNING, 1 / RATE)
    steps[PAUSE - 1], steps[DROPPED] = 20.0, 2 / RATE
    running = 3.0 + np.cumsum(steps) - steps
    frozen = running[-1] + 5 + np.arange(REPEATS)[:, None] * 5 + np.arange(FROZEN) / RATE
    onsets = np.concatenate([running, frozen.ravel()])
    expected = np.concatenate([rate(frames[RUNNING]), np.tile(rate(frames[FROZEN]), REPEATS)])
    shown = np.repeat(onsets, rng.poisson(expected))
    spikes = np.sort(shown + rng.uniform(0.01, 0.99, len(shown)) / RATE)
    dark = running[PAUSE - 1] + np.linspace(1, 18, 100)
    times = {"spike_times/ON_1": spikes, "spike_times/dark": dark}
    times |= {"running_frame_times": running, "frozen_frame_times": frozen}
    np.savez(folder / "cells.npz", **times)
    files = {f"{name}_file": str(folder / f"{name}.tif") for name in ("running", "frozen")}
    dataset = {
        "kind": "recorded",
        "recording": str(folder / "cells.npz"),
        "layout": {"format": "spike_times"},
        "field": {"height": HEIGHT, "width": WIDTH, "frame_rate": RATE},
        "stimuli": {"grey": {"kind": "frames", **files}},
        "receptive_field": {"min_crop": 6, "max_crop": 8},
    }
    models = {"small": {"lags": 6}}
    sta = {"lags": 6, "covariance_shuffles": 5}
    config = {"datasets": {"lab": dataset}, "models": models, "sta": sta}
    project = Project.from_sources(folder / "project", config)
    targets = ["cells.csv", "figures/field.svg", "sta/grey/ON_1.nc", "sta/grey/dark.nc"]
    project.run("--cores", "2", *(f"results/lab/{name}" for name in targets))
    return project.folder / "results/lab"


def stored(path, group=None):
    with xr.open_dataset(path, group=group) as data:
        return data.load()


def test_the_recording_is_cut_where_the_stimulus_stood_still(results):
    responses = stored(results / "responses/grey/ON_1.nc", "running")
    assert responses["first_frame"].values.tolist() == [0, PAUSE, DROPPED + 1]
    assert responses["n_frames"].values.tolist() == [PAUSE, DROPPED + 1 - PAUSE, 2999]
    frozen = stored(results / "responses/grey/ON_1.nc", "frozen")
    assert frozen["spike_count"].shape == (1, REPEATS, FROZEN)


def test_the_cell_is_found_and_predicted(results):
    cells = stored(results / "cells.nc").sel(cell="ON_1")
    assert float(cells["rf_y"]) == pytest.approx(CENTRE[0], abs=0.5)
    assert float(cells["rf_x"]) == pytest.approx(CENTRE[1], abs=0.5)
    assert cells["polarity"].item() == "ON" and float(cells["on_off_index"]) < 0.2
    sta = stored(results / "sta/grey/ON_1.nc")
    # An LN model is what the cell is; it sees the frame before its own first.
    assert float(sta["correlation"]) > 0.9 * float(sta["noise_ceiling"])
    first, second, *rest = sta["sta_temporal"].values
    assert second / first == pytest.approx(0.5, abs=0.1)
    assert np.abs(rest).max() < 0.1 * first
    assert stored(results / "sta/grey/ON_1.nc", "covariance").sizes["rank"] > 30


def test_a_cell_that_is_silent_while_the_stimulus_is_shown_is_named(results):
    note = stored(results / "cells.nc").sel(cell="dark")["note"].item()
    assert note.startswith("0 spikes in its training responses")
