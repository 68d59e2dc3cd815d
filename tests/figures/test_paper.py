"""Composites as a paper prints them: their panels, and text that can be read."""

from dataclasses import replace

import numpy as np
import pytest
import xarray as xr
from helpers.figures import STYLE, assert_text_is_clear, words
from helpers.pages import page
from matplotlib.collections import QuadMesh

from finefield.figures import (
    between_figure,
    circuit_figure,
    judged_figure,
    recorded_figure,
    sweeps_figure,
    transferred_figure,
)
from finefield.figures.parts import Parts
from finefield.figures.sweep import sweep_figure

from .test_cell import PAGES
from .test_mosaic import found
from .test_transfer import whole_grid

LONG = "g" * 38


def frames(side=8, n_frames=3, width=None):
    """Binary noise."""
    rng = np.random.default_rng(1)
    values = rng.choice([-0.5, 0.5], (n_frames, side, width or side))
    about = {"frame_rate": 30.0, "pixel_size": 30.0}
    return xr.DataArray(values, {"frame": np.arange(n_frames)}, ("frame", "y", "x"), attrs=about)


def sweep(n_models=1, n_cells=3, values=(1, 2, 4, 8)):
    """A sweep's file."""
    rng = np.random.default_rng(6)
    names = {"model": [f"network_{n}" for n in range(n_models)], "value": list(values)}
    data = xr.Dataset(coords=names | {"cell": [f"cell_{n}" for n in range(n_cells)]})
    data["value"].attrs = {"long_name": "filters of a network", "units": "1"}
    for name in ("correlation", "recall", "precision", "n_found"):
        scores = rng.uniform(0.2, 1, (n_models, len(values), n_cells)) * (1 + 4 * (name[0] == "n"))
        data[name] = ("model", "value", "cell"), scores, {"long_name": name, "units": "1"}
        data[f"{name}_mean"], data[f"{name}_sd"] = data[name].mean("cell"), data[name].std("cell")
        data[f"{name}_n"] = data[name].notnull().sum("cell")
    return data


SIMULATED = [kind for kind in PAGES if kind != "recorded" and PAGES[kind]["n_subunits"]]


@pytest.mark.parametrize("kind", SIMULATED)
def test_the_circuit_has_its_panels(kind):
    data = Parts(**page(**PAGES[kind]))
    figure = circuit_figure(data, frames(PAGES[kind]["side"]), STYLE)
    text = words(figure)
    for part in (
        "Stimulus white_noise", "pixels of 30 µm", "Known subunits (n =", "Temporal filters",
        "STA, spatial part", "Effective filters (n =", "Responses to the frozen sequence", "0.03 s",
        " | a | ", " | f | ",
    ):  # fmt: skip
        assert part in f" | {text}", part
    grey = [one for axes in figure.axes for one in axes.images if one.cmap.name == "gray"]
    assert len(grey) == 3 and {(one.norm.vmin, one.norm.vmax) for one in grey} == {(-0.5, 0.5)}
    assert_text_is_clear(figure)


@pytest.mark.parametrize("kind", SIMULATED)
def test_filters_stand_against_the_known_subunits(kind):
    data = Parts(**page(**PAGES[kind]))
    figure = judged_figure(data, STYLE)
    text = words(figure)
    number = data.found.sizes["found"]
    assert f"and those found (n = {number})" in text and "at random places" in text
    (matrix, *_) = [one for axes in figure.axes for one in axes.collections
                    if isinstance(one, QuadMesh)] or [None]  # fmt: skip
    if number:
        expected = data.matching["found_cosine"].values
        shown = matrix.get_array().reshape(expected.shape)
        np.testing.assert_allclose(np.sort(shown), np.sort(expected))
        matched = [one for one in data.matching["matched_found"].values if one >= 0]
        np.testing.assert_allclose(shown[:, : len(matched)], expected[:, matched])
    else:
        assert "no subunit was found" in text
    assert_text_is_clear(figure)


