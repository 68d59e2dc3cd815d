"""The page of a cell: panels, labels, scores, and text that can be read."""

import numpy as np
import pytest
from helpers.figures import STYLE, assert_text_is_clear, words
from helpers.pages import page

from finefield.figures import cell

PAGES = {
    "simulated": {"n_subunits": 3, "n_filters": 8, "side": 8},
    "many": {"n_subunits": 12, "n_filters": 20, "side": 12},
    "recorded": {"n_subunits": 0, "n_filters": 16, "side": 24, "n_found": 10},
    "nothing found": {"n_subunits": 0, "n_filters": 16, "side": 24, "n_found": 0},
    "nothing found of three": {"n_subunits": 3, "n_filters": 8, "side": 8, "n_found": 0},
    "fewer filters than subunits": {"n_subunits": 3, "n_filters": 1, "side": 8},
    "undefined scores": {"n_subunits": 3, "n_filters": 8, "side": 8, "broken": True},
}


@pytest.mark.parametrize("kind", PAGES)
def test_cell_page_has_its_panels_and_labels(kind):
    data = page(**PAGES[kind])
    figure = cell.cell_figure(**data, style=STYLE)
    text = words(figure)
    for part in (
        "cell midget_1", "n = 23,456 spikes", "STA, spatial part", "µm",
        "time before the spike [ms]", "training step", "Poisson loss per spike",
        "number of filters kept", "random orders (n = 5)", "coverage 0.87, overlap",
        "first 30 of n = 50 repeats", "firing rate [Hz]", "time in the frozen sequence [s]",
        "error [Hz]", "one second of it",
    ):  # fmt: skip
        assert part in text or ("nothing" in kind and "coverage" in part), part
    maps_drawn = [one for axes in figure.axes for one in axes.images if one.cmap.name == "RdBu_r"]
    n_subunits = PAGES[kind]["n_subunits"]
    assert len(maps_drawn) == 2 + 2 * n_subunits + PAGES[kind]["n_filters"]
    assert all(one.norm.vmin == -one.norm.vmax for one in maps_drawn)
    limits = {one.norm for one in maps_drawn}
    assert len(limits) == 2 + 2 * (n_subunits > 0), "one limit per set"


def test_cell_page_states_scores_and_matches():
    text = words(cell.cell_figure(**page(), style=STYLE))
    for part in ("network, r = 0.92", "LN model, r = 0.61", "noise ceiling = 0.97",
                 "cosine | 0.99 | 0.94 | 0.89", "weight of all: 1", "size [µm] | 72 | 72 | 72",
                 "true temporal filter", "effective filters (n = 5)", "weights kept, step 3,000",
                 "recovered 2 of 3", "precision 0.60", "overlap | 0.80 | 0.80",
                 "fate | recovered | recovered | split", "drive [%] | 22 | 19 | 17 | 14",
                 "similarity 0.83, at random places 0.21 (95 %: 0.15 to 0.28)", "2 spurious",
                 "Filters by falling contribution: effective (n = 5), null in grey (n = 3)",
                 "n = 5 effective filters alone, r = 0.91"):  # fmt: skip
        assert part in text, part


def test_what_matches_no_subunit_is_counted_by_its_kind():
    data = page()
    fates = ["matched", "matched", "merger", "merger", "part"]
    data["matching"]["found_fate"] = "found", fates
    assert "2 mergers · 1 part" in words(cell.cell_figure(**data, style=STYLE))


def test_the_course_from_positions_has_stages():
    data = page()
    data["model"] = data["model"].assign_attrs(start="positions")
    text = words(cell.cell_figure(**data, style=STYLE))
    assert "training stage" in text and "weights kept, stage 3,000" in text


def test_a_cell_without_repeats_shows_a_block_and_no_ceiling():
    figure = cell.cell_figure(**page(tested_on="blocks"), style=STYLE)
    text = words(figure)
    for part in ("Responses kept for testing, the first of n = 50 block", "in the stimulus [s]"):
        assert part in text, part
    assert "repeat" not in text and "ceiling" not in text
    rasters = [one for axes in figure.axes for one in axes.images if one.cmap.name == "Greys"]
    assert [one.get_array().shape[0] for one in rasters] == [1, 1]
    assert_text_is_clear(figure)


