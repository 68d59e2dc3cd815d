"""Figures of a transfer grid: numbers, clusters, similarity and stimuli."""

import numpy as np
import pytest
import xarray as xr
from helpers.figures import STYLE, assert_text_is_clear, described, words
from matplotlib.collections import QuadMesh

from finefield.figures import similarity_figure, stimuli_figure, transfer_figure
from finefield.figures.transfer.grid import in_clusters


def transfer(n_cells, n_stimuli, missing=2):
    rng = np.random.default_rng(2)
    score = rng.uniform(-0.1, 0.9, (n_stimuli, n_stimuli, n_cells, n_cells))
    score.flat[1 : 1 + missing] = np.nan
    cells, stimuli = (
        [f"cell_{n}" for n in range(n_cells)],
        ["white_noise", "natural_images", "dead_leaves"][:n_stimuli],
    )
    names = {
        "train_stimulus": stimuli,
        "test_stimulus": stimuli,
        "source_cell": cells,
        "target_cell": cells,
    }
    return described(xr.Dataset({"correlation": (list(names), score)}, names))


def meshes(figure):
    """Heat maps, without the colour bar, whose limits are the same."""
    found = [one for axes in figure.axes[:-1] for one in axes.collections
             if isinstance(one, QuadMesh)]  # fmt: skip
    assert len({(one.norm.vmin, one.norm.vmax) for one in found}) == 1
    return found


def test_transfer_writes_numbers_and_counts_missing_ones():
    scores = transfer(3, 2)
    figure = transfer_figure(scores, STYLE)
    text = words(figure)
    assert "tested on natural_images" in text and "n = 3 source and 3 target cells" in text
    assert "2 of 36 pairs without a correlation" in text
    written = [one.get_text() for axes in figure.axes for one in axes.texts]
    there = scores["correlation"].values[np.isfinite(scores["correlation"].values)].round(2)
    expected = [f"{score + 0.0:.2f}".replace("-", "\N{MINUS SIGN}") for score in there]
    assert sorted(filter(None, written)) == sorted(expected)
    assert len(meshes(figure)) == 4
    assert_text_is_clear(figure)


def test_transfer_of_many_cells_has_no_numbers_and_nothing_missing_is_nothing_said():
    figure = transfer_figure(transfer(20, 1, missing=0), STYLE)
    assert not any(axes.texts for axes in figure.axes)
    assert "without a correlation" not in words(figure)


def test_transfer_without_any_score_is_drawn():
    scores = transfer(2, 1)
    scores["correlation"][:] = np.nan
    assert "4 of 4 pairs" in words(transfer_figure(scores, STYLE))


def whole_grid(n_cells, n_stimuli=2):
    """A grid with what `transfer_grid` adds, two types of cells in turn."""
    data = transfer(n_cells, n_stimuli, missing=1).drop_attrs()
    rng = np.random.default_rng(4)
    pairs, cells = ("train_stimulus", "test_stimulus"), ("source_cell", "target_cell")
    types = np.arange(n_cells) % 2
    place = np.argsort(np.argsort(types, kind="stable")).astype(float)
    values = {"cluster": types.astype(float), "cluster_order": place}
    square = (n_stimuli, n_stimuli)
    values = {
        name: ((*pairs, "target_cell"), np.tile(one, (*square, 1))) for name, one in values.items()
    }
    for name in ("subunit", "temporal"):
        similarity = rng.random((n_stimuli, n_cells, n_cells))
        values[f"{name}_similarity"] = (("train_stimulus", *cells), similarity)
        values[f"{name}_relation"] = (pairs, np.full(square, 0.42))
        values[f"{name}_relation_p"] = (pairs, np.full(square, 0.017))
    return described(data.assign(values))


def test_cells_stand_in_the_order_of_clusters():
    data = whole_grid(6)
    ordered, ends = in_clusters(data)
    assert ordered["target_cell"].values.tolist() == [f"cell_{n}" for n in (0, 2, 4, 1, 3, 5)]
    assert ordered["source_cell"].values.tolist() == ordered["target_cell"].values.tolist()
    assert ends == [3]
    figure = transfer_figure(data, STYLE)
    assert "in the order of clusters of mutual transfer, trained and tested on white_noise" in (
        words(figure)
    )
    assert_text_is_clear(figure)


def test_similarity_shows_pairs_of_different_cells_and_their_relation():
    figure = similarity_figure(whole_grid(6), STYLE)
    shown = [axes.collections[0].get_offsets() for axes in figure.axes]
    assert len(shown) == 4
    assert all(np.isfinite(one).all(1).sum() in (29, 30) for one in map(np.ma.getdata, shown))
    text = words(figure)
    assert "rank correlation 0.42" in text and "p = 0.017" in text and "30 pairs" in text
    assert_text_is_clear(figure)


def test_stimuli_shows_each_cells_networks_of_either_stimulus():
    grids = {"finefield": whole_grid(4), "ln": whole_grid(4)}
    grids["ln"]["correlation"] = grids["ln"]["correlation"] / 2
    figure = stimuli_figure(grids, STYLE)
    scores = grids["finefield"]["correlation"]
    panel = figure.axes[0]  # trained on white noise, tested on natural images
    expected = [[scores[1, 1, one, one].item(), scores[0, 1, one, one].item()] for one in range(4)]
    points = np.concatenate([expected, np.array(expected) / 2])
    np.testing.assert_allclose(panel.collections[0].get_offsets(), points)
    assert "finefield (n = 4" in words(figure)


@pytest.mark.parametrize(("least", "centred"), [(-0.02, True), (0.1, False)])
def test_a_colour_scale_is_centred_at_zero_or_begins_there(least, centred):
    scores = transfer(4, 2, missing=0)
    scores["correlation"][:] = np.linspace(least, 0.9, 64).reshape(2, 2, 4, 4)
    found, *_ = meshes(transfer_figure(scores, STYLE))
    assert found.norm.vmax == 0.9
    assert found.norm.vmin == (-0.9 if centred else 0)
    assert found.cmap.name == ("RdBu_r" if centred else "viridis")


def test_similarities_that_are_the_same_are_said_and_not_drawn():
    data = whole_grid(6)
    data["temporal_similarity"][:] = 0.9997 + 0.0003 * data["temporal_similarity"]
    figure = similarity_figure(data, STYLE)
    assert [len(axes.collections) for axes in figure.axes] == [1, 0, 1, 0]
    assert words(figure).count("The temporal filters of all cells are the same") == 2
    assert_text_is_clear(figure)
    data["subunit_similarity"][:] = 0.3
    text = words(similarity_figure(data, STYLE))
    assert "The subunits of all cells are equally alike: similarity 0.3000 |" in text


def test_stimuli_has_the_limits_of_its_points_in_all_panels():
    data = whole_grid(6)
    data["correlation"] = 0.9 + 0.02 * data["correlation"]
    figure = stimuli_figure({"finefield": data}, STYLE)
    limits = {axes.get_xlim() for axes in figure.axes} | {axes.get_ylim() for axes in figure.axes}
    ((low, high),) = limits
    points = np.concatenate([axes.collections[0].get_offsets() for axes in figure.axes]).ravel()
    assert low < points.min() < points.max() < high
    assert high - low == pytest.approx(0.1), (
        "as wide as an axis must be, which is wider than its points"
    )
    assert_text_is_clear(figure)
