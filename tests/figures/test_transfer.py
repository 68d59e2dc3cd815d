"""Figures of a transfer grid: numbers, clusters, similarity and stimuli."""

import numpy as np
import xarray as xr
from helpers.figures import STYLE, assert_text_is_clear, described, words

from finefield.figures import transfer as transfer_figures


def transfer(n_cells, n_stimuli, missing=2):
    rng = np.random.default_rng(2)
    score = rng.uniform(-0.1, 0.9, (n_stimuli, n_stimuli, n_cells, n_cells))
    score.flat[1 : 1 + missing] = np.nan
    cells, stimuli = (
        [f"cell_{n}" for n in range(n_cells)],
        ["white_noise", "natural_images"][:n_stimuli],
    )
    names = {
        "train_stimulus": stimuli,
        "test_stimulus": stimuli,
        "source_cell": cells,
        "target_cell": cells,
    }
    return described(xr.Dataset({"correlation": (list(names), score)}, names))


def test_transfer_writes_numbers_and_counts_missing_ones():
    scores = transfer(3, 2)
    figure = transfer_figures.transfer_figure(scores, STYLE)
    text = words(figure)
    assert "tested on natural_images" in text and "n = 3 source and 3 target cells" in text
    assert "2 of 36 pairs without a correlation" in text
    assert "Pearson correlation of predicted and measured rate" in text
    written = [one.get_text() for axes in figure.axes for one in axes.texts]
    assert len(written) == 34
    assert len({one.norm for axes in figure.axes for one in axes.images}) == 1
    assert_text_is_clear(figure)


def test_transfer_of_many_cells_has_no_numbers_and_nothing_missing_is_nothing_said():
    figure = transfer_figures.transfer_figure(transfer(20, 1, missing=0), STYLE)
    assert not any(axes.texts for axes in figure.axes)
    assert "without a correlation" not in words(figure)


def test_transfer_without_any_score_is_drawn():
    scores = transfer(2, 1)
    scores["correlation"][:] = np.nan
    assert "4 of 4 pairs" in words(transfer_figures.transfer_figure(scores, STYLE))


def whole_grid(n_cells):
    """A grid with what `transfer_grid` adds, two types of cells in turn."""
    data = transfer(n_cells, 2, missing=1).drop_attrs()
    rng = np.random.default_rng(4)
    pairs, cells = ("train_stimulus", "test_stimulus"), ("source_cell", "target_cell")
    types = np.arange(n_cells) % 2
    place = np.argsort(np.argsort(types, kind="stable")).astype(float)
    values = {"cluster": types.astype(float), "cluster_order": place}
    values = {
        name: ((*pairs, "target_cell"), np.tile(one, (2, 2, 1))) for name, one in values.items()
    }
    for name in ("subunit", "temporal"):
        similarity = rng.random((2, n_cells, n_cells))
        values[f"{name}_similarity"] = (("train_stimulus", *cells), similarity)
        values[f"{name}_relation"] = (pairs, np.full((2, 2), 0.42))
        values[f"{name}_relation_p"] = (pairs, np.full((2, 2), 0.017))
    return described(data.assign(values))


def test_cells_stand_in_the_order_of_clusters():
    data = whole_grid(6)
    ordered, ends = transfer_figures.in_clusters(data)
    assert ordered["target_cell"].values.tolist() == [f"cell_{n}" for n in (0, 2, 4, 1, 3, 5)]
    assert ordered["source_cell"].values.tolist() == ordered["target_cell"].values.tolist()
    assert ends == [3]
    figure = transfer_figures.transfer_figure(data, STYLE)
    assert "in the order of clusters" in words(figure)
    assert_text_is_clear(figure)


def test_similarity_shows_pairs_of_different_cells_and_their_relation():
    figure = transfer_figures.similarity_figure(whole_grid(6), STYLE)
    shown = [axes.collections[0].get_offsets() for axes in figure.axes]
    assert len(shown) == 4
    assert all(np.isfinite(one).all(1).sum() in (29, 30) for one in map(np.ma.getdata, shown))
    text = words(figure)
    assert "rank correlation 0.42" in text and "p = 0.017" in text and "30 pairs" in text
    assert_text_is_clear(figure)


def test_stimuli_shows_each_cells_networks_of_either_stimulus():
    grids = {"finefield": whole_grid(4), "ln": whole_grid(4)}
    grids["ln"]["correlation"] = grids["ln"]["correlation"] / 2
    figure = transfer_figures.stimuli_figure(grids, STYLE)
    scores = grids["finefield"]["correlation"]
    panel = figure.axes[0]  # trained on white noise, tested on natural images
    expected = [[scores[1, 1, one, one].item(), scores[0, 1, one, one].item()] for one in range(4)]
    np.testing.assert_allclose(panel.collections[0].get_offsets(), expected)
    np.testing.assert_allclose(panel.collections[1].get_offsets(), np.array(expected) / 2)
    assert "finefield (n = 4" in words(figure)
