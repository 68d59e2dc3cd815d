"""A config is completed with every default, or refused in words that name key, value and fix."""

import os
import re
import subprocess
import sys
from collections import OrderedDict
from copy import deepcopy
from pathlib import Path

import numpy as np
import pytest
import yaml
from scipy.io import savemat

from finefield.base.errors import UserError
from finefield.config import reading as ff
from finefield.config.readme import MARKER, key_table, write_readme
from finefield.simulation.cell import build_cell

ROOT = Path(__file__).parents[2]
README = ROOT / "config/README.md"
TOY = "datasets.toy"
CELL = "datasets.toy.cells.one"
EYE = "datasets.eye"


def base():
    """A config with one simulated and one recorded dataset, as short as can be."""
    subunits = [{"shape": "block", "y": 3, "x": 3}, {"shape": "gaussian", "y": 1.5, "x": 7}]
    one = {"crop": {"y": 0, "x": 0}, "subunits": subunits}
    return {
        "datasets": {
            "toy": {"kind": "simulated", "cells": {"one": one, "two": deepcopy(one)}},
            "eye": {"kind": "recorded", "recording": "eye.mat"},
        }
    }


def steps(path):
    """datasets.a.subunits[0].y as a list of keys and indices."""
    return [int(s) if s.isdigit() else s for s in re.findall(r"[^.\[\]]+", path)]


def changed(path, value):
    """`base` with one value set; mappings on the way are made."""
    config = base()
    *way, last = steps(path)
    place = config
    for step in way:
        place = place[step] if isinstance(place, list) else place.setdefault(step, {})
    place[last] = value
    return config


def without(path):
    """`base` less one key."""
    config = base()
    *way, last = steps(path)
    place = config
    for step in way:
        place = place[step]
    del place[last]
    return config


def message(config):
    """The message, which must have all four parts and fit a terminal."""
    before = deepcopy(config)
    with pytest.raises(UserError) as caught:
        ff.complete(config)
    assert config == before
    text = str(caught.value)
    assert re.fullmatch(r"\S.*: got .+; expected .+\. Fix: .+", text) and "\n" not in text
    assert len(text) < 400
    return text


