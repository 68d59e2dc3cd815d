"""Sweeps in the workflow: the jobs they add, what a run makes of them, what a change reruns."""

import re

import numpy as np
import pytest
import xarray as xr
from helpers.project import Project

#: Jobs that a network of a swept cell needs of its own, and those of the first sweep.
PER_NETWORK = ("train", "filters", "matching")
OF_A_SWEEP = {"collect_sweep": 1, "plot_sweep": 1, "plot_paper_sweeps": 1}


def jobs(project):
    """Rule -> number of jobs of a run."""
    said = project.run("--dry-run")
    found = {rule: int(n) for rule, n in re.findall(r"^(\w+) +(\d+)$", said, re.MULTILINE)}
    del found["total"]
    return found


def sweep(project, name="number", **settings):
    """Add a sweep to the toy dataset; its network has three filters."""
    settings = {"setting": "filters", "values": [2, 3, 4], "cells": ["left", "right"]} | settings
    with project.config() as config:
        config["datasets"]["toy"].setdefault("sweeps", {})[name] = settings


def added(project, before):
    """Rule -> jobs that a run has more than before."""
    found = {rule: n - before.get(rule, 0) for rule, n in jobs(project).items()}
    return {rule: n for rule, n in found.items() if n}


def test_a_sweep_adds_a_network_for_each_new_value_and_cell(project):
    before = jobs(project)
    sweep(project)
    # Two of three values are new; the third is the network's own, which is trained anyway.
    each = dict.fromkeys(PER_NETWORK, 2 * 2)
    assert added(project, before) == each | OF_A_SWEEP
    # The same values again, in another sweep and for one more cell.
    sweep(project, "again", values=[4, 2], cells="all")
    each = dict.fromkeys(PER_NETWORK, 2 * 3)
    assert added(project, before) == each | OF_A_SWEEP | {"collect_sweep": 2, "plot_sweep": 2}


def test_a_network_is_trained_on_swept_cells_that_it_is_not_trained_on_otherwise(project):
    with project.config() as config:
        config["datasets"]["toy"]["train"] = {"small": ["left"]}
    before = jobs(project)
    assert before["train"] == 1
    sweep(project)
    each = dict.fromkeys(PER_NETWORK, 2 * 2 + 1)
    assert added(project, before) == each | OF_A_SWEEP


def test_several_networks_and_settings(project):
    with project.config() as config:
        config["models"]["small"]["filter_size"] = 3
        config["models"]["flat"] = dict(config["models"]["small"], network="ln")
        config["datasets"]["toy"]["train"] = {"small": ["left"]}
    before = jobs(project)
    sweep(project, "size", setting="filter_size", values=[2, "crop"], models=["flat", "small"])
    each = dict.fromkeys(PER_NETWORK, 2 * 2 * 2)
    assert added(project, before) == each | OF_A_SWEEP


def test_a_fault_stops_before_any_job(project):
    sweep(project, values=[2, 0])
    said = project.run("--dry-run", fails=True)
    assert "datasets.toy.sweeps.number.values[1]: got 0" in said


FIGURE = "results/toy/figures/sweeps/number.svg"
SCORES = {"collect_sweep": {"results/toy/sweeps/number.nc"}, "plot_sweep": {FIGURE}}


def of_network(model, *cells):
    """Rule -> outputs of a network's own jobs."""
    stages = (("models",), ("filters", "pruning"), ("matching",))
    return {
        rule: {f"results/toy/{stage}/{model}/noise/{cell}.nc" for stage in made for cell in cells}
        for rule, made in zip(PER_NETWORK, stages, strict=True)
    }


@pytest.fixture(scope="module")
def swept(tmp_path_factory, toy_config):
    """The toy project after a run of a sweep; not to be changed."""
    folder = tmp_path_factory.mktemp("swept") / "project"
    project = Project.from_sources(folder, toy_config)
    sweep(project, values=[3, 2], cells=["left", "silent"])
    project.run("--cores", "2", FIGURE)
    return project


@pytest.mark.slow
def test_a_run_collects_what_the_networks_files_say(swept):
    with xr.open_dataset(swept.folder / "results/toy/sweeps/number.nc") as data:
        assert data.attrs["setting"] == "filters" and data.attrs["stimulus"] == "noise"
        assert data["value"].values.tolist() == [3, 2]
        assert data["model"].values.tolist() == ["small"]
        assert data["n_found_n"].values.tolist() == [[1, 1]]
        silent = data.sel(cell="silent")
        assert np.isnan(silent["correlation"]).all() and np.isnan(silent["recall"]).all()
        assert silent["note"].str.startswith("dropped: 0 spikes").all()
        for value, name in ((3, "small"), (2, "small.filters-2")):
            found = data.sel(model="small", cell="left", value=value)
            file = f"{name}/noise/left.nc"
            with xr.open_datatree(swept.folder / "results/toy/models" / file) as model:
                assert model["filters"].sizes["filter"] == value
                assert found["correlation"] == model["correlation"]
                kept = model["step"].values.tolist().index(model["best_step"].item())
                assert found["validation_loss"] == model["validation_loss"][kept]
            with xr.open_dataset(swept.folder / "results/toy/matching" / file) as matching:
                assert found["recall"] == matching["recall"]
    figure = (swept.folder / FIGURE).read_text()
    assert ">small<" in figure and ">filters<" in figure


@pytest.mark.slow
def test_a_changed_list_of_values_runs_what_is_new(swept, tmp_path):
    assert swept.plan(FIGURE) == {}
    project = swept.copy(tmp_path / "project")
    sweep(project, values=[4, 3, 2], cells=["left", "silent"])
    assert project.plan(FIGURE) == of_network("small.filters-4", "left", "silent") | SCORES
    sweep(project, values=[2, 3], cells=["left"])
    assert project.plan(FIGURE) == SCORES
    # What the network is trained on otherwise has been trained for the sweep.
    plan = project.plan("results/toy/summary.csv")
    assert plan["train"] == of_network("small", "right")["train"]
    sweep(project, setting="lags", values=[20, 10], cells=["left"])
    assert project.plan(FIGURE) == of_network("small.lags-10", "left") | SCORES
