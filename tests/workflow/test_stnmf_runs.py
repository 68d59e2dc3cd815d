"""STNMF is one more model: left out without its environment, and with it a file like any other."""

import sys

import netCDF4
import numpy as np
import pytest
from helpers.stnmf import PYTHON, needs_stnmf

MODEL = "results/toy/models/{}/noise/{}.nc"
CELLS = ("left", "right", "silent")


@pytest.fixture
def with_modules(project):
    """The toy project with models of both kinds, and a sweep over the modules of one."""
    with project.config() as config:
        config["models"]["modules"] = {"network": "stnmf", "sparsity": [0.5, 1]}
        config["datasets"]["toy"]["train"] = {"small": "all", "modules": ["left", "silent"]}
        sweep = {"setting": "filters", "values": [12, 20], "models": ["modules"], "cells": ["left"]}
        config["datasets"]["toy"]["sweeps"] = {"number": sweep}
    return project


def set_python(project, path):
    with project.config() as config:
        config["stnmf_python"] = str(path)


def test_without_the_environment_the_model_is_left_out_with_a_warning(with_modules):
    said = with_modules.run("--dry-run", "--cores", "1")
    assert said.count("Left out") == 1
    (line,) = [line for line in said.splitlines() if "Left out" in line]
    assert ".venv-stnmf/bin/python" in line and "Fix: make stnmf" in line
    assert "models modules, modules.filters-12." in line
    planned = with_modules.plan()
    assert "factorise" not in planned
    assert planned["train"] == {MODEL.format("small", cell) for cell in CELLS}
    assert not [name for names in planned.values() for name in names if "modules" in name]


def test_without_models_of_stnmf_nothing_is_said(project):
    assert "Left out" not in project.run("--dry-run", "--cores", "1")


def test_a_run_of_nothing_else_says_what_to_do(project):
    with project.config() as config:
        config["models"] = {"modules": {"network": "stnmf"}}
    said = project.run("--dry-run", "--cores", "1", fails=True)
    assert "make stnmf" in said and "Traceback" not in said


def test_with_the_environment_it_is_factorised_and_the_others_are_trained(with_modules):
    set_python(with_modules, sys.executable)
    planned = with_modules.plan()
    assert "Left out" not in with_modules.run("--dry-run", "--cores", "1")
    assert planned["factorise"] == {
        MODEL.format("modules", "left"),
        MODEL.format("modules", "silent"),
        MODEL.format("modules.filters-12", "left"),
    }
    assert planned["train"] == {MODEL.format("small", cell) for cell in CELLS}
    for stage in ("filters", "matching"):
        assert f"results/toy/{stage}/modules/noise/left.nc" in planned[stage]


@pytest.mark.slow
def test_an_environment_without_stnmf_is_named_with_its_fix(with_modules):
    set_python(with_modules, sys.executable)
    said = with_modules.run("--cores", "1", MODEL.format("modules", "left"), fails=True)
    assert "No module named 'stnmf'" in said and "Fix: make stnmf" in said
    log = (with_modules.folder / "logs/toy/factorise/modules/noise/left.log").read_text()
    assert "Fix: make stnmf" in log and "Traceback" not in log


@needs_stnmf
@pytest.mark.slow
def test_its_files_are_like_those_of_a_trained_network(with_modules):
    set_python(with_modules, PYTHON)
    made = MODEL.format("modules", "left")
    dropped = MODEL.format("modules", "silent")
    after = [f"results/toy/{stage}/modules/noise/left.nc" for stage in ("filters", "matching")]
    with_modules.run("--cores", "2", made, dropped, *after)
    path = with_modules.folder / made
    with netCDF4.Dataset(path) as data:
        assert data.frame_rate == 30
        assert data["filters/weight"].dimensions == ("filter", "lag", "y", "x")
        assert data["filters/weight"].shape[1:] == (20, 6, 6)
        assert data["seeds/correlation"].shape == (2,)
        assert float(data["correlation"][...]) > 0.3
        assert data["test/predicted_rate"].shape == (81,)
        assert data.title == "modules of cell left" and data.seed == 3
    with netCDF4.Dataset(with_modules.folder / dropped) as data:
        assert data.dropped.startswith("0 spikes")
    with netCDF4.Dataset(with_modules.folder / after[1]) as data:
        assert np.asarray(data["cosine"]).min() > 0.8
    # The program of the other environment is code as well; where that environment is is not.
    names = [made, dropped]
    set_python(with_modules, PYTHON.resolve().parent / "python3")
    assert with_modules.plan(*names) == {}
    with_modules.edit("workflow/finefield/networks/stnmf/program.py")
    assert with_modules.plan(*names) == {"factorise": set(names)}