# set this key, to this value -> the message begins with the key and holds these words
FAULTS = [
    # unknown keys
    ("sed", 2, "sed", "2", "rename it to seed"),
    ("nonsense", 2, "nonsense", "seed, datasets, models, device, sta, filters", "remove it"),
    (f"{CELL}.crop.widht", 8, f"{CELL}.crop.widht", "the value 8", "rename it to width"),
    (f"{EYE}.layout.axis", [], f"{EYE}.layout.axis", "[]", "rename it to axes"),
    (f"{CELL}.subunits[1].height", 2, f"{CELL}.subunits[1].height", "sigma", "remove it"),
    ("figures.ln_colour", "red", "figures.ln_colour", '"red"', "rename it to ln_color"),
    # wrong types
    ("seed", "three", "seed", '"three"', "a whole number"),
    ("seed", True, "seed", "true", "a whole number"),
    ("seed", 2.0, "seed", "2.0", "a whole number", "write 2"),
    ("seed", 2.5, "seed", "2.5", "a whole number"),
    ("models.m.steps", "1e6", "models.m.steps", '"1e6"', "write 1000000 without quotes"),
    ("models.m.filter_l1", ".1", "models.m.filter_l1", '".1"', "a number", "write 0.1"),
    ("models.m.learning_rate", float("nan"), "models.m.learning_rate", "nan", "a number"),
    ("models.m.conv_noise", float("inf"), "models.m.conv_noise", "inf", "a number"),
    ("models.m.nonnegative_readout", "yes", "models.m.nonnegative_readout", "true or false"),
    ("models.m.max_frames", "all", "models.m.max_frames", '"all"', "or null"),
    ("filters", "{'morans_i': 2}", "filters", "a mapping", "`snakemake --config`", "config file"),
    (TOY, "simulated", TOY, '"simulated"', "a mapping"),
    (f"{TOY}.field", None, f"{TOY}.field", "nothing", "remove the key"),
    ("figures.measured_color", 0.25, "figures.measured_color", "0.25", "in quotes"),
    ("figures.measured_color", None, "figures.measured_color", "nothing", "quotes"),
    (f"{EYE}.recording", 7, f"{EYE}.recording", "7", "in quotes"),
    (f"{CELL}.subunits", {"shape": "block"}, f"{CELL}.subunits", "a list of at least 1 item"),
    # limits
    ("seed", -1, "seed", "-1", "at least 0"),
    ("figures.dpi", 1200, "figures.dpi", "1200", "from 50 to 600 [dots per inch]"),
    (f"{TOY}.field.pixel_size", 0, f"{TOY}.field.pixel_size", "0", "above 0 [um]"),
    ("models.m.lags", 1, "models.m.lags", "got 1", "at least 2"),
    ("models.m.validation_fraction", 0.7, "models.m.validation_fraction", "0.7", "at most 0.5"),
    ("models.m.max_frames", 10, "models.m.max_frames", "10", "at least 1000", "or null"),
    (f"{CELL}.subunits[0].y", -1, f"{CELL}.subunits[0].y", "-1", "at least 0 [pixels]"),
    (f"{EYE}.recording", "", f"{EYE}.recording", '""', "not empty"),
    # choices
    (f"{TOY}.kind", "simulate", f"{TOY}.kind", '"simulate"', "simulated, recorded", "simulated"),
    (f"{CELL}.spikes", "poison", f"{CELL}.spikes", '"poison"', "bernoulli", "write poisson"),
    (f"{CELL}.subunits[0].shape", "disc", f"{CELL}.subunits[0].shape", '"disc"', "block, gauss"),
    (f"{CELL}.polarity", "off", f"{CELL}.polarity", '"off"', "write 'OFF'"),
    (f"{CELL}.polarity", False, f"{CELL}.polarity", "false", "'ON', 'OFF'", "put it in quotes"),
    ("figures.format", "tiff", "figures.format", '"tiff"', "svg, png, pdf", "choose one"),
    (f"{TOY}.stimuli.w.kind", "noise", f"{TOY}.stimuli.w.kind", '"noise"', "binary_noise"),
    ("models.m.network", "lnl", "models.m.network", '"lnl"', "finefield, yan2020, deep, lnln, ln"),
    ("models.m.network", "Deep", "models.m.network", '"Deep"', "write deep"),
    ("models.m.network", None, "models.m.network", "nothing", "one of finefield"),
    ("models.m.network", ["ln"], "models.m.network", "['ln']", "one of finefield"),
    ("models.m.network", {"ln": {}}, "models.m.network", "{'ln': {}}", "one of finefield"),
    ("models.m.filter_size", "corp", "models.m.filter_size", '"corp"', "write crop"),
    ("models.m.seeds", 65, "models.m.seeds", "65", "from 1 to 64"),
    ("models.m.background", 0, "models.m.background", "0", "above 0"),
    ("device", "gpu", "device", '"gpu"', "auto, cpu, cuda"),
    # lists and mappings
    (f"{TOY}.cells", {}, f"{TOY}.cells", "{}", "name at least one"),
    (f"{TOY}.cells", [], f"{TOY}.cells", "[]", "a mapping", "name at least one"),
    (f"{EYE}.cells", [], f"{EYE}.cells", "[]", "all, or a list", "name at least one"),
    (f"{EYE}.cells", "al", f"{EYE}.cells", '"al"', "all, or a list", "write all"),
    (f"{EYE}.cells", 3, f"{EYE}.cells", "got 3", "all, or a list", "write [3]"),
    (f"{EYE}.cells", [0, 0], f"{EYE}.cells", "[0, 0]", "none twice", "each once"),
    (f"{EYE}.cells", [0, -1], f"{EYE}.cells[1]", "-1", "at least 0"),
    (f"{EYE}.cells", [0, "0"], f"{EYE}.cells", "[0, '0']", "each cell once"),
    (f"{EYE}.layout.format", "nbw", f"{EYE}.layout.format", '"nbw"', "write nwb"),
    (f"{EYE}.layout.units", "x", f"{EYE}.layout.units", "unknown key", "running_key"),
    (f"{EYE}.stimuli.w", {"frozen_seed": 7}, f"{EYE}.stimuli.w.frozen_seed", "7", "to 0"),
    (f"{EYE}.stimuli.w", {"kind": "numpy"}, f"{EYE}.stimuli.w.running_seed", "no such key"),
    (
        f"{EYE}.stimuli.w",
        {"running_seed": [{"seed": 1}]},
        f"{EYE}.stimuli.w.running_seed[0].frames",
        "no such key",
        "a whole number",
    ),
    (f"{EYE}.layout.axes", ["cell", "frame"], f"{EYE}.layout.axes", "a list of 3", "trial"),
    (f"{EYE}.stimuli", {"a": {}, "b": {}}, f"{EYE}.stimuli.b", "without responses", "its layout"),
    (
        f"{TOY}.stimuli.w",
        {"kind": "flashed_images", "scal": 2},
        f"{TOY}.stimuli.w.scal",
        "to scale",
    ),
    (
        f"{TOY}.stimuli.w",
        {"kind": "moving_images", "limit": 0},
        f"{TOY}.stimuli.w.limit",
        "above 0",
    ),
    ("datasets", {}, "datasets", "{}", "name at least one"),
    ("datasets", None, "datasets", "nothing", "a mapping"),
    ("models", {}, "models", "{}", "name at least one"),
    ("models", {"a b": {}}, "models.a b", '"a b"', "letters, digits", "rename it"),
    ("models", {True: {}}, "models.True", "true", "a name", "put it in quotes"),
    ("models", {1: {}}, "models[1]", "got 1", "a name", "put it in quotes"),
    # contradictions
    (f"{CELL}.crop.x", 29, f"{CELL}.crop.x", "29", "column 36", f"{TOY}.field", "lower x"),
    (f"{CELL}.crop.height", 25, f"{CELL}.crop.height", "25", "23", "field.height"),
    (f"{CELL}.subunits[0].x", 7, f"{CELL}.subunits[0].x", "7", f"{CELL}.crop", "width"),
    (f"{CELL}.subunits[0].height", 9, f"{CELL}.subunits[0].height", "9", "lower y or height"),
    (f"{CELL}.subunits[1].y", 7.1, f"{CELL}.subunits[1].y", "7.1", "7 or before", "lower y"),
    (f"{CELL}.temporal_filter.delay", 19, f"{CELL}.temporal_filter.lags", "20", "21", "raise it"),
    (f"{CELL}.temporal_filter.orders", [5, 5], f"{CELL}.temporal_filter.orders", "[5, 5]", "lower"),
    (f"{TOY}.stimuli.w.contrasts", [1, 1], f"{TOY}.stimuli.w.contrasts", "[1, 1]", "differ"),
    (f"{TOY}.train", {"finfield": "all"}, f"{TOY}.train.finfield", "network", "finefield"),
    (f"{TOY}.train", {"finefield": ["on"]}, f"{TOY}.train.finefield", "got on", "one, two"),
    (f"{TOY}.train", {"finefield": ["twoo"]}, f"{TOY}.train.finefield", "twoo", "write two"),
    (f"{TOY}.train", {"finefield": []}, f"{TOY}.train.finefield", "[]", "name at least one"),
    (f"{EYE}.train", {"finefield": [1, "1"]}, f"{EYE}.train.finefield", "each cell once"),
    (f"{EYE}.receptive_field.min_crop", 40, f"{EYE}.receptive_field.max_crop", "32", "40", "raise"),
    (f"{EYE}.receptive_field.min_size", 901, f"{EYE}.receptive_field.max_size", "900", "raise it"),
    (f"{EYE}.layout.frozen_key", "spk1", f"{EYE}.layout.frozen_key", "spk1", "running_key"),
    ("models.m.temporal_basis", 21, "models.m.temporal_basis", "21", "20 lags"),
    ("models.m.lags", 300, f"{TOY}.stimuli.white_noise.frozen_frames", "300", "models.m.lags"),
    (
        "models.m.validation_fraction",
        1e-5,
        "models.m.validation_fraction",
        "10 of 1000000",
        "raise",
    ),
    ("figures.ln_color", "blu", "figures.ln_color", "blu", "Matplotlib", "write blue"),
    ("figures.sequential_colormap", "virdis", "figures.sequential_colormap", "write viridis"),
]


