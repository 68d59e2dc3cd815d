"""Scores of sweeps over cells, and the figure of them."""

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from helpers.figures import STYLE, assert_text_is_clear, described, words
from matplotlib.colors import same_color

from finefield.figures.sweep import sweep_figure
from finefield.files import store
from finefield.tables.sweeps import collect, scores, write_sweep

ABOUT = store.provenance("A test", {"seed": 3}, "made")

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
    write_sweep(tmp_path / "sweep.nc", data, "filter_size", "pixel", ABOUT)
    again = store.read(tmp_path / "sweep.nc")
    xr.testing.assert_equal(again, data)
    assert again["correlation_sd"].attrs["long_name"].endswith("SD over cells")


# The figure


def figure_of(numbers, simulated=True, **attributes):
    data = described(dataset(numbers, simulated))
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
        assert same_color(first.get_color(), STYLE.predicted_color)
        assert all(low < value < high for value in mean for low, high in [axes.get_ylim()])
    text = words(figure)
    assert "data_fraction" in text and "correlation" in text and "wide" in text
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
