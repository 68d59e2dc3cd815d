"""What a job does around its script's function, with Snakemake's own containers."""

import logging
from types import SimpleNamespace

import netCDF4
import pytest
from snakemake.iocontainers import InputFiles, Log, OutputFiles, Params, Wildcards

from finefield import job
from finefield.base.errors import CellError
from finefield.files import store
from finefield.files.declared import ROOT, File

WILDCARDS = {"stimulus": "noise", "cell": "left"}


@pytest.fixture
def make(tmp_path):
    """Make the object that Snakemake gives to a script."""

    def made(inputs=(), output=("out.nc",), wildcards=WILDCARDS, **params):
        named = isinstance(output, dict)
        paths = output.items() if named else enumerate(output)
        paths = {key: str(tmp_path / path) for key, path in paths}
        return SimpleNamespace(
            rule="filters",
            input=InputFiles(fromdict=dict(inputs)),
            output=OutputFiles(fromdict=paths) if named else OutputFiles(paths.values()),
            params=Params(fromdict={"seed": 1, "code": "abc"} | params),
            wildcards=Wildcards(fromdict=wildcards),
            config={"device": "cpu", "seed": 2},
            log=Log([str(tmp_path / "job.log")]),
            threads=3,
        )

    return made


@pytest.fixture
def cells(tmp_path):
    """Files of a cell that was kept and of one that was dropped."""
    kept, dropped = tmp_path / "kept.nc", tmp_path / "dropped.nc"
    store.write(kept, File("{cell}.nc", "a file", {ROOT: {}}), {}, {})
    store.write_dropped(dropped, "too few spikes")
    return {"kept": str(kept), "dropped": str(dropped)}


def test_a_function_is_given_what_its_parameters_name(make):
    def function(*, cell, many, filter_settings, seed, device, threads, wildcards, output, more=7):
        pass

    given = {"cell": "a.nc", "many": ["b.nc", "c.nc"], "unused": "d.nc"}
    snakemake = make(given, filter_settings={"limit": 2})
    found = job.arguments(function, snakemake)
    assert found == {
        "cell": "a.nc",
        "many": ["b.nc", "c.nc"],
        "filter_settings": {"limit": 2},
        "seed": 1,
        "device": "cpu",
        "threads": 3,
        "wildcards": WILDCARDS,
        "output": snakemake.output[0],
    }
    # Random numbers are seeded from the wildcards in their order.
    assert type(found["wildcards"]) is dict and list(found["wildcards"]) == list(WILDCARDS)


def test_named_outputs_are_given_by_name(make):
    def function(*, dataset, table):
        pass

    snakemake = make(output={"dataset": "a.nc", "table": "a.csv"})
    assert job.arguments(function, snakemake) == dict(snakemake.output.items())
    with pytest.raises(TypeError, match="output"):
        job.arguments(lambda *, output: None, snakemake)


def test_a_parameter_that_nothing_provides_is_named(make):
    def function(*, cell, settings):
        pass

    with pytest.raises(TypeError, match=r"test_job.py: function wants settings, .* filters lacks"):
        job.arguments(function, make({"cell": "a.nc"}))


def test_two_things_of_one_name_are_refused(make):
    with pytest.raises(TypeError, match="two things called cell"):
        job.arguments(lambda *, cell: None, make({"cell": "a.nc"}, cell={"y": 0}))


def test_a_dropped_cell_is_handed_on_without_a_call(make, cells, caplog):
    caplog.set_level(logging.INFO)
    snakemake = make({"kept": cells["kept"], "cell": cells["dropped"]}, ["out.nc", "more.nc"])
    job.run(lambda: pytest.fail("called"), snakemake)
    for path in snakemake.output:
        with netCDF4.Dataset(path) as data:
            assert data.dropped == "too few spikes"
    assert "cell dropped: too few spikes" in caplog.text


def test_a_picture_of_a_dropped_cell_says_why(make, cells):
    said = []
    snakemake = make({"cell": cells["dropped"]}, ["page.svg"], style={"dpi": 50})
    save_text = lambda text, path, style: said.append((text, path, style))  # noqa: E731
    job.run(lambda: pytest.fail("called"), snakemake, save_text)
    text = "cell left dropped: too few spikes"
    assert said == [(text, snakemake.output[0], {"dpi": 50})]


def test_a_job_of_many_cells_asks_for_itself(make, cells):
    asked = []
    snakemake = make({"cells": [cells["kept"], cells["dropped"]]}, wildcards={"stimulus": "noise"})
    job.run(lambda *, cells: asked.append(store.dropped_reason(cells)), snakemake)
    assert asked == ["too few spikes"]


def test_a_wrong_signature_stops_the_job_and_is_logged(make, caplog):
    with pytest.raises(SystemExit):
        job.run(lambda *, absent: None, make())
    assert "TypeError" in caplog.text


def test_a_cell_that_cannot_be_used_is_dropped_and_stops_no_run(make, cells, caplog):
    def function(*, output):
        raise CellError("validation part of the responses", "no spike in 590 frames", "one", "more")

    snakemake = make({"cell": cells["kept"]}, output={"output": "out.nc"})
    job.run(function, snakemake)
    reason = store.dropped_reason([snakemake.output.output])
    assert reason == "validation part of the responses: no spike in 590 frames"
    assert "cell dropped: validation part" in caplog.text


def test_without_a_cell_the_same_error_ends_the_job(make, cells):
    def function(*, output):
        raise CellError("responses", "none", "some", "more")

    snakemake = make({}, output={"output": "out.nc"}, wildcards={"stimulus": "noise"})
    with pytest.raises(SystemExit):
        job.run(function, snakemake)
