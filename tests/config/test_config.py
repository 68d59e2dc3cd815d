"""A config is completed with every default, or refused in words that name key, value and fix."""

import re
from collections import OrderedDict
from copy import deepcopy
from pathlib import Path

import pytest
from helpers.configs import CELL, EYE, FAULTS, MESSAGE, TOY, base, changed, without

from finefield.base.errors import UserError
from finefield.base.settings import plain
from finefield.config.reading import complete, load
from finefield.simulation.cell import build_cell

ROOT = Path(__file__).parents[2]


def completed(config):
    """A config with every default, as plain dictionaries and lists."""
    return plain(complete(config))


def message(config):
    """The message, which must have all four parts and fit a terminal."""
    before = deepcopy(config)
    with pytest.raises(UserError) as caught:
        complete(config)
    assert config == before
    text = str(caught.value)
    assert re.fullmatch(MESSAGE, text) and "\n" not in text
    assert len(text) < 400
    return text


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
