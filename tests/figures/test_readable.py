"""What holds of every figure of many cells: text is free, and scales are true."""

import time

import numpy as np
import pandas as pd
import pytest
from helpers.figures import STYLE, assert_text_is_clear, words
from helpers.pages import bars_page, page
from matplotlib.figure import Figure

from finefield.figures import (
    cell_figure,
    circuit_figure,
    judged_figure,
    maps,
    recorded_figure,
    style,
    sweep_figure,
)
from finefield.figures.field import field_figure
from finefield.figures.labels import whole_numbers, write_free
from finefield.figures.page.zoom import zoomed
from finefield.figures.parts import Parts
from finefield.figures.subunits.mosaic import mosaic_figure
from finefield.figures.subunits.population import subunits_figure
from finefield.figures.summary import summary_figure
from finefield.figures.transfer import grid, similarity, stimuli

from . import test_field, test_mosaic, test_paper, test_subunits, test_transfer

LONG = "g" * 38


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
    begin = time.process_time()
    figure = FIGURES[kind](names(n_cells, letters), kinds)
    assert time.process_time() - begin < 20
    assert figure.get_size_inches()[1] < 11.7, "a page's height"
    assert_text_is_clear(figure)


PAGES = {
    "cell": lambda data: cell_figure(**data, style=STYLE),
    "circuit": lambda data: circuit_figure(Parts(**data), test_paper.frames(1, 3, 8), STYLE),
    "judged": lambda data: judged_figure(Parts(**data), STYLE),
    "recorded": lambda data: recorded_figure([Parts(**data)], STYLE),
}


@pytest.mark.parametrize("kind", PAGES)
def test_three_long_names_have_room_in_a_title(kind):
    data, name = page(), "parvocellular_ganglion_cell_of_patch_12"
    data["cell"] = data["cell"].assign_coords(cell=name)
    data["model"].attrs |= {"model": name, "stimulus": name}
    figure = PAGES[kind](data)
    assert "cell parvocel…atch_12 · parvocel…atch_12 · parvocel…" in words(figure)
    assert_text_is_clear(figure)


@pytest.mark.parametrize("kind", PAGES)
def test_bars_of_a_field_of_one_row_fill_their_maps(kind):
    figure = PAGES[kind](bars_page())
    drawn = [
        axes for axes in figure.axes if axes.images and axes.images[0].get_array().shape[0] == 1
    ]
    assert len(drawn) > 1
    for axes in drawn:
        assert axes.get_aspect() == "auto" and axes.get_ylim() == (0.5, -0.5)
        assert np.isfinite(axes.images[0].get_array()).all()
    assert_text_is_clear(figure)


def test_a_field_of_one_row_is_a_band():
    table = test_field.cells_table(6)
    table.attrs["field_height"] = 1
    table["rf_y"][:] = 0
    figure = field_figure(table, STYLE)
    assert style.size_of(figure.axes[0]) == pytest.approx((6.9, maps.THIN))
    assert_text_is_clear(figure)


def test_numbers_stand_beside_ellipses_that_do_not_hold_them():
    table = test_field.cells_table(2)
    table["rf_y"][:], table["rf_x"][:] = [40, 100], [50, 150]
    for name in ("rf_major", "rf_minor"):
        table[name] = "cell", [30.0, 900.0]
    small, large = field_figure(table, STYLE).axes[0].texts[1:]
    assert small.get_position()[0] > 51.5 and large.get_position() == (150, 100)


def test_many_cells_of_a_sweep_are_their_mean_and_a_band():
    few, many = (sweep_figure(test_paper.sweep(2, number), STYLE) for number in (30, 31))
    assert [len(figure.axes[0].lines) for figure in (few, many)] == [62, 2]
    assert "thin" in words(few) and "thin" not in words(many) and "band: SD" in words(many)
    assert_text_is_clear(sweep_figure(test_paper.sweep(values=["none", "1", LONG]), STYLE))


@pytest.mark.parametrize(("n_cells", "framed"), [(4, True), (60, False)])
def test_a_grids_note_speaks_of_frames_that_are_there(n_cells, framed):
    figure = grid.transfer_figure(test_transfer.whole_grid(n_cells), STYLE)
    frames = [one for one in figure.axes[0].patches if one.get_path_effects()]
    assert len(frames) == n_cells * framed
    text = words(figure)
    assert ("framed: a cell's own" in text, "on the diagonal: a cell's own" in text) == (
        framed,
        not framed,
    )


def test_pairs_of_many_cells_are_counted_in_a_heat_map_and_none_are_said():
    many = similarity.similarity_figure(test_transfer.whole_grid(60), STYLE)
    mesh = many.axes[0].collections[0]
    assert mesh.get_array().sum() == 60 * 59 - 1 and "darker: more pairs" in words(many)
    alone = similarity.similarity_figure(test_transfer.whole_grid(1), STYLE)
    assert words(alone).count("no pair of different cells has a score") == 4
    (pair,) = similarity.similarity_figure(test_transfer.whole_grid(2, 1), STYLE).axes[:1]
    assert len(pair.collections) == 1, "of a single pair, the point"


@pytest.mark.parametrize("axis", ["xaxis", "yaxis"])
def test_ticks_of_a_single_thing_are_whole_numbers(axis):
    axes = Figure().subplots()
    axes.set(xlim=(0.5, 1.5), ylim=(1.5, 0.5))
    getattr(axes, axis).set_major_locator(whole_numbers(3))
    shown = [one for one in getattr(axes, axis).get_ticklocs() if 0.5 <= one <= 1.5]
    assert shown == [1]


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
