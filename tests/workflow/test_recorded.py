"""A recording, made here by an LN cell that sees the regenerated noise, from file to figure."""

import os

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from helpers.project import Project
from scipy.io import savemat

from finefield.stimuli.noise import ran1_blocks

pytestmark = pytest.mark.slow

HEIGHT, WIDTH = 16, 20
TRIALS, RUNNING, FROZEN = 20, 500, 80
FRAME_RATE, LAGS = 30, 12
#: The LN cell's receptive field [pixels], off centre so that mixed-up axes show.
CENTRE, SIGMA = (5, 13), 1.2
LN, SILENT, RANDOM = 0, 1, 2
#: What was said of the recordings: responses follow the frames before their own.
DELAY = 1
CONFIG = {
    "seed": 5,
    "datasets": {
        "eye": {
            "kind": "recorded",
            "recording": "eye.mat",
            "field": {"height": HEIGHT, "width": WIDTH, "frame_rate": FRAME_RATE},
            "layout": {"trials": TRIALS, "running_frames": RUNNING, "frozen_frames": FROZEN},
            "receptive_field": {"min_crop": 8, "max_crop": 8},
        }
    },
    "sta": {"lags": LAGS},
    "models": {"small": {"lags": LAGS}},
}  # fmt: skip


def noise(seed, n_frames):
    """Frames (frame, y, x) of -1 and 1, unpacked without the library's help."""
    frames = []
    for _, packed in ran1_blocks(seed, n_frames, HEIGHT, WIDTH):
        bits = (packed[..., None] >> np.arange(8)) & 1
        frames.append(bits.reshape(HEIGHT, WIDTH, -1).transpose(2, 0, 1))
    return 2.0 * np.concatenate(frames)[:n_frames] - 1


def mean_counts(frames):
    """The LN cell's expected spikes in each frame: an OFF cell with a biphasic filter."""
    y, x = np.mgrid[:HEIGHT, :WIDTH]
    spatial = np.exp(-((y - CENTRE[0]) ** 2 + (x - CENTRE[1]) ** 2) / (2 * SIGMA**2))
    drive = frames.reshape(len(frames), -1) @ (spatial / np.linalg.norm(spatial)).ravel()
    temporal = -np.sin(2 * np.pi * np.arange(10) / 10) * np.exp(-np.arange(10) / 4)
    filtered = np.convolve(drive, temporal / np.linalg.norm(temporal))[: len(drive)]
    # Frame t's response sees frame t - DELAY as its newest.
    filtered = np.concatenate([np.zeros(DELAY), filtered[:-DELAY]])
    return 0.6 * np.maximum(filtered - 0.3, 0)


@pytest.fixture(scope="module")
def spikes():
    """Counts (cell, frame, trial) of running and of frozen noise."""
    rng = np.random.default_rng(7)
    means = {
        "spk1": mean_counts(noise(-10000, TRIALS * RUNNING)).reshape(TRIALS, RUNNING).T,
        "spk2": np.repeat(mean_counts(noise(-20000, FROZEN))[:, None], TRIALS, axis=1),
    }
    counts = {}
    for key, mean in means.items():
        counts[key] = np.zeros((3, *mean.shape), np.uint8)
        counts[key][LN] = rng.poisson(mean)
        counts[key][RANDOM] = rng.poisson(0.2, mean.shape)
    return counts


@pytest.fixture(scope="module")
def finished_eye(tmp_path_factory, spikes):
    """The project after its run; not to be changed."""
    project = Project.from_sources(tmp_path_factory.mktemp("eye") / "project", CONFIG)
    savemat(project.folder / "eye.mat", spikes)
    project.run("--cores", "2")
    return project


@pytest.fixture(scope="module")
def results(finished_eye):
    """The results of a run."""
    assert finished_eye.plan() == {}
    return finished_eye.folder / "results/eye"


def stored(path, group=None):
    with xr.open_dataset(path, group=group) as data:
        return data.load()


@pytest.fixture(scope="module")
def summary(results):
    return pd.read_csv(results / "summary.csv", dtype={"cell": str}).set_index("cell")


def test_the_receptive_field_is_found_where_it_is(results):
    cell = stored(results / f"cells/{LN}.nc")
    assert float(cell["rf_y"]) == pytest.approx(CENTRE[0], abs=0.7)
    assert float(cell["rf_x"]) == pytest.approx(CENTRE[1], abs=0.7)
    assert cell["polarity"].item() == "OFF"
    for centre, start, size in (
        (CENTRE[0], "crop_y", "crop_height"),
        (CENTRE[1], "crop_x", "crop_width"),
    ):
        assert cell[size] == 8
        assert cell[start] <= centre < cell[start] + cell[size]
    pixels = float(np.sqrt(cell["rf_major"] * cell["rf_minor"])) / 30
    assert pixels == pytest.approx(SIGMA, rel=0.35)