@pytest.mark.parametrize("n_cells", [1, 3])
@pytest.mark.parametrize("keys", [{}, {"tested_on": "blocks"}, {"n_found": 0}, {"broken": True}])
def test_recorded_cells_have_a_row_each(n_cells, keys):
    cells = [Parts(**page(0, 6, 24, **{"n_found": 3} | keys)) for _ in range(n_cells)]
    figure = recorded_figure(cells, STYLE)
    text = words(figure)
    assert text.count("cell midget_1") == n_cells and text.count("LN model, r = ") == n_cells
    assert "SNR 12.3" in text and "error" not in text
    assert_text_is_clear(figure)


@pytest.mark.parametrize(("n_sweeps", "n_models"), [(1, 1), (3, 2), (7, 1)])
def test_sweeps_have_a_row_each(n_sweeps, n_models):
    names = [f"{LONG}_{number}" for number in range(n_sweeps)]
    figure = sweeps_figure({name: sweep(n_models) for name in names}, STYLE)
    assert len(figure.axes) == 4 * min(4, n_sweeps)
    assert ("the first 4 of 7 sweeps" in words(figure)) == (n_sweeps > 4)
    alone = sweep_figure(sweep(n_models), STYLE)
    for one, other in zip(alone.axes, figure.axes, strict=False):
        for drawn, again in zip(one.lines, other.lines, strict=True):
            np.testing.assert_array_equal(drawn.get_xydata(), again.get_xydata())
    assert_text_is_clear(figure)


@pytest.mark.parametrize("n_cells", [2, 20, 200])
@pytest.mark.parametrize("letters", [2, 40])
def test_a_grid_stands_beside_what_explains_it(n_cells, letters):
    data = whole_grid(n_cells)
    for name, value in (("own_advantage", 0.3), ("own_advantage_p", 0.02)):
        data[name] = ("train_stimulus", "test_stimulus"), np.full((2, 2), value)
    data["own_advantage_n"] = ("train_stimulus", "test_stimulus"), np.full((2, 2), n_cells)
    cells = [f"{number:x}".rjust(letters, "g") for number in range(n_cells)]
    figure = transferred_figure(data.assign_coords(source_cell=cells, target_cell=cells), STYLE)
    text = words(figure)
    assert f"median 0.30 over {n_cells} target cells, p = 0.02" in text
    assert f"n = {n_cells} source and {n_cells} target cells" in text
    assert_text_is_clear(figure)
    data["own_advantage_n"][:] = 0
    assert "median" not in words(transferred_figure(data, STYLE))


@pytest.mark.parametrize("numbers", [[3, 5], [4, 0, 2, 7, 1, 3]])
@pytest.mark.parametrize("stimuli", [("white_noise", "natural_images"), (LONG, "two", "three")])
def test_a_stimulus_stands_beside_what_is_found_with_it(numbers, stimuli):
    subunits, cells = found(numbers)
    subunits = {name: subunits.assign_attrs(stimulus=name) for name in stimuli}
    grid = whole_grid(len(numbers), len(stimuli))
    renamed = {f"{kind}_stimulus": list(stimuli) for kind in ("train", "test")}
    shown = {name: frames(26, 1, 36) for name in stimuli}
    grids = {"finefield": grid.assign_coords(**renamed)}
    figure = between_figure(shown, subunits, cells, grids, STYLE)
    panels = [axes for axes in figure.axes if axes.get_title().startswith("cell_")]
    names = [number for number in numbers if number][:4]
    assert [len(axes.patches) - 1 for axes in panels] == names * len(stimuli)
    assert len({axes.get_xlim() for axes in panels}) == 1
    assert_text_is_clear(figure)
    none = {name: one.assign(share=one["share"] * np.nan) for name, one in subunits.items()}
    assert "no subunit found" in words(between_figure(shown, none, cells, grids, STYLE))


def test_a_dropped_cell_is_left_out(tmp_path):
    """Of two cells whose files say so, none is read."""
    from finefield.figures import read_kept
    from finefield.files import store

    paths = [tmp_path / f"{name}.nc" for name in ("one", "two")]
    for path in paths:
        store.write_dropped(path, "silent")
    files = dict.fromkeys(("cell", "sta", "model", "filters", "responses"), paths)
    assert read_kept(files, {"model": "net", "stimulus": "noise"}) == []
    assert replace(Parts(**page()), pruning=None).pruning is None
