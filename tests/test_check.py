"""`finefield-check` prints a page and leaves a figure, or says what a run would say."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from helpers.faulty import DATASET, FRAMES, FROZEN, HEIGHT, RATE, WIDTH, save

import finefield
from finefield.base.errors import UserError
from finefield.check import main
from finefield.recordings.read import read_recording
from finefield.recordings.settings import SpikeTimesLayout


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder with a recording of two faults, and its config."""
    monkeypatch.chdir(tmp_path)
    save(tmp_path / "eye.npz", "gap", "twin")
    write(tmp_path, DATASET)
    return tmp_path


def write(folder, dataset):
    config = {"datasets": {"retina": dataset}, "sta": {"lags": 10}, "models": {"m": {"lags": 10}}}
    (folder / "my.yaml").write_text(json.dumps(config))


def test_a_page_is_printed_and_a_figure_is_left(folder, capsys):
    main(["my.yaml"])
    said = capsys.readouterr().out
    assert said.startswith("retina, noise: eye.npz\n")
    assert "units           5, 5 of them" in said and "1. gaps, running sequence" in said
    assert "2. duplicate units: spike counts of a and twin" in said
    assert "Figure: results/retina/check/noise.svg" in said
    assert "duplicate units" in (folder / "results/retina/check/noise.svg").read_text()
    assert list(folder.glob("results/**/*.nc")) == []


def test_the_backend_of_a_notebook_does_no_harm(folder):
    environment = os.environ | {"MPLBACKEND": "module://matplotlib_inline.backend_inline"}
    environment["PYTHONPATH"] = str(Path(finefield.__file__).parents[1])
    command = [sys.executable, "-m", "finefield.check", "my.yaml"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "Figure: results/retina/check/noise.svg" in done.stdout


def test_only_the_cells_of_the_config_are_looked_at(folder, capsys):
    write(folder, DATASET | {"cells": ["b", "c"]})
    main(["my.yaml", "--results", "elsewhere"])
    said = capsys.readouterr().out
    assert "units           2, 2 of them" in said and "duplicate" not in said
    assert (folder / "elsewhere/retina/check/noise.svg").exists()


def test_a_stimulus_that_is_too_short_is_named_not_refused(folder, capsys):
    parts = {"running_seed": [{"seed": 1, "frames": 8000}]}
    write(folder, DATASET | {"stimuli": {"noise": DATASET["stimuli"]["noise"] | parts}})
    main(["my.yaml"])
    said = " ".join(capsys.readouterr().out.split())
    assert "reach 9,000 stimulus frames, 1,000 more than the 8,000 of the stimulus" in said


def test_every_stimulus_has_a_page_and_the_first_has_averages(folder, capsys):
    """The frames in the file are ten more than the triggers."""
    save(folder / "film.npz")
    rng = np.random.default_rng(5)
    for name, n_frames in (("running", FRAMES + 10), ("frozen", FROZEN)):
        np.save(folder / f"{name}.npy", rng.integers(0, 9, (n_frames, HEIGHT, WIDTH), np.uint8))
    film = {"kind": "frames", "running_file": "running.npy", "frozen_file": "frozen.npy"}
    stimuli = DATASET["stimuli"] | {"film": film | {"recording": "film.npz"}}
    write(folder, DATASET | {"cells": ["a", "d"], "stimuli": stimuli})
    main(["my.yaml"])
    noise, page = capsys.readouterr().out.split("retina, film: film.npz")
    assert "averages of the cells" in noise and "averages" not in page
    assert "stimulus frames up to 9,000 of 9,010" in page and "up to 90 of 90" in page
    assert "1. triggers, running sequence: " in page and "2." not in page.partition("wrong")[2]
    assert (folder / "results/retina/check/film.svg").exists()


def refused(capsys, given="my.yaml"):
    with pytest.raises(SystemExit) as caught:
        main([given])
    assert capsys.readouterr().out == ""
    return caught.value.code


def test_a_broken_recording_is_refused_in_the_words_of_a_run(folder, capsys):
    data = dict(np.load(folder / "eye.npz"))
    data["spike_times/a"] = data["spike_times/a"][::-1]
    np.savez(folder / "eye.npz", **data)
    with pytest.raises(UserError) as caught:
        read_recording("eye.npz", SpikeTimesLayout(**DATASET["layout"]), RATE)
    assert refused(capsys) == str(caught.value)


@pytest.mark.parametrize("given", ["eye.npz", "."])
def test_a_recording_instead_of_a_config_is_told_where_it_belongs(folder, capsys, given):
    said = refused(capsys, given)
    assert "expected " in said and "a recording is named in it, as docs/own-data.md says" in said


def test_faults_of_the_config_are_refused(folder, capsys):
    write(folder, DATASET | {"recording": "gone.npz"})
    assert "recording gone.npz: got no such file" in refused(capsys)
    write(folder, DATASET | {"cells": ["z"]})
    assert "datasets.retina.cells: got cell z" in refused(capsys)
    write(folder, {"kind": "simulated", "population": {"cells": 2}})
    assert "my.yaml: got no recorded dataset" in refused(capsys)
