"""Sweeps: variants of networks in the config, their scores over cells, and the figure of them."""

from copy import deepcopy

import numpy as np
import pandas as pd
import pytest
import xarray as xr
import yaml
from helpers.figures import STYLE, assert_text_is_clear, words
from matplotlib.colors import same_color
from scipy.io import savemat

from finefield.base.errors import UserError
from finefield.config import reading as ff
from finefield.config import sweeps
from finefield.figures.sweep import sweep_figure
from finefield.files import store
from finefield.tables.sweeps import collect, scores

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
  wide: {filters: 16}
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


# The config


def test_a_variant_differs_from_its_network_in_the_swept_setting_alone():
    models = ff.complete(base())["models"]
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
    full = ff.complete(base())
    size, again = full["datasets"]["toy"]["sweeps"].values()
    assert sweeps.points(size, full["models"]) == [
        ("wide", 5, "wide.filter_size-5"),
        ("wide", 9, "wide"),
        ("wide", "crop", "wide.filter_size-crop"),
    ]
    assert [point.variant for point in sweeps.points(again, full["models"])] == [
        "deep.filter_size-crop",
        "deep.filter_size-7",
        "wide.filter_size-crop",
        "wide.filter_size-7",
    ]
    assert ff.swept(full, "toy") == {"size": ["two"], "again": ["one", "two"]}


def test_the_first_network_is_swept_unless_others_are_named():
    full = ff.complete(base())["datasets"]["toy"]["sweeps"]
    assert full["size"]["models"] == ["wide"] and full["size"]["cells"] == ["two"]
    assert full["again"]["models"] == ["deep", "wide"] and full["again"]["cells"] == "all"


def test_sweeps_leave_what_is_trained_otherwise_alone():
    config = base()
    before = deepcopy(config)
    config["datasets"]["eye"]["cells"] = [4]
    full = ff.complete(config)
    assert ff.trained(full, "toy") == {"wide": ["one"]}
    assert ff.trained(full, "eye") == {"wide": ["4"], "deep": ["4"]}
    for dataset in before["datasets"].values():
        del dataset["sweeps"]
    without = ff.complete(before)["models"]
    assert {name: full["models"][name] for name in without} == without
    assert set(without) == {"wide", "deep"}


def test_completing_twice_changes_nothing():
    full = ff.complete(base())
    assert ff.complete(full) == full and ff.complete(ff.complete(full)) == full


def test_a_completed_config_that_changes_has_the_new_variants_alone():
    full = ff.complete(base())
    full["datasets"]["toy"]["sweeps"].clear()
    with pytest.raises(UserError, match=r"models\.wide\.filter_size-"):
        ff.complete(full)  # whose variants they are is not known any more
    full = ff.complete(base())
    full["models"]["wide.filter_size-5"]["lags"] = 30
    with pytest.raises(UserError, match=r"models\.wide\.filter_size-5: got"):
        ff.complete(full)


def test_own_names_with_a_dot_are_refused():
    for name in ("wide.filter_size-5", "a.b"):
        with pytest.raises(UserError, match=r"expected a name of letters"):
            ff.complete(base() | {"models": {"wide": {}, "deep": {}, name: {}}})
    with pytest.raises(UserError, match=r"datasets\.toy\.sweeps\.a\.b: got"):
        config = base()
        config["datasets"]["toy"]["sweeps"]["a.b"] = {"setting": "lags", "values": [10, 20]}
        ff.complete(config)


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
        ff.complete(toy(**change))
    text = str(caught.value)
    assert text.startswith(f"{thing}: got ") and len(text) < 400
    for word in wanted:
        assert word in text


def test_stnmf_has_the_settings_that_it_uses():
    config = toy(models=["wide", "modules"])
    config["models"]["modules"] = {"network": "stnmf"}
    with pytest.raises(UserError, match=r"size\.setting: .+ that the model modules uses"):
        ff.complete(config)
    config["datasets"]["toy"]["sweeps"]["size"] |= {"setting": "filters", "values": [4, 20]}
    models = ff.complete(config)["models"]
    assert {"wide.filters-4", "wide.filters-20", "modules.filters-4"} < set(models)
    assert models["modules.filters-4"]["network"] == "stnmf" and "modules.filters-20" not in models
    without = ff.without_models(ff.complete(config), ["modules", "modules.filters-4"])
    assert ff.complete(without) == without and "wide.filters-4" in without["models"]


