"""The toy project: three simulated cells, one of them silent, and a network that hardly trains."""

from copy import deepcopy

import pytest
from helpers.project import Project

CELL = {
    "crop": {"y": 0, "x": 0, "height": 6, "width": 6},
    "subunits": [{"shape": "block", "y": 1, "x": 1}, {"shape": "block", "y": 1, "x": 3}],
    "output": {"threshold": 0.3, "gain": 10},
    "spikes": "poisson",
}


@pytest.fixture(scope="session")
def toy_config():
    """Config of the toy project; not to be changed."""
    cells = {name: deepcopy(CELL) for name in ("left", "right", "silent")}
    cells["right"]["crop"] |= {"y": 2, "x": 6}
    cells["right"]["polarity"] = "ON"
    cells["silent"]["output"]["threshold"] = 1000
    dataset = {
        "kind": "simulated",
        "field": {"height": 8, "width": 12},
        "stimuli": {"noise": {"frames": 20_000, "frozen_frames": 100, "frozen_repeats": 20}},
        "cells": cells,
    }
    model = {"filters": 3, "filter_size": 3, "steps": 60, "check_every": 20, "batch_size": 256}
    return {"seed": 3, "datasets": {"toy": dataset}, "models": {"small": model}}


@pytest.fixture
def project(tmp_path, toy_config):
    """The toy project before its first run."""
    return Project.from_sources(tmp_path / "project", toy_config)


@pytest.fixture(scope="session")
def first_run(tmp_path_factory, toy_config):
    """The toy project after its first run on two cores, and what was said; not to be changed."""
    project = Project.from_sources(tmp_path_factory.mktemp("toy") / "project", toy_config)
    return project, project.run("--cores", "2")


@pytest.fixture(scope="session")
def finished(first_run):
    """The toy project after its first run; not to be changed."""
    return first_run[0]


@pytest.fixture
def copied(finished, tmp_path):
    """The toy project after its first run, to be changed."""
    return finished.copy(tmp_path / "project")