def test_cells_without_spikes_or_receptive_field_are_named(results, summary):
    cells = stored(results / "cells.nc")
    notes = dict(zip(cells["cell"].values, cells["note"].values, strict=True))
    assert list(notes) == ["0", "1", "2"] and notes.pop(str(LN)) == ""
    dropped = notes
    assert dropped[str(SILENT)].startswith("0 spikes in its training responses")
    assert dropped[str(RANDOM)].startswith("no receptive field: ")
    assert cells["n_spikes"].values[SILENT] == 0
    table = pd.read_csv(results / "cells.csv", dtype={"cell": str}).set_index("cell")
    assert table["note"].dropna().to_dict() == dropped
    assert summary.index.tolist() == ["0", "1", "2"]
    notes = summary["note"].dropna().to_dict()
    dropped_notes = {cell: f"dropped: {reason}" for cell, reason in dropped.items()}
    assert notes == dropped_notes | {str(LN): "one filter: an LN cell"}
    assert summary.loc[list(dropped), "correlation"].isna().all()


def test_the_quality_of_the_recording_stands_beside_the_cells(results):
    rows = pd.read_csv(results / "quality/white_noise.csv", dtype={"cell": str}).set_index("cell")
    cells = pd.read_csv(results / "cells.csv", dtype={"cell": str}).set_index("cell")
    same = ["n_spikes", "mean_rate", "reliability", "noise_ceiling"]
    pd.testing.assert_frame_equal(rows[same], cells[same])
    page = (results.parents[1] / "logs/eye/check_recording/white_noise.log").read_text()
    assert "running         20 trials, 10,000 frames" in page
    assert f"few spikes: fewer than min_spikes, 50, in 1 of 3 cells: {SILENT} (0)" in page
    looks = stored(results / "quality/white_noise.nc")
    assert looks["polarity"].values.tolist() == ["OFF", "", ""]
    assert looks["sta_note"].values[RANDOM] and float(looks["rf_x"][LN]) == pytest.approx(13, abs=1)


def test_counts_are_kept_and_tested_against_the_right_frames(results, spikes):
    responses = results / f"responses/white_noise/{LN}.nc"
    np.testing.assert_array_equal(
        stored(responses, "running")["spike_count"][0], spikes["spk1"][LN].T
    )
    np.testing.assert_array_equal(
        stored(responses, "frozen")["spike_count"][0], spikes["spk2"][LN].T
    )
    mean = spikes["spk2"][LN].mean(axis=1) * FRAME_RATE
    for name in (f"sta/white_noise/{LN}.nc", f"models/small/white_noise/{LN}.nc"):
        test = stored(results / name, "test")
        np.testing.assert_allclose(test["measured_rate"], mean[test["frame"].values])
        # Each tested frame has its full history, and none is left out.
        assert test["frame"].values.tolist() == list(range(LAGS - 1 + DELAY, FROZEN))


def test_predictions_follow_the_true_rate(results, summary):
    """Also a stimulus off by a frame, or with its axes swapped, would end these correlations."""
    true = mean_counts(noise(-20000, FROZEN)) * FRAME_RATE
    scores = {}
    for key, name in {"ln_correlation": "sta", "correlation": "models/small"}.items():
        path = results / f"{name}/white_noise/{LN}.nc"
        test = stored(path, "test")
        predicted, frame = test["predicted_rate"].values, test["frame"].values
        assert np.corrcoef(predicted, true[frame])[0, 1] > 0.85
        scores[key] = np.corrcoef(predicted, test["measured_rate"])[0, 1]
        assert float(stored(path)["correlation"]) == pytest.approx(scores[key], abs=1e-6)
        assert summary.loc[str(LN), key] == pytest.approx(scores[key], abs=1e-4)
    assert summary.loc[str(LN), ["n_subunits", "n_recovered", "mean_cosine"]].isna().all()
    grid = stored(results / "transfer/small.nc")["correlation"]
    assert grid["source_cell"].values.tolist() == [str(LN)]
    own = grid.sel(source_cell=str(LN), target_cell=str(LN)).item()
    assert own == pytest.approx(scores["correlation"], abs=1e-6)