@pytest.mark.parametrize("path, value, thing, words", [(f[0], f[1], f[2], f[3:]) for f in FAULTS])
def test_a_fault_is_named_with_its_value_and_fix(path, value, thing, words):
    text = message(changed(path, value))
    assert text.startswith(f"{thing}: got ")
    for word in words:
        assert word in text


@pytest.mark.parametrize(
    "path",
    [
        "datasets",
        f"{TOY}.kind",
        f"{TOY}.cells",
        f"{CELL}.crop",
        f"{CELL}.crop.y",
        f"{CELL}.subunits",
        f"{CELL}.subunits[0].shape",
        f"{CELL}.subunits[1].x",
        f"{EYE}.recording",
    ],
)
def test_a_missing_key_is_named_and_described(path):
    assert message(without(path)).startswith(f"{path}: got no such key; expected ")
    assert "Fix: add the key (" in message(without(path))


@pytest.mark.parametrize("config", [None, [], {}, "datasets", 3])
def test_what_is_no_mapping_or_empty_is_refused(config):
    text = message(config)
    assert "a mapping" in text and text.split(":")[0] in ("config", "datasets")


def test_the_deepest_of_several_faults_is_reported():
    config = changed(f"{CELL}.crop.y", "top")
    assert message({**config, "sed": 1, "seed": "x"}).startswith(f"{CELL}.crop.y: ")


