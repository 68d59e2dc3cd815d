"""Names of files and folders that Snakemake would misread are refused before any job."""

import string
import subprocess
import sys

import numpy as np
import pytest
from helpers.project import ROOT

from finefield.base.errors import UserError
from finefield.config.choice import check_files, check_places
from finefield.config.reading import complete

GOOD = "/home/müller/retina-2_a/.venv/bin/python"


def test_python_lies_where_a_shell_finds_it():
    """The oracle is the shell itself."""
    check_places(GOOD)
    for sign in string.printable:
        path = f"/nowhere/a{sign}b/python"
        done = subprocess.run(["bash", "-c", f"printf %s {path}"], capture_output=True, text=True)
        if done.stdout != path:
            with pytest.raises(UserError, match=r"the path of Python: got (.|\s)*rename or move"):
                check_places(path)


@pytest.mark.parametrize("folder", ["/a{1}/workflow", "/a{b}c", "/a}"])
def test_folders_without_braces(folder):
    check_places(GOOD, "/my retina/workflow")
    with pytest.raises(UserError, match=r"a folder of the run: got .*without braces"):
        check_places(GOOD, "/home", folder)


@pytest.mark.parametrize("kind", ["recording", "images", "frames"])
def test_paths_of_the_config_without_braces(tmp_path, kind):
    folder = tmp_path / "data{1}"
    folder.mkdir()
    np.savez(folder / "a.npz", spk1=np.ones((2, 60, 3)), spk2=np.ones((2, 60, 3)))
    np.savez(tmp_path / "a.npz", spk1=np.ones((2, 60, 3)), spk2=np.ones((2, 60, 3)))
    (folder / "a.png").touch()
    inside = str(folder if kind == "images" else folder / "a.npz")
    dataset = {
        "recording": {"kind": "recorded", "recording": inside},
        "frames": {
            "kind": "recorded",
            "recording": str(tmp_path / "a.npz"),
            "stimuli": {"film": {"kind": "frames", "running_file": inside, "frozen_file": inside}},
        },
        "images": {
            "kind": "simulated",
            "stimuli": {"film": {"kind": "flashed_images", "images": inside}},
            "cells": {
                "a": {"crop": {"y": 0, "x": 0}, "subunits": [{"shape": "block", "y": 0, "x": 0}]}
            },
        },
    }[kind]
    config = complete({"datasets": {"eye": dataset}, "models": {"small": {"lags": 20}}})
    with pytest.raises(UserError, match=r"datasets\.eye\..*data\{1\}.*without braces.*rename"):
        check_files(config)


@pytest.mark.parametrize(("name", "bad"), [("my eye", True), ("e{1}", True), ("eye-1_ü", False)])
def test_make_says_so_before_it_makes_an_environment(tmp_path, name, bad):
    folder = tmp_path / name
    (folder / "envs").mkdir(parents=True)
    (folder / "Makefile").write_text((ROOT / "Makefile").read_text())
    for needed in ("envs/requirements.txt", "envs/lock.txt", "pyproject.toml"):
        (folder / needed).touch()
    # Runs the checks, and makes no environment.
    python = tmp_path / "python"
    python.write_text(f'[ "$1" = -c ] && exec {sys.executable} "$@"; echo "$@"; exit 1')
    command = ["make", "toy", f"PYTHON=sh {python}"]
    said = subprocess.run(command, cwd=folder, capture_output=True, text=True).stdout
    assert ("Fix: rename or move the folder" in said) == bad
    assert ("\n-m venv .venv\n" in said) != bad
