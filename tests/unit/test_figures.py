"""Figures of small made-up datasets: what they show and say, and that their bytes repeat."""

import matplotlib
import numpy as np
import pandas as pd
import pytest
import xarray as xr
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.text import Text

from finefield import store
from finefield.errors import UserError
from finefield.figures import cell, field, grid, maps, style

STYLE = {
    "format": "svg",
    "dpi": 110,
    "diverging_colormap": "RdBu_r",
    "sequential_colormap": "viridis",
    "measured_color": "0.25",
    "predicted_color": "#d55e00",
    "ln_color": "#0072b2",
}
LAGS, FRAMES, RATE = 20, 300, 30.0


def blobs(n, side, rng, noise=0.03):
    """Gaussian bumps of unit norm at random places, with some noise."""
    y, x = np.mgrid[:side, :side]
    centres = rng.uniform(0.2 * side, 0.8 * side, (n, 2))
    images = np.stack(
        [np.exp(-((y - a) ** 2 + (x - b) ** 2) / (0.02 * side**2)) for a, b in centres]
    )
    images /= np.linalg.norm(images, axis=(1, 2), keepdims=True)
    return images + noise * rng.standard_normal(images.shape)


def temporal(rng, noise=0.0):
    time = np.maximum(np.arange(LAGS) - 1, 0) / 3
    profile = time**2 * np.exp(-time) * (time - 2.6)
    return profile / np.linalg.norm(profile) + noise * rng.standard_normal(LAGS)


def page(n_subunits=3, n_filters=8, side=8, broken=False, n_trials=50):
    """Arguments of `cell_figure` but the style; recorded if there is no subunit."""
    rng = np.random.default_rng(1)
    subunits, images = blobs(max(1, n_subunits), side, rng, 0), blobs(n_filters, side, rng)
    images[: len(subunits)] = subunits[:n_filters] + 0.03 * rng.standard_normal(
        subunits[:n_filters].shape
    )
    images[n_subunits + 2 :] = 0.5 / side * rng.standard_normal(images[n_subunits + 2 :].shape)
    sizes = {"crop_y": 3, "crop_x": 5, "crop_height": side, "crop_width": side}
    about = xr.Dataset({key: ((), value) for key, value in sizes.items()}, {"cell": "midget_1"})
    about.attrs = {
        "pixel_size": 30.0,
        "kind": "simulated" if n_subunits else "recorded",
        "n_spikes": 23456,
    }
    if n_subunits:
        about["subunit_filter"] = ("subunit", "y", "x"), subunits * 5
        about["subunit_weight"] = "subunit", np.ones(n_subunits)
        about["temporal_filter"] = "lag", temporal(rng)
    else:
        about["sta_snr"] = 12.3
    y, x = np.unravel_index(subunits[0].argmax(), (side, side))
    field = {"rf_y": 3 + y, "rf_x": 5 + x, "rf_major": 4.0 * side, "rf_minor": 2.5 * side}
    field["rf_angle"] = 30.0
    about = about.assign({key: ((), np.nan if broken else one) for key, one in field.items()})
    frame = np.arange(LAGS - 1, FRAMES)
    drive = np.convolve(rng.standard_normal(FRAMES + 8), np.hanning(9), "valid")[LAGS - 1 :]
    rate = 12 * np.maximum(drive, 0)
    counts = rng.poisson(np.r_[np.zeros(LAGS - 1), rate] / RATE, (1, n_trials, FRAMES))
    measured = RATE * counts[0].mean(0)[frame]

    def rates(predicted):
        columns = {"measured_rate": ("frame", measured), "predicted_rate": ("frame", predicted)}
        return xr.Dataset(columns, {"frame": frame}, {"frame_rate": RATE})

    profile = temporal(rng, 0.03)
    step = np.arange(1, 26) * 200
    share = np.arange(n_filters, 0, -1) / np.arange(n_filters + 1).sum()
    nothing = np.nan if broken else 1.0
    data = {
        "cell": about,
        "sta": xr.Dataset(
            {"sta": (("lag", "y", "x"), profile[:, None, None] * subunits.sum(0)),
             "sta_temporal": ("lag", profile), "sta_spatial": (("y", "x"), subunits.sum(0)),
             "correlation": ((), 0.61 * nothing), "noise_ceiling": ((), 0.97)},
            attrs={"frame_rate": RATE}),
        "ln_frozen": rates(8 * np.maximum(drive + 0.4, 0)),
        "model": xr.Dataset(
            {"step": ("epoch", step), "train_loss": ("epoch", 1 + np.exp(-step / 800)),
             "validation_loss": ("epoch", 1.1 + np.exp(-step / 700) + 5e-5 * step),
             "validation_correlation": ("epoch", 0.4 - np.exp(-step / 800)),
             "correlation": ((), 0.9213 * nothing)},
            attrs={"frame_rate": RATE, "model": "ln_ln", "stimulus": "white_noise"}),
        "model_frozen": rates(rate * 0.9 + 0.3),
        "filters": xr.Dataset(
            {"placed": (("filter", "y", "x"), images),
             "temporal": (("filter", "lag"), np.stack([temporal(rng, 0.05) for _ in images])),
             "explained": ("filter", np.full(n_filters, 0.9)),
             "morans_i": ("filter", np.linspace(0.91, -0.12, n_filters) * nothing),
             "contribution": ("filter", share * nothing),
             "effective": ("filter", (np.arange(n_filters) < n_subunits + 2).astype("int8")),
             "pruned_correlation": ((), 0.914)}),
        "matching": None,
        "responses": xr.Dataset(
            {"spike_count": (("cell", "trial", "frame"), counts)}, attrs={"frame_rate": RATE}),
    }  # fmt: skip
    if n_subunits:
        matched = np.where(np.arange(n_subunits) < n_filters, np.arange(n_subunits), -1)
        placed = np.where((matched >= 0)[:, None, None], images[matched], 0)
        data["matching"] = xr.Dataset(
            {"matched_filter": ("subunit", matched),
             "cosine": ("subunit", np.where(matched >= 0, 0.987 - 0.05 * matched, 0)),
             "chance_cosine": ((), 0.213 * nothing),
             "matched": (("subunit", "y", "x"), placed)})  # fmt: skip
    return {key: one if one is None else store.describe(one) for key, one in data.items()}


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
    return store.describe(xr.Dataset({"correlation": (list(names), score)}, names))


