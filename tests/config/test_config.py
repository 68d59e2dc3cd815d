"""A config is completed with every default, or refused in words that name key, value and fix."""

import re
from collections import OrderedDict
from copy import deepcopy
from pathlib import Path

import pytest

from finefield.base.errors import UserError
from finefield.base.settings import plain
from finefield.config.reading import complete, load
from finefield.simulation.cell import build_cell

ROOT = Path(__file__).parents[2]
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


def completed(config):
    """A config with every default, as plain dictionaries and lists."""
    return plain(complete(config))


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
        complete(config)
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
    (f"{EYE}.layout.axes", ["cell", "cell", "trial"], f"{EYE}.layout.axes", "each once"),
    (f"{EYE}.layout.axes", ["cell", "time", "trial"], f"{EYE}.layout.axes[1]", '"time"', "frame"),
    (f"{EYE}.layout.format", "binary", f"{EYE}.layout.format", '"binary"', "counts, spike_times"),
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
        ("models.m", {"start": "random", "filter_l1": 1}),
    ]:
        complete(changed(path, value))


def test_a_network_that_is_not_trained_may_have_any_lags():
    config = changed("models", {"short": {}, "long": {"lags": 400}})
    config["datasets"]["toy"]["train"] = config["datasets"]["eye"]["train"] = {"short": "all"}
    complete(config)


def test_defaults_reach_every_level():
    full = completed(base())
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
    return completed({**base(), "models": {"m": settings}})["models"]["m"]


def test_a_network_sets_its_keys_and_leaves_the_others():
    default, ln = model(), model(network="ln")
    assert default["network"] == "finefield" and ln["network"] == "ln"
    expected = {"filters": 1, "filter_size": "crop", "filter_nonlinearity": "linear"}
    expected |= {"nonnegative_readout": False, "network": "ln", "start": "random"}
    assert {key: ln[key] for key in ln if ln[key] != default[key]} == expected
    assert model(network="finefield") == default


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"filters": 8}, r"models\.m\.filters: got 8; .+ remove the key, or set start: random"),
        ({"filter_l1": 1}, r"models\.m\.filter_l1: got 1"),
        ({"temporal_basis": 0}, r"models\.m\.temporal_basis: got 0; expected 1 or more"),
        ({"network": "deep", "start": "positions"}, r"models\.m\.filters: got 8"),
    ],
)
def test_a_key_that_positions_do_not_use_is_refused(settings, message):
    with pytest.raises(UserError, match=message):
        model(**settings)
    complete({**base(), "models": {"m": settings | {"start": "random"}}})


def test_the_users_keys_win_over_the_networks():
    full = model(network="yan2020", steps=70, conv_noise=0, batch_size=None, drive_l1=0.3)
    assert (full["steps"], full["conv_noise"], full["batch_size"], full["drive_l1"]) == (
        (70, 0, None, 0.3)
    )
    rest = {"steps": 0, "conv_noise": 0, "batch_size": 0, "drive_l1": 0}
    assert full | rest == model(network="yan2020") | rest
    # The order of the keys does not matter, and networks beside it are left alone.
    assert full == model(drive_l1=0.3, batch_size=None, conv_noise=0, steps=70, network="yan2020")
    both = completed({**base(), "models": {"a": {"network": "ln"}, "b": {}}})["models"]
    assert both == {"a": model(network="ln"), "b": model()}


def test_a_networks_keys_are_checked_like_the_users():
    assert "models.m.temporal_basis" in message(changed("models.m", {"network": "ln", "lags": 3}))
    complete(changed("models.m", {"network": "yan2020", "lags": 3}))


def test_completing_twice_changes_nothing_and_shares_nothing():
    full = completed(base())
    assert completed(full) == full
    full["models"]["finefield"]["lags"] = 7
    full["datasets"]["toy"]["stimuli"]["white_noise"]["contrasts"].append(1)
    again = completed(base())
    assert again["models"]["finefield"]["lags"] == 20
    assert len(again["datasets"]["toy"]["stimuli"]["white_noise"]["contrasts"]) == 2


def test_snakemakes_ordered_mappings_become_plain_ones():
    config = complete(OrderedDict(base(), models=OrderedDict(m=OrderedDict(lags=10))))
    assert config == complete({**base(), "models": {"m": {"lags": 10}}})
    assert type(plain(config)["models"]["m"]) is dict


def test_a_complete_cell_can_be_simulated():
    cell = complete(base()).datasets["toy"].cells["one"]
    assert build_cell(cell, frame_rate=30).subunits.shape == (2, 8, 8)


def test_the_projects_configs_are_complete():
    for path in (ROOT / "config").glob("*.yaml"):
        load(path)


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
        load(path)
    for word in words:
        assert word in str(caught.value)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(UserError, match=r"none\.yaml: got No such file"):
        load(tmp_path / "none.yaml")