@pytest.mark.parametrize("key", ["setting", "values"])
def test_a_missing_key_of_a_sweep_is_named(key):
    config = base()
    del config["datasets"]["toy"]["sweeps"]["size"][key]
    with pytest.raises(UserError, match=rf"{SIZE}\.{key}: got no such key"):
        ff.complete(config)


def test_variants_are_no_longer_than_the_data():
    with pytest.raises(UserError, match=r"frozen_frames: got 300; .+ models\.wide\.lags-400\.lags"):
        ff.complete(toy(setting="lags", values=[20, 400]))
    with pytest.raises(UserError, match=r"models\.wide\.lags-3\.temporal_basis: got 4"):
        ff.complete(toy(setting="lags", values=[3, 20]))
    with pytest.raises(UserError, match=r"models\.wide\.validation_fraction-1e-05\.valid"):
        ff.complete(toy(setting="validation_fraction", values=[0.1, 0.00001]))
    # Only where they are trained: the recorded dataset's sweep is none of the toy's.
    config = base()
    config["datasets"]["eye"]["sweeps"]["data"] |= {"setting": "lags", "values": [20, 400]}
    ff.complete(config)


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
    full = ff.complete(config)
    ff.check_recordings(full)
    assert ff.swept(full, "eye") == {"lags": ["0", "1", "2"]}
    sweep["cells"] = [0, 3]
    with pytest.raises(UserError, match=r"datasets\.eye\.sweeps\.lags\.cells: got cell 3"):
        ff.check_recordings(ff.complete(config))
    sweep |= {"cells": [2], "values": [10, 55]}
    with pytest.raises(UserError, match=r"models\.a\.lags-55\.lags: got 55; .+ of the frozen"):
        ff.check_recordings(ff.complete(config))
    sweep["values"] = [10, 30]
    with pytest.raises(UserError, match=r"models\.a\.lags-30\.validation_fraction"):
        ff.check_recordings(ff.complete(config))


# Scores


def test_the_loss_is_that_of_the_kept_check():
    curves = {"step": ("epoch", [10, 20, 30]), "validation_loss": ("epoch", [3.0, 1.5, 2.0])}
    model = xr.Dataset(curves | {"best_step": 20, "correlation": 0.7})
    filters = xr.Dataset({"n_found": 4})
    matching = xr.Dataset({"recall": 0.5, "precision": 0.25, "cosine": ("subunit", [1.0, 0.5])})
    found = {"correlation": 0.7, "validation_loss": 1.5, "n_found": 4}
    assert scores(model, filters, None) == found
    known = {"recall": 0.5, "precision": 0.25, "mean_cosine": 0.75}
    assert scores(model, filters, matching) == found | known


def table(n_models=2, values=(0.1, 0.3, 1), n_cells=5, missing=0.3):
    """Random scores as a table, with gaps."""
    rng = np.random.default_rng(5)
    names = [["wide", "deep"][:n_models], list(values), [f"c{i}" for i in range(n_cells)]]
    index = pd.MultiIndex.from_product(names, names=["model", "value", "cell"])
    columns = ["correlation", "validation_loss", "n_found", "recall", "precision", "mean_cosine"]
    numbers = pd.DataFrame(rng.random((len(index), len(columns))), index, columns)
    return numbers.mask(rng.random(numbers.shape) < missing)


def dataset(numbers, simulated=True):
    """The same, collected."""
    names = {name: list(numbers.index.unique(name)) for name in numbers.index.names}
    rows = [row.dropna().to_dict() for _, row in numbers.iterrows()]
    rows = [row or {"note": "dropped: silent"} for row in rows]
    return collect(rows, names, simulated)