def table(n_cells, n_models):
    rng = np.random.default_rng(3)
    base = rng.uniform(0.3, 0.7, n_cells)
    rows = [
        {"cell": f"cell_{n}", "model": ["ln_ln", "wide", "deep"][m], "ln_correlation": base[n],
         "correlation": base[n] + rng.uniform(0.05, 0.25)}
        for m in range(n_models) for n in range(n_cells)
    ]  # fmt: skip
    rows[1]["correlation"] = np.nan
    return pd.DataFrame(rows)


def words(figure):
    """All text of a figure that can be seen, in one string."""
    found = [text for text in figure.findobj(Text) if text.get_visible()]
    return " | ".join(text.get_text().replace("\n", " ") for text in found)


PAGES = {
    "simulated": {"n_subunits": 3, "n_filters": 8, "side": 8},
    "many": {"n_subunits": 5, "n_filters": 16, "side": 12},
    "recorded": {"n_subunits": 0, "n_filters": 16, "side": 24},
    "fewer filters than subunits": {"n_subunits": 3, "n_filters": 1, "side": 8},
    "undefined scores": {"n_subunits": 3, "n_filters": 8, "side": 8, "broken": True},
}


@pytest.mark.parametrize("kind", PAGES)
def test_cell_page_has_its_panels_and_labels(kind):
    data = page(**PAGES[kind])
    figure = cell.cell_figure(**data, style=STYLE)
    text = words(figure)
    for part in (
        "cell midget_1", "n = 23,456 spikes", "spatial part of the spike- triggered average", "µm",
        "time before the spike [ms]", "training step", "Poisson loss per spike",
        "first 30 of n = 50 repeats", "sequence [Hz]", "time in the frozen sequence [s]",
    ):  # fmt: skip
        assert part in text, part
    maps_drawn = [one for axes in figure.axes for one in axes.images if one.cmap.name == "RdBu_r"]
    n_subunits = PAGES[kind]["n_subunits"]
    unmatched = max(0, PAGES[kind]["n_filters"] - n_subunits)
    assert len(maps_drawn) == 1 + 2 * n_subunits + unmatched
    assert all(one.norm.vmin == -one.norm.vmax for one in maps_drawn)
    limits = {one.norm.vmax for one in maps_drawn}
    assert len(limits) <= (3 if n_subunits else 2), "one limit for each set of panels"