def test_a_misspelt_required_key_is_reported_as_misspelt():
    config = changed(f"{EYE}.recordings", "eye.mat")
    del config["datasets"]["eye"]["recording"]
    assert "rename it to recording" in message(config)


def test_edges_that_are_allowed():
    for path, value in [
        (f"{CELL}.crop", {"y": 16, "x": 28}),
        (f"{CELL}.subunits[0]", {"shape": "block", "y": 6, "x": 6}),
        (f"{CELL}.temporal_filter", {"lags": 20, "delay": 18}),
        (f"{EYE}.receptive_field.max_crop", 150),
        (f"{TOY}.train", {"finefield": ["two"]}),
        ("figures.ln_color", "C1"),
        ("figures.diverging_colormap", "PuOr"),
        ("models.m.lags", 299),
        ("models.m.filter_l1", 1),
    ]:
        ff.complete(changed(path, value))


def test_a_network_that_is_not_trained_may_have_any_lags():
    config = changed("models", {"short": {}, "long": {"lags": 400}})
    config["datasets"]["toy"]["train"] = config["datasets"]["eye"]["train"] = {"short": "all"}
    ff.complete(config)


def test_defaults_reach_every_level():
    full = ff.complete(base())
    toy, eye = full["datasets"]["toy"], full["datasets"]["eye"]
    assert full["seed"] == 1 and full["figures"]["format"] == "svg"
    assert full["models"]["finefield"]["filter_size"] == 9
    assert toy["field"] == {"height": 24, "width": 36, "pixel_size": 30, "frame_rate": 30}
    assert toy["stimuli"]["white_noise"]["contrasts"] == [-0.5, 0.5]
    cell = toy["cells"]["one"]
    assert cell["crop"] == {"y": 0, "x": 0, "height": 8, "width": 8}
    assert cell["subunits"][0]["width"] == 2 and cell["subunits"][1]["sigma"] == 1
    assert cell["temporal_filter"]["orders"] == [4, 5] and cell["polarity"] == "OFF"
    assert eye["cells"] == "all" and eye["layout"]["format"] == "counts"
    assert eye["stimuli"]["white_noise"]["running_seed"] == -10000


def model(**settings):
    """A network's settings, completed."""
    return ff.complete({**base(), "models": {"m": settings}})["models"]["m"]


def test_a_network_sets_its_keys_and_leaves_the_others():
    default, ln = model(), model(network="ln")
    assert default["network"] == "finefield" and ln["network"] == "ln"
    expected = {"filters": 1, "filter_size": "crop", "filter_nonlinearity": "linear"}
    expected |= {"nonnegative_readout": False, "network": "ln"}
    assert {key: ln[key] for key in ln if ln[key] != default[key]} == expected
    assert model(network="finefield") == default


def test_the_users_keys_win_over_the_networks():
    full = model(network="yan2020", steps=70, conv_noise=0, batch_size=None, drive_l1=0.3)
    assert (full["steps"], full["conv_noise"], full["batch_size"], full["drive_l1"]) == (
        (70, 0, None, 0.3)
    )
    rest = {"steps": 0, "conv_noise": 0, "batch_size": 0, "drive_l1": 0}
    assert full | rest == model(network="yan2020") | rest
    # The order of the keys does not matter, and networks beside it are left alone.
    assert full == model(drive_l1=0.3, batch_size=None, conv_noise=0, steps=70, network="yan2020")
    both = ff.complete({**base(), "models": {"a": {"network": "ln"}, "b": {}}})["models"]
    assert both == {"a": model(network="ln"), "b": model()}


def test_a_networks_keys_are_checked_like_the_users():
    assert "models.m.temporal_basis" in message(changed("models.m", {"network": "ln", "lags": 3}))
    ff.complete(changed("models.m", {"network": "yan2020", "lags": 3}))