def test_statistics_over_cells_are_those_of_pandas():
    numbers = table()
    numbers.iloc[3] = np.nan  # a dropped cell
    recall = numbers.columns.get_loc("recall")
    numbers.iloc[25:30, recall] = np.nan  # a score that none has
    numbers.iloc[10:15, recall] = [0.5, *[np.nan] * 4]  # and one that one has
    data = dataset(numbers)
    for score in numbers:
        found = data[score].to_series()
        pd.testing.assert_series_equal(found, numbers[score], check_index_type=False)
        grouped = numbers[score].groupby(["model", "value"], sort=False)
        for name, expected in (
            ("mean", grouped.mean()),
            ("sd", grouped.std()),
            ("n", grouped.count()),
        ):
            found = data[f"{score}_{name}"].to_series()
            pd.testing.assert_series_equal(
                found, expected, check_names=False, check_index_type=False
            )
    assert data["note"].values.ravel().tolist().count("dropped: silent") == 1
    assert data["note"].values.ravel()[3] == "dropped: silent"


def test_recorded_cells_have_no_scores_of_known_subunits(tmp_path):
    data = dataset(table(), simulated=False)
    assert "n_found_mean" in data and not {"recall", "precision_n", "mean_cosine"} & set(data)
    store.write(tmp_path / "sweep.nc", data)
    again = store.read(tmp_path / "sweep.nc")
    xr.testing.assert_equal(again, data)
    assert again["correlation_sd"].attrs["long_name"].endswith("SD over cells")


# The figure


def figure_of(numbers, simulated=True, **attributes):
    data = store.describe(dataset(numbers, simulated))
    data["value"].attrs |= attributes
    return sweep_figure(data, STYLE)


@pytest.mark.parametrize("n_cells", [1, 12])
@pytest.mark.parametrize("n_models", [1, 2])
def test_the_figure_has_a_line_for_each_cell_and_its_mean(n_cells, n_models):
    numbers = table(n_models, (0.01, 0.1, 1), n_cells, missing=0)
    figure = figure_of(numbers, long_name="data_fraction")
    assert len(figure.axes) == 4
    for axes, score in zip(
        figure.axes, ("correlation", "recall", "precision", "n_found"), strict=True
    ):
        assert axes.get_xscale() == "log"
        assert axes.get_title() == f"n = {n_cells} cell{'s'[: n_cells != 1]}"
        assert len(axes.lines) == n_models * (n_cells + 1 if n_cells > 1 else 1)
        assert len(axes.collections) == n_models * (n_cells > 1)
        (first,) = [line for line in axes.lines if line.get_marker() == "o"]
        mean = numbers.query("model == 'wide'")[score].groupby("value").mean()
        np.testing.assert_allclose(first.get_ydata(), mean)
        np.testing.assert_allclose(first.get_xdata(), mean.index)
        assert same_color(first.get_color(), STYLE["predicted_color"])
        assert all(low < value < high for value in mean for low, high in [axes.get_ylim()])
    text = words(figure)
    assert "data_fraction" in text and "Pearson correlation" in text and "wide" in text
    assert ("deep" in text) == (n_models > 1) and ("SD over cells" in text) == (n_cells > 1)
    assert_text_is_clear(figure)


def test_values_are_in_order_on_a_fitting_axis():
    def axes_of(values):
        return figure_of(table(1, values, 2, missing=0), simulated=False).axes[0]

    unordered = axes_of((8, 2, 4))
    assert unordered.get_xscale() == "linear"
    assert unordered.lines[-1].get_xdata().tolist() == [2, 4, 8]
    assert axes_of((0, 0.1, 0.5)).get_xscale() == "linear"
    text = axes_of(("9", "5", "crop"))
    assert [tick.get_text() for tick in text.get_xticklabels()] == ["9", "5", "crop"]
    assert text.lines[-1].get_xdata().tolist() == [0, 1, 2]
    many = axes_of(tuple(range(1, 60)))
    assert 4 < sum(bool(tick.get_text()) for tick in many.get_xticklabels()) < 15


def test_what_is_missing_is_counted():
    numbers = table(2, (1, 2, 3), 6, missing=0)
    numbers.iloc[[0, 4]] = np.nan
    text = words(figure_of(numbers))
    assert "2 of 36 networks without a correlation" in text and "n = 4 to 6 cells" in text
    figure = figure_of(numbers * np.nan, simulated=False)
    assert "36 of 36 networks" in words(figure)
    assert words(figure).count("undefined") == 2 and "n = 0 cells" in words(figure)
    assert_text_is_clear(figure)