def test_filters_of_a_recorded_cell_are_sorted_by_contribution():
    data = page(0, 4, 8)
    data["filters"]["contribution"][:] = [0.1, np.nan, 0.6, 0.3]
    data["filters"]["effective"][:] = 1
    text = words(cell.cell_figure(**data, style=STYLE))
    assert "filter | 2 | 3 | 0 | 1 | drive [%] | 60 | 30 | 10 | ? |" in text
    assert "Known subunits" not in text and "SNR 12.3" in text


def test_filters_and_subunits_of_the_other_polarity_are_named():
    data = page()
    assert "polarity" not in words(cell.cell_figure(**data, style=STYLE))
    effective, null = (np.flatnonzero(data["filters"]["effective"] == one)[0] for one in (1, 0))
    data["filters"]["temporal"][[effective, null]] = -data["sta"]["sta_temporal"]
    data["cell"]["subunit_sign"] = "subunit", [1.0, -1.0, -1.0]
    figure = cell.cell_figure(**data, style=STYLE)
    polarities = [part.split("Filters")[0] for part in words(figure).split("polarity | ")[1:]]
    assert [part.count("opposite") for part in polarities] == [2, 1]
    assert_text_is_clear(figure)


def test_subunits_found_are_drawn_with_their_ellipse_and_size():
    data = page(0, 4, 24, n_found=1)
    figure = cell.cell_figure(**data, style=STYLE)
    _, axes = [one for one in figure.axes if "STA" in one.get_title("left")]
    _, ellipse = axes.patches
    centre = data["found"]["centre_x"].item(), data["found"]["centre_y"].item()
    assert ellipse.center == centre and ellipse.angle == 30
    np.testing.assert_allclose([ellipse.width, ellipse.height], [3 * 48 / 30, 3 * 27 / 30])
    assert "diameters 72 to 72 µm" in words(figure)  # 2 sqrt(48 x 27)


def test_a_cell_page_without_subunits_says_why():
    data = page(0, 4, 8, n_found=0)
    text = words(cell.cell_figure(**data, style=STYLE))
    assert "n = 0 subunits found" in text and "| no filter is effective" in text
    data["filters"]["effective"][0] = 1
    assert "none of its places" in words(cell.cell_figure(**data, style=STYLE))
    text = words(cell.cell_figure(**page(3, 4, 8, n_found=0), style=STYLE))
    assert (
        "recovered 0 of 3" in text
        and "found | none | none | none | fate | missed | missed | missed |" in text
    )


@pytest.mark.parametrize("curve", ["none", "empty"])
def test_a_network_without_a_pruning_curve_has_no_such_panel(curve):
    data = page()
    data["pruning"] = None if curve == "none" else data["pruning"].isel(kept=slice(0))
    figure = cell.cell_figure(**data, style=STYLE)
    assert "kept" not in words(figure).replace("weights kept", "")
    assert_text_is_clear(figure)


def test_undefined_scores_are_called_so():
    text = words(cell.cell_figure(**page(broken=True), style=STYLE))
    assert "network, r = undefined" in text and "nan" not in text
    assert "no ellipse" in words(cell.cell_figure(**page(0, 1, broken=True), style=STYLE))
    assert "recovered | missed | missed |" in words(cell.cell_figure(**page(3, 1), style=STYLE))


def test_where_no_step_is_named_the_lowest_validation_loss_is_marked():
    data = page()
    data["model"] = data["model"].drop_vars("best_step")
    assert "lowest on validation data" in words(cell.cell_figure(**data, style=STYLE))


def test_ellipse_lies_on_the_receptive_field():
    data = page(0, 1, 24)
    about = data["cell"]
    figure = cell.cell_figure(**data, style=STYLE)
    (ellipse,) = [one for axes in figure.axes for one in axes.patches if hasattr(one, "angle")][:1]
    assert ellipse.center == (float(about["rf_x"]) - 5, float(about["rf_y"]) - 3)
    np.testing.assert_allclose([ellipse.width, ellipse.height], [2 * 96 / 30, 2 * 60 / 30])