def test_completing_twice_changes_nothing_and_shares_nothing():
    full = ff.complete(base())
    assert ff.complete(full) == full
    full["models"]["finefield"]["lags"] = 7
    full["datasets"]["toy"]["stimuli"]["white_noise"]["contrasts"].append(1)
    again = ff.complete(base())
    assert again["models"]["finefield"]["lags"] == 20
    assert len(again["datasets"]["toy"]["stimuli"]["white_noise"]["contrasts"]) == 2


def test_snakemakes_ordered_mappings_become_plain_ones():
    config = ff.complete(OrderedDict(base(), models=OrderedDict(m=OrderedDict(lags=10))))
    assert type(config) is dict and type(config["models"]["m"]) is dict
    assert config == ff.complete({**base(), "models": {"m": {"lags": 10}}})


def test_a_complete_cell_can_be_simulated():
    cell = ff.complete(base())["datasets"]["toy"]["cells"]["one"]
    assert build_cell(cell, frame_rate=30).subunits.shape == (2, 8, 8)


def test_the_projects_configs_are_complete():
    for path in (ROOT / "config").glob("*.yaml"):
        ff.load(path)


@pytest.mark.parametrize(
    "text, words",
    [
        ("datasets:\n  a: [1, 2\nseed: 1\n", ["line 3"]),
        ("datasets:\n\tkind: x\n", ["line 2", "spaces"]),
        ("a: b: c\n", ["line 1", "mapping values"]),
        ("", ["nothing", "shortest config"]),
    ],
)
def test_bad_yaml_is_located(tmp_path, text, words):
    path = tmp_path / "bad.yaml"
    path.write_text(text)
    with pytest.raises(UserError, match=r"Fix: ") as caught:
        ff.load(path)
    for word in words:
        assert word in str(caught.value)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(UserError, match=r"none\.yaml: got No such file"):
        ff.load(tmp_path / "none.yaml")


# Cells, networks and recordings


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
    assert ff.cells(ff.complete(base()), "toy") == ["one", "two"]
    assert ff.cells(ff.complete(config), "eye") == ["0", "1", "2"]
    eye["cells"] = [2, 0]
    assert ff.cells(ff.complete(config), "eye") == ["2", "0"]


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
    full = ff.complete(config)
    ff.check_recordings(full)
    assert ff.complete(full) == full
    noise, film = full["datasets"]["eye"]["stimuli"].values()
    assert noise["recording"] == eye["recording"] != film["recording"]
    assert noise["layout"] == film["layout"] == full["datasets"]["eye"]["layout"]
    # One recording may hold both, in other variables.
    own = {"axes": ["trial", "cell", "frame"], "running_key": "run_2", "frozen_key": "fix_2"}
    eye["stimuli"]["film"] |= {"recording": eye["recording"], "layout": own}
    layout = ff.complete(config)["datasets"]["eye"]["stimuli"]["film"]["layout"]
    assert layout["running_key"] == "run_2" and layout["trials"] is None
    with pytest.raises(UserError, match="run_2"):
        ff.check_recordings(ff.complete(config))


def test_all_cells_are_those_of_the_first_stimulus(filmed):
    config, eye = filmed
    eye["cells"] = "all"
    eye["stimuli"] = dict(reversed(eye["stimuli"].items()))
    assert ff.cells(ff.complete(config), "eye") == ["0", "1", "2", "3"]
    with pytest.raises(UserError, match=r"cells: got cell 3; expected one of the 3 cells of .*eye"):
        ff.check_recordings(ff.complete(config))


def test_a_cell_is_missed_in_any_recording(filmed, tmp_path):
    few = {"run": np.ones((2, 2, 300)), "fix": np.ones((2, 2, 80))}
    savemat(tmp_path / "film.mat", few)
    with pytest.raises(
        UserError, match=r"cells: got cell 2; expected one of the 2 cells of .*film"
    ):
        ff.check_recordings(ff.complete(filmed[0]))


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
        ff.complete(config)


def test_networks_and_their_cells(recorded):
    config, eye = recorded
    every = ["0", "1", "2"]
    assert ff.trained(ff.complete(config), "eye") == {"a": every, "b": every}
    eye["train"] = {"b": [1, "2"]}
    assert ff.trained(ff.complete(config), "eye") == {"b": ["1", "2"]}
    eye["train"] = {"a": "all", "b": [1]}
    assert ff.trained(ff.complete(config), "eye") == {"a": every, "b": ["1"]}