def test_cell_page_states_scores_and_matches():
    text = words(cell.cell_figure(**page(), style=STYLE))
    for part in ("network, r = 0.92", "LN model, r = 0.61", "noise ceiling 0.97", "cosine 0.94",
                 "chance 0.21", "true temporal filter", "effective filters (n = 5)",
                 "n = 5, 2 effective", "null", "removed: 0.91"):  # fmt: skip
        assert part in text, part


def test_filters_of_a_recorded_cell_are_sorted_by_contribution():
    data = page(0, 4, 8)
    data["filters"]["contribution"][:] = [0.1, np.nan, 0.6, 0.3]
    text = words(cell.cell_figure(**data, style=STYLE))
    numbers = [text.index(f"filter {one} ") for one in (2, 3, 0, 1)]
    assert numbers == sorted(numbers)
    assert "subunit" not in text and "? %" in text and "SNR 12.3" in text


def test_undefined_scores_are_called_so():
    text = words(cell.cell_figure(**page(broken=True), style=STYLE))
    assert "network, r = undefined" in text and "nan" not in text
    assert "no ellipse" in words(cell.cell_figure(**page(0, 1, broken=True), style=STYLE))
    assert "no filter" in words(cell.cell_figure(**page(3, 1), style=STYLE))


def test_kept_weights_are_marked_where_the_file_says():
    data = page()
    data["model"].attrs["best_step"] = 3000
    assert "weights kept, step 3,000" in words(cell.cell_figure(**data, style=STYLE))


def test_ellipse_lies_on_the_receptive_field():
    data = page(0, 1, 24)
    about = data["cell"]
    figure = cell.cell_figure(**data, style=STYLE)
    (ellipse,) = [one for axes in figure.axes for one in axes.patches if hasattr(one, "angle")][:1]
    assert ellipse.center == (float(about["rf_x"]) - 5, float(about["rf_y"]) - 3)
    np.testing.assert_allclose([ellipse.width, ellipse.height], [2 * 96 / 30, 2 * 60 / 30])


@pytest.mark.parametrize("kind", PAGES)
def test_no_text_of_a_cell_page_overlaps_or_leaves_the_page(kind):
    figure = cell.cell_figure(**page(**PAGES[kind]), style=STYLE)
    assert_text_is_clear(figure)


def assert_text_is_clear(figure):
    """Draw a figure and compare the boxes of all its text."""
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    labels = [one for one in figure.findobj(Text) if one.get_visible() and one.get_text().strip()]
    for axes in figure.axes:
        for axis in (axes.xaxis, axes.yaxis):
            low, high = sorted(axis.get_view_interval())
            ticks = [one for one in axis.get_major_ticks() if not low <= one.get_loc() <= high]
            beyond = {id(one) for tick in ticks for one in (tick.label1, tick.label2)}
            labels = [one for one in labels if id(one) not in beyond]
    # Of an annotation the text alone, without its arrow.
    boxes = [(one.get_text(), Text.get_window_extent(one, canvas.renderer)) for one in labels]
    width, height = figure.bbox.size
    for number, (text, box) in enumerate(boxes):
        assert box.x0 >= 0 and box.y0 >= 0 and box.x1 <= width and box.y1 <= height, text
        for other, its in boxes[number + 1 :]:
            assert not box.padded(-1).overlaps(its.padded(-1)), (text, other)


@pytest.mark.parametrize("suffix", ["svg", "png", "pdf"])
def test_saving_twice_gives_the_same_bytes(tmp_path, suffix):
    saved = []
    for name in ("one", "two"):
        path = tmp_path / f"{name}.{suffix}"
        style.save(cell.cell_figure(**page(3, 4), style=STYLE), path, STYLE)
        saved.append(path.read_bytes())
    assert saved[0] == saved[1]
    assert sorted(one.name for one in tmp_path.iterdir()) == [f"one.{suffix}", f"two.{suffix}"]
    assert b"CreationDate" not in saved[0] and b"dc:date" not in saved[0]


def test_unknown_format_is_refused(tmp_path):
    with pytest.raises(UserError, match="svg, png or pdf"):
        style.save(style.placeholder("", STYLE), tmp_path / "figure.bmp", STYLE)
    assert not list(tmp_path.iterdir())


