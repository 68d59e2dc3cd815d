"""Which cells and networks a config chooses, and whether a run's files hold them."""

import numpy as np
import pytest
from scipy.io import savemat

from finefield.base.errors import UserError
from finefield.base.settings import plain
from finefield.config.choice import cells, check_files, trained
from finefield.config.reading import complete


def toy():
    """A simulated dataset of two cells."""
    cell = {"crop": {"y": 0, "x": 0}, "subunits": [{"shape": "block", "y": 3, "x": 3}]}
    return {"datasets": {"toy": {"kind": "simulated", "cells": {"one": cell, "two": cell}}}}


@pytest.fixture
def recorded(tmp_path):
    """A config of a small recording of three cells, and its recorded dataset."""
    rng = np.random.default_rng(0)
    shapes = {"run": (4, 3, 60), "fix": (4, 3, 50)}
    savemat(tmp_path / "eye.mat", {k: rng.poisson(1.0, shape) for k, shape in shapes.items()})
    layout = {"running_key": "run", "frozen_key": "fix", "axes": ["trial", "cell", "frame"]}
    layout |= {"trials": 4, "running_frames": 60, "frozen_frames": 50}
    eye = {"kind": "recorded", "recording": str(tmp_path / "eye.mat"), "layout": layout}
    short = {"lags": 10}
    config = {"datasets": {"eye": eye}, "models": {"a": short, "b": short}, "sta": short}
    return config, eye


def test_cells_of_all_kinds_of_datasets(recorded):
    config, eye = recorded
    assert cells(complete(toy()), "toy") == ["one", "two"]
    assert cells(complete(config), "eye") == ["0", "1", "2"]
    eye["cells"] = [2, 0]
    assert cells(complete(config), "eye") == ["2", "0"]


@pytest.fixture
def filmed(recorded, tmp_path):
    """The same, with a film's responses in a recording of their own."""
    config, eye = recorded
    with_film = {"run": np.ones((2, 4, 300)), "fix": np.ones((2, 4, 80))}
    savemat(tmp_path / "film.mat", with_film)
    film = {"kind": "frames", "running_file": "a.npy", "frozen_file": "b.npy"}
    film["recording"] = str(tmp_path / "film.mat")
    eye |= {"cells": [0, 2], "stimuli": {"noise": {}, "film": film}}
    eye["layout"] |= {"running_frames": None, "frozen_frames": None, "trials": None}
    return config, eye


def test_every_stimulus_has_its_responses(filmed):
    config, eye = filmed
    full = complete(config)
    check_files(full)
    assert complete(plain(full)) == full
    noise, film = full.datasets["eye"].stimuli.values()
    assert noise.recording == eye["recording"] != film.recording
    assert noise.layout == film.layout == full.datasets["eye"].layout
    # One recording may hold both, in other variables.
    own = {"axes": ["trial", "cell", "frame"], "running_key": "run_2", "frozen_key": "fix_2"}
    eye["stimuli"]["film"] |= {"recording": eye["recording"], "layout": own}
    layout = complete(config).datasets["eye"].stimuli["film"].layout
    assert layout.running_key == "run_2" and layout.trials is None
    with pytest.raises(UserError, match="run_2"):
        check_files(complete(config))


def test_all_cells_are_those_of_the_first_stimulus(filmed):
    config, eye = filmed
    eye["cells"] = "all"
    eye["stimuli"] = dict(reversed(eye["stimuli"].items()))
    assert cells(complete(config), "eye") == ["0", "1", "2", "3"]
    with pytest.raises(UserError, match=r"cells: got cell 3; expected one of the 3 cells of .*eye"):
        check_files(complete(config))


def test_a_cell_is_missed_in_any_recording(filmed, tmp_path):
    few = {"run": np.ones((2, 2, 300)), "fix": np.ones((2, 2, 80))}
    savemat(tmp_path / "film.mat", few)
    with pytest.raises(
        UserError, match=r"cells: got cell 2; expected one of the 2 cells of .*film"
    ):
        check_files(complete(filmed[0]))


@pytest.mark.parametrize(
    "layout, thing",
    [
        ({"running_key": "new", "frozen_key": "fix"}, "film: .*frozen_key is that of noise"),
        ({"running_key": "run", "frozen_key": "new"}, "film: .*running_key is that of noise"),
        (
            {"running_key": "new", "frozen_key": "new"},
            r"film.layout.frozen_key: .*than running_key",
        ),
    ],
)
def test_no_two_sequences_are_one_variable(filmed, layout, thing):
    config, eye = filmed
    eye["stimuli"]["film"] |= {"recording": eye["recording"], "layout": layout}
    with pytest.raises(UserError, match=rf"datasets\.eye\.stimuli\.{thing}"):
        complete(config)


def test_networks_and_their_cells(recorded):
    config, eye = recorded
    every = ["0", "1", "2"]
    assert trained(complete(config), "eye") == {"a": every, "b": every}
    eye["train"] = {"b": [1, "2"]}
    assert trained(complete(config), "eye") == {"b": ["1", "2"]}
    eye["train"] = {"a": "all", "b": [1]}
    assert trained(complete(config), "eye") == {"a": every, "b": ["1"]}


def test_good_recordings_pass_and_simulated_ones_need_none(recorded):
    config, eye = recorded
    for chosen in ("all", [2, 0]):
        eye["cells"] = chosen
        check_files(complete(config))
    check_files(complete(toy()))


@pytest.mark.parametrize(
    "change, words",
    [
        ({"cells": [0, 3]}, ["datasets.eye.cells", "cell 3", "0, 1, 2", "3 cells"]),
        ({"train": {"b": ["5"]}}, ["datasets.eye.train.b", "cell 5", "0, 1, 2"]),
        ({"recording": "none.mat"}, ["none.mat", "no such file", "check the path"]),
    ],
)
def test_faults_of_recordings(recorded, change, words):
    config, eye = recorded
    eye |= change
    full = complete(config)
    with pytest.raises(UserError) as caught:
        check_files(full)
    for word in words:
        assert word in str(caught.value)


@pytest.mark.parametrize(
    "change, words",
    [
        ({"sta": {"lags": 50}}, ["sta.lags", "got 50", "less than the 49 frames of the frozen"]),
        ({"models": {"a": {"lags": 60}}}, ["models.a.lags", "got 60", "59 frames of the running"]),
        ({"models": {"a": {"lags": 30}}}, ["models.a.validation_fraction", "24 of 240 frames"]),
    ],
)
def test_trials_are_longer_than_what_looks_at_them(recorded, change, words):
    full = complete(recorded[0] | change)
    with pytest.raises(UserError) as caught:
        check_files(full)
    for word in words:
        assert word in str(caught.value)


@pytest.mark.parametrize(
    "key, value, words",
    [
        ("trials", 5, ["4 trials", "5 trials"]),
        ("running_frames", 70, ["60 frames", "70 frames"]),
        ("running_key", "spk1", ["spk1", "run"]),
        ("axes", ["cell", "trial", "frame"], ["'trial', 'cell', 'frame'"]),
    ],
)
def test_the_layout_reaches_the_reader(recorded, key, value, words):
    config, eye = recorded
    eye["layout"][key] = value
    full = complete(config)
    with pytest.raises(UserError) as caught:
        check_files(full)
    for word in words:
        assert word in str(caught.value)