def test_good_recordings_pass_and_simulated_ones_need_none(recorded):
    config, eye = recorded
    for cells in ("all", [2, 0]):
        eye["cells"] = cells
        ff.check_recordings(ff.complete(config))
    ff.check_recordings(ff.complete({"datasets": {"toy": base()["datasets"]["toy"]}}))


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
    full = ff.complete(config)
    with pytest.raises(UserError) as caught:
        ff.check_recordings(full)
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
    full = ff.complete(recorded[0] | change)
    with pytest.raises(UserError) as caught:
        ff.check_recordings(full)
    for word in words:
        assert word in str(caught.value)


def test_an_imported_recording_is_read_again_only_if_it_changed(recorded, tmp_path):
    config, eye = recorded
    imported = tmp_path / "results/eye/recording/white_noise.nc"
    imported.parent.mkdir(parents=True)
    imported.touch()
    eye["layout"]["running_frames"] = 70
    full = ff.complete(config)
    ff.check_recordings(full, tmp_path / "results")
    os.utime(eye["recording"], (imported.stat().st_mtime + 1,) * 2)
    with pytest.raises(UserError, match="60 frames"):
        ff.check_recordings(full, tmp_path / "results")


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
    full = ff.complete(config)
    with pytest.raises(UserError) as caught:
        ff.check_recordings(full)
    for word in words:
        assert word in str(caught.value)


# The README


def test_the_readme_is_in_step_with_the_schema():
    assert README.read_text().partition(MARKER)[2] == f"\n{key_table()}", "run make docs"


def test_the_readmes_examples_are_complete_configs():
    examples = re.findall(r"```yaml\n(.*?)```", README.read_text(), re.DOTALL)
    simulated, recorded = (ff.complete(yaml.safe_load(e))["datasets"] for e in examples)
    assert simulated["toy"]["kind"] == "simulated" and recorded["retina"]["kind"] == "recorded"


def test_every_key_of_the_schema_is_described_in_the_table():
    schema = yaml.safe_load((ROOT / "workflow/schemas/config.schema.yaml").read_text())
    parts = [schema, *schema["$defs"].values()]
    keys = {key for part in parts for key in part.get("properties", {})}
    rows = re.findall(r"^\| `(\w+)` \| (.+) \| (.*) \| (.+) \|$", key_table(), re.MULTILINE)
    assert keys <= {key for key, *_ in rows}
    assert all(meaning.strip() for _, _, meaning, _ in rows)


@pytest.mark.parametrize("network", ["yan2020", "deep", "lnln", "ln"])
def test_the_readme_lists_what_a_network_sets(network):
    (line,) = re.findall(rf"^`network: {network}` sets (.+)\.$", README.read_text(), re.MULTILINE)
    listed = {}
    for part in re.findall(r"`([^`]+)`", line):
        listed |= yaml.safe_load(part)
    default, full = model(), model(network=network)
    assert listed == {key: full[key] for key in listed}
    assert set(listed) | {"network"} >= {key for key in full if full[key] != default[key]}


def test_the_readme_says_all_networks_there_are():
    schema = yaml.safe_load((ROOT / "workflow/schemas/config.schema.yaml").read_text())
    networks = schema["$defs"]["model"]["properties"]["network"]["enum"]
    said = re.findall(r"^`network: (\w+)` sets", README.read_text(), re.MULTILINE)
    assert sorted([*said, "finefield"]) == sorted(networks)
    assert set(schema["$defs"]["model"]["presets"]) == set(said)


def test_a_readme_without_its_marker_is_left_alone(tmp_path):
    path = tmp_path / "README.md"
    path.write_text("# Mine\n")
    with pytest.raises(UserError, match="marker"):
        write_readme(path)
    assert path.read_text() == "# Mine\n"


def test_checking_a_config_imports_neither_matplotlib_nor_scipy():
    code = (
        "import sys; from finefield.config import reading as config; config.load(sys.argv[1]);"
        "sys.exit('matplotlib' in sys.modules or 'scipy' in sys.modules)"
    )
    where = {"PYTHONPATH": str(ROOT / "workflow")}
    command = [sys.executable, "-c", code, str(ROOT / "config/recorded.yaml")]
    assert subprocess.run(command, env=where, check=False).returncode == 0