def test_recorded_cells_have_figures_and_no_matching(results):
    pictures = {str(path.relative_to(results / "figures")) for path in results.rglob("*.svg")}
    pages = {f"small/white_noise/{cell}.svg" for cell in (LN, SILENT, RANDOM)}
    names = ("transfer", "similarity", "subunits_white_noise", "mosaic_white_noise")
    overviews = {
        "summary.svg",
        "field.svg",
        "recording_white_noise.svg",
        "paper/4.svg",
        "paper/5.svg",
        *(f"small/{name}.svg" for name in names),
    }
    assert pictures == pages | overviews
    assert not (results / "matching").exists()


def test_a_recording_counts_by_its_content_and_not_by_its_time(finished_eye, spikes, tmp_path):
    """Snakemake takes large files by their time; here, it is told that all are large."""
    project, large = finished_eye.copy(tmp_path / "project"), ("--max-checksum-file-size", "0")
    recording = project.folder / "eye.mat"
    whole = recording.read_bytes()
    os.utime(recording)
    assert project.plan(*large) == {}
    savemat(recording, spikes | {"spk1": spikes["spk1"][:, ::-1]})
    planned = project.plan(*large)
    assert {"import_recording", "read_responses", "train", "plot_cell"} < planned.keys()
    recording.write_bytes(whole)
    assert project.plan(*large) == {}


def test_a_recording_brings_several_stimuli(tmp_path, spikes):
    rng = np.random.default_rng(8)
    # Black, grey and white that last for several frames, unlike the noise.
    few = rng.choice(
        np.array([0, 128, 255], np.uint8), ((TRIALS * RUNNING + FROZEN) // 4, HEIGHT, WIDTH)
    )
    levels, frozen = np.split(few.repeat(4, axis=0), [TRIALS * RUNNING])
    film = {"kind": "frames", "running_file": "running.npy", "frozen_file": "frozen.npy"}
    film["contrast_range"] = [0, 255]
    film["layout"] = {"running_key": "spk3", "frozen_key": "spk4"}
    eye = CONFIG["datasets"]["eye"] | {"cells": [LN], "stimuli": {"white_noise": {}, "film": film}}
    project = Project.from_sources(tmp_path / "project", CONFIG | {"datasets": {"eye": eye}})
    np.save(project.folder / "running.npy", levels)
    np.save(project.folder / "frozen.npy", frozen)
    means = [mean_counts(part / 127.5 - 1.0) for part in (levels, frozen)]
    counts = {
        "spk3": rng.poisson(means[0].reshape(1, TRIALS, RUNNING).transpose(0, 2, 1)),
        "spk4": rng.poisson(means[1][None, :, None].repeat(TRIALS, axis=2)),
    }
    savemat(project.folder / "eye.mat", spikes | counts)
    project.run("results/eye/transfer/small.nc", "--cores", "2")
    results = project.folder / "results/eye"
    stimulus = stored(results / "stimulus/film.nc", "running")["level"]
    assert np.array_equal(stimulus.transpose("frame", "y", "x"), levels)
    for stimulus, (running, fixed) in {"white_noise": ("spk1", "spk2"), "film": counts}.items():
        path = results / f"responses/{stimulus}/{LN}.nc"
        for group, key in (("running", running), ("frozen", fixed)):
            found = stored(path, group)["spike_count"].values[0]
            assert np.array_equal(found, (spikes | counts)[key][LN].T)
    grid = stored(results / "transfer/small.nc")["correlation"]
    assert grid.dims[:2] == ("train_stimulus", "test_stimulus")
    assert grid["train_stimulus"].values.tolist() == ["white_noise", "film"]
    # The cell is one and the same, whatever it sees.
    assert (grid.sel(train_stimulus="white_noise") > 0.5).all()


def test_a_stimulus_that_was_not_shown_is_doubted_and_the_right_one_named(tmp_path, spikes):
    """The recording saw noise of ran1; the config has its seed and another generator."""
    stated = {"kind": "numpy", "running_seed": 10000, "frozen_seed": 20000}
    eye = CONFIG["datasets"]["eye"] | {"stimuli": {"white_noise": stated}}
    project = Project.from_sources(tmp_path / "project", CONFIG | {"datasets": {"eye": eye}})
    savemat(project.folder / "eye.mat", spikes)
    said = project.run("results/eye/cells.csv", "--cores", "2")
    assert "none of 2 cells has a receptive field" in said
    (line,) = [line for line in said.splitlines() if "probably not the one that was shown" in line]
    assert "receptive fields are seen with {kind: gollisch_ran1}" in line
    assert line in (project.folder / "logs/eye/collect_cells/cells.log").read_text()
