"""Sweeps in the config: variants of networks, and faults that are named with their fix."""

from copy import deepcopy

import numpy as np
import pytest
import yaml
from scipy.io import savemat

from finefield.base.errors import UserError
from finefield.base.settings import plain
from finefield.config import sweeps
from finefield.config.choice import check_files, swept, trained
from finefield.config.reading import complete
from finefield.config.stnmf import without_stnmf

CONFIG = """
datasets:
  toy:
    kind: simulated
    cells:
      one: {crop: {y: 0, x: 0}, subunits: [{shape: block, y: 3, x: 3}]}
      two: {crop: {y: 8, x: 0}, subunits: [{shape: block, y: 3, x: 3}]}
    train: {wide: [one]}
    sweeps:
      size: {setting: filter_size, values: [5, 9, crop], cells: [two]}
      again: {setting: filter_size, values: [crop, 7], models: [deep, wide]}
  eye:
    kind: recorded
    recording: eye.mat
    sweeps:
      data: {setting: data_fraction, values: [0.01, 1], models: [wide]}
models:
  wide: {start: random, filters: 16}
  deep: {network: deep}
"""


def base():
    """Two networks, a simulated dataset with two sweeps and a recorded one with one."""
    return yaml.safe_load(CONFIG)


def toy(**change):
    """`base` with some of the sweep `size` changed."""
    config = base()
    config["datasets"]["toy"]["sweeps"]["size"] |= change
    return config


def test_a_variant_differs_from_its_network_in_the_swept_setting_alone():
    models = {name: plain(one) for name, one in sweeps.networks(complete(base())).items()}
    assert set(models) == {
        "wide", "wide.filter_size-5", "wide.filter_size-crop", "wide.filter_size-7",
        "deep", "deep.filter_size-crop", "deep.filter_size-7", "wide.data_fraction-0.01",
    }  # fmt: skip
    for name in set(models) - {"wide", "deep"}:
        network, _, change = name.partition(".")
        setting, _, text = change.partition("-")
        different = {k: v for k, v in models[name].items() if v != models[network][k]}
        assert different == {setting: yaml.safe_load(text)}


def test_a_sweep_lists_each_network_at_each_value():
    full = complete(base())
    size, again = full.datasets["toy"].sweeps.values()
    assert sweeps.points(size, full.models) == [
        ("wide", 5, "wide.filter_size-5"),
        ("wide", 9, "wide"),
        ("wide", "crop", "wide.filter_size-crop"),
    ]
    assert [point.variant for point in sweeps.points(again, full.models)] == [
        "deep.filter_size-crop",
        "deep.filter_size-7",
        "wide.filter_size-crop",
        "wide.filter_size-7",
    ]
    assert swept(full, "toy") == {"size": ["two"], "again": ["one", "two"]}


def test_the_first_network_is_swept_unless_others_are_named():
    found = complete(base()).datasets["toy"].sweeps
    assert found["size"].models == ["wide"] and found["size"].cells == ["two"]
    assert found["again"].models == ["deep", "wide"] and found["again"].cells == "all"


def test_sweeps_leave_what_is_trained_otherwise_alone():
    config = base()
    before = deepcopy(config)
    config["datasets"]["eye"]["cells"] = [4]
    full = complete(config)
    assert trained(full, "toy") == {"wide": ["one"]}
    assert trained(full, "eye") == {"wide": ["4"], "deep": ["4"]}
    for dataset in before["datasets"].values():
        del dataset["sweeps"]
    without = complete(before)
    assert sweeps.networks(without) == without.models == full.models
    assert set(without.models) == {"wide", "deep"}


def test_completing_twice_changes_nothing():
    full = complete(base())
    assert complete(plain(full)) == full


def test_a_completed_config_that_changes_has_the_new_variants_alone():
    full = plain(complete(base()))
    full["datasets"]["toy"]["sweeps"].clear()
    full["models"]["wide"]["lags"] = 30
    assert set(sweeps.networks(complete(full))) == {"wide", "deep", "wide.data_fraction-0.01"}
    assert sweeps.networks(complete(full))["wide.data_fraction-0.01"].lags == 30


def test_own_names_with_a_dot_are_refused():
    for name in ("wide.filter_size-5", "a.b"):
        with pytest.raises(UserError, match=r"expected a name of letters"):
            complete(base() | {"models": {"wide": {}, "deep": {}, name: {}}})
    with pytest.raises(UserError, match=r"datasets\.toy\.sweeps\.a\.b: got"):
        config = base()
        config["datasets"]["toy"]["sweeps"]["a.b"] = {"setting": "lags", "values": [10, 20]}
        complete(config)


SIZE = "datasets.toy.sweeps.size"


