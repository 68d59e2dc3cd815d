"""What holds of every figure of many cells: text is free, and scales are true."""

import numpy as np
import pandas as pd
import pytest
from helpers.figures import STYLE, assert_text_is_clear, words
from helpers.pages import page
from matplotlib.figure import Figure

from finefield.figures import cell_figure, maps, style
from finefield.figures.field import field_figure
from finefield.figures.labels import write_free
from finefield.figures.page.zoom import zoomed
from finefield.figures.subunits.mosaic import mosaic_figure
from finefield.figures.subunits.population import subunits_figure
from finefield.figures.summary import summary_figure
from finefield.figures.transfer import grid, similarity, stimuli

from . import test_field, test_mosaic, test_subunits, test_transfer


def names(n_cells, letters):
    """Names of so many letters; the last ones differ."""
    return [f"{number:x}".rjust(letters, "g") for number in range(n_cells)]


def summary_of(cells, stimuli):
    """Scores of two networks, equal for all cells."""
    rows = [{"cell": cell, "model": model, "stimulus": stimulus, "ln_correlation": 0.5,
             "correlation": 0.6} for cell in cells for model in ("one", "two" * 10)
            for stimulus in stimuli]  # fmt: skip
    return summary_figure(pd.DataFrame(rows), STYLE)


def grid_of(cells, names_of_stimuli):
    data = test_transfer.whole_grid(len(cells), len(names_of_stimuli))
    renamed = {f"{kind}_stimulus": names_of_stimuli for kind in ("train", "test")}
    return data.assign_coords(source_cell=cells, target_cell=cells, **renamed)


FIGURES = {
    "summary": summary_of,
    "transfer": lambda cells, kinds: grid.transfer_figure(grid_of(cells, kinds), STYLE),
    "similarity": lambda cells, kinds: similarity.similarity_figure(grid_of(cells, kinds), STYLE),
    "stimuli": lambda cells, kinds: stimuli.stimuli_figure(
        {kind: grid_of(cells, kinds) for kind in ("one", "two" * 10)}, STYLE
    ),
    "field": lambda cells, _: field_figure(
        test_field.cells_table(len(cells)).assign_coords(cell=cells), STYLE
    ),
    "subunits": lambda cells, _: subunits_figure(
        test_subunits.population(len(cells), simulated=True, names=cells), STYLE
    ),
    "mosaic": lambda cells, _: mosaic_figure(
        *(one.assign_coords(cell=cells) for one in test_mosaic.found([4] * len(cells))), STYLE
    ),
}


@pytest.mark.parametrize("kind", FIGURES)
@pytest.mark.parametrize(
    ("n_cells", "letters", "n_stimuli"), [(2, 2, 3), (20, 40, 1), (20, 2, 3), (200, 40, 3)]
)
def test_text_is_free_for_few_and_many_cells_and_for_short_and_long_names(
    kind, n_cells, letters, n_stimuli
):
    if kind in ("stimuli", "transfer") and n_cells == 200:
        n_stimuli = 1 + (kind == "stimuli")
    kinds = ["white_noise", "natural_images", "s" * 40][:n_stimuli]
    if kind == "stimuli" and n_stimuli == 1:
        pytest.skip("is drawn of several stimuli alone")
    assert_text_is_clear(FIGURES[kind](names(n_cells, letters), kinds))


def test_equal_scores_have_each_a_name():
    text = words(summary_of(["left", "right", "upper"], ["white_noise"]))
    assert all(name in text for name in ("left", "right", "upper", "one (n = 3 cells)"))


def length_of_bar(axes):
    """Length of the scale bar of a map, in units of the map."""
    (bar,) = [one for one in axes.lines if one.get_transform() == axes.transAxes]
    start, end = bar.get_xdata()
    left, right = sorted(axes.get_xlim())
    return (end - start) * (right - left)


@pytest.mark.parametrize(("width", "pixel_size"), [(8, 30.0), (24, 30.0), (50, 7.5), (6, 105.0)])
def test_a_scale_bar_is_as_long_as_it_says(width, pixel_size):
    axes = Figure().subplots()
    maps.show_map(axes, np.zeros((width, width)), maps.centred_norm(np.ones(1)), STYLE)
    said = float(maps.scale_bar(axes, width, pixel_size).get_text().removesuffix(" µm"))
    assert length_of_bar(axes) * pixel_size == pytest.approx(said)
    assert 0.1 * width * pixel_size < said <= 0.4 * width * pixel_size


def test_scale_bars_of_a_page_are_true_where_maps_are_cut():
    figure = cell_figure(**page(0, 4, 24, n_found=2), style=STYLE)
    barred = [axes for axes in figure.axes if any("µm" in one.get_text() for one in axes.texts)]
    assert len(barred) == 3
    for axes in barred:
        (said,) = [float(one.get_text()[:-3]) for one in axes.texts if "µm" in one.get_text()]
        assert 30.0 * length_of_bar(axes) == pytest.approx(said)


def test_cut_filters_are_whole_and_in_one_size():
    rng = np.random.default_rng(0)
    images = np.zeros((3, 40, 40))
    images[0, 3:8, 30:38] = rng.uniform(0.5, 1, (5, 8))
    images[1, 20:23, 0:3] = -1.0
    images[2] = rng.standard_normal((40, 40))  # a null filter, which decides nothing
    cut = zoomed(images, np.array([True, True, False]))
    assert cut.shape == (3, 10, 10)
    for whole, part in zip(images[:2], cut[:2], strict=True):
        assert part.sum() == pytest.approx(whole.sum())
    assert zoomed(images[2:], np.array([False])).shape == (1, 40, 40)


def test_names_that_are_too_long_stay_distinct():
    same = ["a" * 30 + "b" * number + "c" * 30 for number in range(5)]
    assert len(set(style.brief(same))) == 5
    assert max(map(len, style.brief(same))) <= style.LETTERS


def test_words_are_written_where_they_are_free_or_not_at_all():
    axes = Figure().subplots()
    axes.set(xlim=(0, 1), ylim=(0, 1))
    crowd = [[(0.5, 0.5), (0.5, 0.9)]] * 3
    one, two, three = write_free(axes, ["first", "second", "third"], crowd)
    assert (one.get_position(), two.get_position(), three) == ((0.5, 0.5), (0.5, 0.9), None)
    (outside,) = write_free(axes, ["beyond"], [[(1.0, 0.5)]])
    assert outside is None
