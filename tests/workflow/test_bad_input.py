"""A bad config or recording stops before any job, with one message that tells the fix."""

import re
from copy import deepcopy

import numpy as np
import pytest
from helpers.configs import MESSAGE
from helpers.project import Project
from scipy.io import savemat

TRIALS, RUNNING, FROZEN = 4, 60, 50


@pytest.fixture
def recorded(project):
    """A project with a recording of three cells that is good as far as its config tells."""
    layout = {"trials": TRIALS, "running_frames": RUNNING, "frozen_frames": FROZEN}
    dataset = {
        "kind": "recorded",
        "recording": "eye.mat",
        "field": {"height": 10, "width": 12},
        "layout": layout,
        "receptive_field": {"min_crop": 6, "max_crop": 6},
        "min_spikes": 1,
    }
    with project.config() as config:
        config["datasets"] = {"eye": dataset}
        config["models"]["small"] |= {"lags": 10}
    save(project)
    return project


def save(project, change=None, frames=(RUNNING, FROZEN), trials=TRIALS, dtype="uint8"):
    """Write eye.mat; `change` alters the responses to running noise."""
    arrays = {
        key: np.random.default_rng(n).poisson(0.3, (3, n, trials)).astype(dtype)
        for key, n in zip(("spk1", "spk2"), frames, strict=True)
    }
    if change:
        change(arrays)
    savemat(project.folder / "eye.mat", arrays)


def refused(project, *arguments, dry_run_too=False, by="the plan"):
    """The one message of a config that a run, and a dry run, does not accept."""
    ways = [("--cores", "2"), ("--dry-run",)][: 1 + dry_run_too]
    processes = [project.start(*way, *arguments) for way in ways]
    messages = set()
    for process in processes:
        said, _ = process.communicate()
        assert process.returncode != 0, said
        assert "Traceback" not in said
        assert said.count(". Fix: ") == 1, said
        messages |= set(re.findall(f"^{MESSAGE}$", said, re.MULTILINE))
    assert len(messages) == 1, messages
    assert not project.made()
    # Values are read by the job that imports the recording; what is before them, by the plan.
    logs = [] if by == "the plan" else ["logs/eye/import_recording/white_noise.log"]
    assert list(project.files("logs/**/*")) == logs
    return messages.pop()


def expect(message, thing, *words):
    assert message.startswith(f"{thing}: "), message
    missing = [word for word in words if word not in message]
    assert not missing, message


def left(config):
    return config["datasets"]["toy"]["cells"]["left"]


TOY = "datasets.toy"
SIMULATED = {
    "unknown key": (
        lambda config: left(config).update(treshold=2),
        (f"{TOY}.cells.left.treshold", "the value 2", "unknown key", "remove it"),
    ),
    "wrong type": (
        lambda config: config["models"]["small"].update(steps="many"),
        ("models.small.steps", '"many"', "a whole number"),
    ),
    "crop outside the field": (
        lambda config: left(config)["crop"].update(x=7),
        (f"{TOY}.cells.left.crop.x", "got 7", "column 12", "at 11 or before", "lower x"),
    ),
    "no folder of images": (
        lambda config: config["datasets"]["toy"]["stimuli"].update(
            scenes={"kind": "flashed_images", "images": "nowhere"}
        ),
        ("images nowhere", "no such folder", "photographs, dead_leaves"),
    ),
    "a folder without images": (
        lambda config: config["datasets"]["toy"]["stimuli"].update(
            scenes={"kind": "moving_images", "images": "config"}
        ),
        ("images config", "none of them an image", ".png"),
    ),
    "no cells": (
        lambda config: config["datasets"]["toy"].update(cells={}),
        (f"{TOY}.cells", "got {}", "name at least one"),
    ),
}


@pytest.mark.parametrize("fault", SIMULATED)
def test_a_bad_config_is_refused(project, fault):
    change, expected = SIMULATED[fault]
    with project.config() as config:
        change(config)
    expect(refused(project, dry_run_too=fault == "unknown key"), *expected)


def test_a_key_given_on_the_command_line_is_checked_too(project):
    expect(refused(project, "--config", "sed=2"), "sed", "2", "rename it to seed")