@pytest.mark.parametrize(
    ("change", "thing", "wanted"),
    [
        ({"setting": "filter_sizes"}, f"{SIZE}.setting", ["model wide", "write filter_size"]),
        ({"setting": "colour"}, f"{SIZE}.setting", ['"colour"', "config/README.md"]),
        ({"setting": "network"}, f"{SIZE}.setting", ['"network"', "that the model wide uses"]),
        ({"setting": "sparsity", "values": [0, 1]}, f"{SIZE}.setting", ["of one value"]),
        ({"setting": "filters"}, f"{SIZE}.values[2]", ['"crop"', "a whole number, at least 1"]),
        ({"values": [5, 0]}, f"{SIZE}.values[1]", ["got 0", "crop, or a whole number"]),
        ({"values": [5, "corp"]}, f"{SIZE}.values[1]", ['"corp"', "write crop"]),
        ({"values": [True, 5]}, f"{SIZE}.values[0]", ["true"]),
        ({"setting": "data_fraction", "values": [1, 2]}, f"{SIZE}.values[1]", ["at most 1"]),
        ({"values": [5, 5]}, f"{SIZE}.values", ["none twice", "each once"]),
        ({"setting": "data_fraction", "values": [1, 1.0]}, f"{SIZE}.values", ["each once"]),
        ({"values": [5]}, f"{SIZE}.values", ["at least 2 items"]),
        ({"values": 5}, f"{SIZE}.values", ["a list"]),
        ({"values": [[5], 9]}, f"{SIZE}.values[0]", ["[5]"]),
        ({"models": ["wid"]}, f"{SIZE}.models[0]", ["got wid", "wide, deep", "wide"]),
        ({"models": ["wide", "wide"]}, f"{SIZE}.models", ["each once"]),
        ({"models": ["wide.filter_size-5"]}, f"{SIZE}.models[0]", ["wide, deep"]),
        ({"cells": ["twoo"]}, f"{SIZE}.cells", ["got twoo", "one, two", "write two"]),
        ({"cells": ["two", "two"]}, f"{SIZE}.cells", ["each once"]),
        ({"value": [5]}, f"{SIZE}.value", ["unknown key", "values"]),
    ],
)
def test_a_fault_of_a_sweep_is_named_with_its_fix(change, thing, wanted):
    with pytest.raises(UserError) as caught:
        complete(toy(**change))
    text = str(caught.value)
    assert text.startswith(f"{thing}: got ") and len(text) < 400
    for word in wanted:
        assert word in text


def test_stnmf_has_the_settings_that_it_uses():
    config = toy(models=["wide", "modules"])
    config["models"]["modules"] = {"network": "stnmf"}
    with pytest.raises(UserError, match=r"size\.setting: .+ that the model modules uses"):
        complete(config)
    config["datasets"]["toy"]["sweeps"]["size"] |= {"setting": "filters", "values": [4, 20]}
    models = sweeps.networks(complete(config))
    assert {"wide.filters-4", "wide.filters-20", "modules.filters-4"} < set(models)
    assert models["modules.filters-4"].network == "stnmf" and "modules.filters-20" not in models
    without, names = without_stnmf(complete(config | {"stnmf_python": "none"}))
    assert names == ["modules", "modules.filters-4"] and complete(plain(without)) == without
    assert "wide.filters-4" in (left := sweeps.networks(without)) and "modules" not in left
    assert without_stnmf(complete(config | {"stnmf_python": __file__}))[1] == []


@pytest.mark.parametrize("key", ["setting", "values"])
def test_a_missing_key_of_a_sweep_is_named(key):
    config = base()
    del config["datasets"]["toy"]["sweeps"]["size"][key]
    with pytest.raises(UserError, match=rf"{SIZE}\.{key}: got no such key"):
        complete(config)


def test_variants_are_no_longer_than_the_data():
    with pytest.raises(UserError, match=r"frozen_frames: got 300; .+ models\.wide\.lags-400\.lags"):
        complete(toy(setting="lags", values=[20, 400]))
    with pytest.raises(UserError, match=r"models\.wide\.lags-3\.temporal_basis: got 4"):
        complete(toy(setting="lags", values=[3, 20]))
    with pytest.raises(UserError, match=r"models\.wide\.validation_fraction-1e-05\.valid"):
        complete(toy(setting="validation_fraction", values=[0.1, 0.00001]))
    # Only where they are trained: the recorded dataset's sweep is none of the toy's.
    config = base()
    config["datasets"]["eye"]["sweeps"]["data"] |= {"setting": "lags", "values": [20, 400]}
    complete(config)


@pytest.fixture
def recorded(tmp_path):
    """A config of a small recording of three cells, with a sweep."""
    rng = np.random.default_rng(0)
    arrays = {"spk1": rng.poisson(1.0, (3, 60, 4)), "spk2": rng.poisson(1.0, (3, 50, 4))}
    savemat(tmp_path / "eye.mat", arrays)
    sweep = {"setting": "lags", "values": [8, 10], "cells": "all"}
    eye = {"kind": "recorded", "recording": str(tmp_path / "eye.mat"), "sweeps": {"lags": sweep}}
    short = {"lags": 10}
    return {"datasets": {"eye": eye}, "models": {"a": short}, "sta": short}, sweep


def test_sweeps_of_recordings_are_checked_with_them(recorded):
    config, sweep = recorded
    full = complete(config)
    check_files(full)
    assert swept(full, "eye") == {"lags": ["0", "1", "2"]}
    sweep["cells"] = [0, 3]
    with pytest.raises(UserError, match=r"datasets\.eye\.sweeps\.lags\.cells: got cell 3"):
        check_files(complete(config))
    sweep |= {"cells": [2], "values": [10, 55]}
    with pytest.raises(UserError, match=r"models\.a\.lags-55\.lags: got 55; .+ of the frozen"):
        check_files(complete(config))
    sweep["values"] = [10, 30]
    with pytest.raises(UserError, match=r"models\.a\.lags-30\.validation_fraction"):
        check_files(complete(config))