def test_placeholder_says_why():
    reason = "cell_7 was dropped: the peak of its STA is 3.1 times its noise, below 4.5"
    assert reason in words(style.placeholder(reason, STYLE))


def test_drawing_leaves_matplotlibs_settings_alone():
    before = dict(matplotlib.rcParams)
    cell.cell_figure(**page(3, 1), style=STYLE)
    assert dict(matplotlib.rcParams) == before


def test_maps_of_zeros_or_nan_have_limits():
    for image in (np.zeros((2, 2)), np.full((2, 2), np.nan)):
        norm = maps.centred_norm(image)
        assert (norm.vmin, norm.vmax) == (-1, 1)


def test_transfer_writes_numbers_and_counts_missing_ones():
    scores = transfer(3, 2)
    figure = grid.transfer_figure(scores, STYLE)
    text = words(figure)
    assert "tested on natural_images" in text and "n = 3 source and 3 target cells" in text
    assert "2 of 36 pairs without a correlation" in text
    assert "Pearson correlation of predicted and measured mean rate" in text
    written = [one.get_text() for axes in figure.axes for one in axes.texts]
    assert len(written) == 34
    assert len({one.norm for axes in figure.axes for one in axes.images}) == 1
    assert_text_is_clear(figure)


def test_transfer_of_many_cells_has_no_numbers_and_nothing_missing_is_nothing_said():
    figure = grid.transfer_figure(transfer(20, 1, missing=0), STYLE)
    assert not any(axes.texts for axes in figure.axes)
    assert "without a correlation" not in words(figure)


def test_transfer_without_any_score_is_drawn():
    scores = transfer(2, 1)
    scores["correlation"][:] = np.nan
    assert "4 of 4 pairs" in words(grid.transfer_figure(scores, STYLE))


def test_summary_names_cells_and_counts_missing_ones():
    figure = grid.summary_figure(table(12, 2), STYLE)
    text = words(figure)
    assert "ln_ln (n = 11 cells)" in text and "wide (n = 12 cells)" in text
    assert "1 of 24 networks without a correlation" in text
    assert all(f"cell_{n}" in text for n in range(12))
    assert_text_is_clear(figure)


def test_summary_of_many_cells_or_none():
    assert "cell_3" not in words(grid.summary_figure(table(30, 3), STYLE))
    nothing = table(2, 1).assign(correlation=np.nan)
    assert "2 of 2 networks" in words(grid.summary_figure(nothing, STYLE))


def cells_table(n, n_dropped=0):
    """A dataset as `cells.nc`, the last cells dropped."""
    rng = np.random.default_rng(0)
    values = {name: ("cell", rng.uniform(20, 100, n)) for name in ("rf_y", "rf_x", "rf_major")}
    values |= {"rf_minor": values["rf_major"], "rf_angle": ("cell", np.zeros(n))}
    values["polarity"] = "cell", [("OFF", "ON", "ON-OFF")[i % 3] for i in range(n)]
    values["note"] = "cell", ["a reason"[: 8 * (i >= n - n_dropped)] for i in range(n)]
    attributes = {"field_height": 150, "field_width": 200, "pixel_size": 30.0}
    return xr.Dataset(values, {"cell": [f"c{i}" for i in range(n)]}, attributes)


def test_the_field_shows_each_kept_cell_and_lists_the_others():
    figure = field.field_figure(cells_table(8, n_dropped=2), STYLE)
    (axes,) = figure.axes
    assert len(axes.patches) == 6
    said = {text.get_text() for text in axes.texts}
    assert {f"c{i}" for i in range(6)} <= said and "c6" not in said
    assert "6 of 8 cells" in figure.texts[0].get_text()
    assert "dropped: cell c7, a reason" in figure.texts[0].get_text()
    legend = [text.get_text() for text in axes.get_legend().get_texts()]
    assert legend == ["OFF (n = 2)", "ON (n = 2)", "ON-OFF (n = 2)"]


@pytest.mark.parametrize(("n", "dropped"), [(1, 1), (400, 30)])
def test_a_field_of_no_cell_and_of_many(n, dropped):
    figure = field.field_figure(cells_table(n, dropped), STYLE)
    assert len(figure.axes[0].patches) == n - dropped
    if n > field.MAX_NAMED:
        assert "and 18 more" in figure.texts[0].get_text()