def test_a_good_recording_is_accepted(recorded):
    plan = recorded.plan()
    assert plan["read_responses"] == {
        f"results/eye/responses/white_noise/{cell}.nc" for cell in (0, 1, 2)
    }
    # Whole numbers saved as floating point are counts.
    save(recorded, dtype=float)
    assert recorded.plan() == plan


RECORDED = {
    "no cells": (
        lambda config: config.update(cells=[]),
        ("datasets.eye.cells", "at least 1"),
    ),
    "a cell that the file lacks": (
        lambda config: config.update(cells=[0, 3]),
        ("datasets.eye.cells", "got cell 3", "3 cells of eye.mat, 0, 1, 2"),
    ),
    "a file that is not there": (
        lambda config: config.update(recording="resources/gone.mat"),
        ("recording resources/gone.mat", "no such file", "begins where the run is started"),
    ),
    "a stimulus without responses": (
        lambda config: config.update(stimuli={"white_noise": {}, "natural_images": {}}),
        ("datasets.eye.stimuli.natural_images", "without responses", "its layout"),
    ),
    "too few trials": (
        lambda config: config["layout"].update(trials=9),
        ("eye.mat: spk1", "got 4 trials", "at least 9 trials", "lower the number of trials"),
    ),
    "other frames": (
        lambda config: config["layout"].update(running_frames=55),
        ("eye.mat: spk1", "got 60 frames", "55 frames", "correct the number of frames"),
    ),
}


@pytest.mark.parametrize("fault", RECORDED)
def test_a_config_that_the_recording_does_not_fit_is_refused(recorded, fault):
    change, expected = RECORDED[fault]
    with recorded.config() as config:
        change(config["datasets"]["eye"])
    expect(refused(recorded, dry_run_too=fault == "a file that is not there"), *expected)


def transpose(arrays):
    for key in arrays:
        arrays[key] = np.swapaxes(arrays[key], 1, 2)


def put(value):
    """Put one bad value in cell 1, frame 5, trial 2."""

    def change(arrays):
        arrays["spk1"] = arrays["spk1"].astype(float)
        arrays["spk1"][1, 5, 2] = value

    return change


WHERE = "cell 1, trial 2, frame 5"
FILES = {
    "transposed axes": (transpose, ("(3, 4, 60)", "['cell', 'trial', 'frame']", "order of axes")),
    "NaN": (put(np.nan), ("got nan in " + WHERE, "whole numbers from 0 to 255")),
    "negative counts": (put(-1), ("got -1.0 in " + WHERE, "whole numbers from 0 to 255")),
}


@pytest.mark.parametrize("fault", FILES)
def test_a_bad_recording_is_refused(recorded, fault):
    change, words = FILES[fault]
    save(recorded, change)
    message = refused(recorded, by="the plan" if fault == "transposed axes" else "a job")
    assert "eye.mat: spk1" in message.split(": got")[0]
    expect(message, message.split(": got")[0], *words)


def test_a_file_of_another_kind_is_refused(recorded):
    (recorded.folder / "eye.mat").write_bytes(b"cell,spikes\n" * 40)
    expect(refused(recorded), "recording eye.mat", "480 bytes", "MATLAB file", "fetch the file")


def test_without_its_config_nothing_starts(project):
    """In Snakemake's own words: it looks for the file before Finefield is asked."""
    (project.folder / "config/config.yaml").unlink()
    said = project.run("--cores", "2", fails=True)
    assert "config/config.yaml" in said and "not present" in said and "Traceback" not in said
    assert not project.made()


def test_one_bad_dataset_stops_the_good_ones_too(recorded, toy_config):
    with recorded.config() as config:
        config["datasets"]["toy"] = deepcopy(toy_config["datasets"]["toy"])
        config["datasets"]["eye"]["cells"] = [3]
    expect(refused(recorded), "datasets.eye.cells", "got cell 3")


@pytest.mark.parametrize("braces", ["{1}", "{x}"])
def test_a_folder_with_braces_is_refused(tmp_path, toy_config, braces):
    message = refused(Project.from_sources(tmp_path / f"eye{braces}", toy_config))
    expect(message, "a folder of the run", f"eye{braces}", "without braces", "rename or move")