def with_potential(data):
    """Arguments of a cell's page with a membrane potential."""
    data["responses"] = data["responses"].assign(
        membrane_potential=("time_step", np.linspace(-65, 20, 40_000)),
        step_duration=0.05,
        spike_time=("spike", np.array([0.5, 1.5, 0.7])),
        spike_trial=("spike", np.array([0, 0, 1])),
    )
    return data


CROWDED = {
    "four subunits": {"n_subunits": 4, "n_filters": 20, "side": 12},
    "recorded, 26": {"n_subunits": 0, "n_filters": 27, "side": 24, "n_found": 26},
    "none effective": {"n_subunits": 12, "n_filters": 20, "side": 12, "n_found": 0},
    "24 null": {"n_subunits": 0, "n_filters": 40, "side": 24, "n_found": 16},
    "24 null of known": {"n_subunits": 12, "n_filters": 36, "side": 12, "n_found": 12},
    "too many": {"n_subunits": 40, "n_filters": 90, "side": 12},
}


#: Pages that show some of the maps alone: with a potential, and always.
CUT = {"24 null of known", "too many"}, {"too many"}


@pytest.mark.parametrize("potential", [False, True])
@pytest.mark.parametrize("kind", [*PAGES, *CROWDED])
def test_a_cell_page_fits_a_sheet_and_no_text_overlaps_or_leaves_it(kind, potential):
    data = page(**(PAGES | CROWDED)[kind])
    letters = 40 if potential else 2
    data["cell"] = data["cell"].assign_coords(cell="g" * letters)
    data["model"].attrs |= {"model": "g" * letters, "stimulus": "g" * letters}
    figure = cell.cell_figure(**with_potential(data) if potential else data, style=STYLE)
    assert figure.get_size_inches()[1] <= 11.4
    assert_text_is_clear(figure)
    drawn = sum(one.cmap.name == "RdBu_r" for axes in figure.axes for one in axes.images)
    maps = 2 + 2 * data["cell"].sizes.get("subunit", 0) + data["filters"].sizes["filter"]
    assert (drawn < maps) == (" shown)" in words(figure)) == (kind in CUT[not potential])


def test_of_too_many_maps_those_that_carry_most_are_shown_and_counted():
    data = with_potential(page(40, 90, 12))
    data["found"]["share"][:] = np.arange(len(data["found"]["share"]))
    text = words(cell.cell_figure(**data, style=STYLE))
    assert "Known subunits (n = 40, 12 shown)" in text
    assert f"subunit | {' | '.join(map(str, range(28, 40)))} |" in text
    assert "effective (n = 42, 28 shown), null in grey (n = 48, 0 shown)" in text


def test_a_cell_with_a_membrane_shows_its_potential():
    figure = cell.cell_figure(**with_potential(page()), style=STYLE)
    assert "Start of the first repeat; bars: n = 2 spikes" in words(figure)


def test_errors_are_predictions_less_measured_rates_around_zero():
    data = page()
    figure = cell.cell_figure(**data, style=STYLE)
    (whole,) = [one for one in figure.axes if one.get_ylabel() == "error\n[Hz]"]
    (second,) = [one for one in figure.axes if one.get_xlabel() == "time [s]"]
    frozen = data["model_test"]
    errors = (frozen["predicted_rate"] - frozen["measured_rate"]).values
    np.testing.assert_allclose(whole.lines[1].get_ydata(), errors)
    assert whole.get_ylim()[0] == -whole.get_ylim()[1] and second.get_ylim() == whole.get_ylim()
    start, end = second.get_xlim()
    assert end - start == pytest.approx(1)
    # The second with most spikes, of all that begin with a frame.
    rate, time = frozen["measured_rate"].values, frozen["frame"].values / 30
    inside = [rate[(time > one - 0.01) & (time < one + 0.99)].sum() for one in time[:-30]]
    assert rate[(time > start - 0.01) & (time < end - 0.01)].sum() == pytest.approx(max(inside))
