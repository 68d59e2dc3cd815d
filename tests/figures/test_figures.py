"""Figures of small made-up datasets: what they show and say, and that their bytes repeat."""

import matplotlib
import numpy as np
import pandas as pd
import pytest
import xarray as xr
from helpers.figures import STYLE, assert_text_is_clear, described, words
from PIL import Image

from finefield.base.errors import UserError
from finefield.figures import cell, field, film, maps, style, subunits, summary
from finefield.figures import transfer as transfer_figures

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


def page(n_subunits=3, n_filters=8, side=8, n_found=None, broken=False, n_trials=50):
    """Arguments of `cell_figure` but the style; recorded if there is no subunit."""
    rng = np.random.default_rng(1)
    n_found = min(n_subunits + 2, n_filters) if n_found is None else n_found
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
            {"step": ("epoch", step), "best_step": ((), 3000),
             "train_loss": ("epoch", 1 + np.exp(-step / 800)),
             "validation_loss": ("epoch", 1.1 + np.exp(-step / 700) + 5e-5 * step),
             "validation_correlation": ("epoch", 0.4 - np.exp(-step / 800)),
             "correlation": ((), 0.9213 * nothing)},
            attrs={"frame_rate": RATE, "model": "ln_ln", "stimulus": "white_noise"}),
        "model_frozen": rates(rate * 0.9 + 0.3),
        "placements": xr.Dataset({"placed": (("filter", "y", "x"), images)}),
        "filters": xr.Dataset(
            {"temporal": (("filter", "lag"), np.stack([temporal(rng, 0.05) for _ in images])),
             "explained": ("filter", np.full(n_filters, 0.9)),
             "morans_i": ("filter", np.linspace(0.91, -0.12, n_filters) * nothing),
             "morans_p": ("filter", np.linspace(0.001, 0.8, n_filters) * nothing),
             "contribution": ("filter", share * nothing),
             "effective": ("filter", (np.arange(n_filters) < n_found).astype("int8")),
             "coverage": ((), 0.873), "overlap": ((), 1.32 * nothing)}),
        "found": found_of(images[:n_found], share[:n_found], nothing),
        "pruning": pruning_of(n_filters, n_found, rng, nothing),
        "matching": None,
        "responses": xr.Dataset(
            {"spike_count": (("cell", "trial", "frame"), counts)},
            attrs={"frame_rate": RATE, "n_spikes": 23456}),
    }  # fmt: skip
    if n_subunits:
        data["matching"] = matching_of(images[:n_found], n_subunits, nothing)
    return {key: one if one is None else described(one) for key, one in data.items()}


def found_of(images, share, nothing=1.0):
    """Group "found" of a file of filters."""
    side = images.shape[1:]
    centres = np.array([np.unravel_index(one.argmax(), side) for one in images]).reshape(-1, 2)
    columns = {"share": share, "centre_y": centres[:, 0] * nothing, "centre_x": centres[:, 1]}
    columns |= {"major": 48 + 0 * share, "minor": 27 + 0 * share, "angle": 30 + 0 * share}
    columns = {name: ("found", values) for name, values in columns.items()}
    return xr.Dataset({"found_subunit": (("found", "y", "x"), images)} | columns)


def pruning_of(n_filters, n_effective, rng, nothing=1.0):
    kept = np.arange(1, n_filters + 1)
    scores = 0.92 * (1 - np.exp(-kept / 3))
    orders = 0.92 * (1 - np.exp(-kept / rng.uniform(4, 7, (5, 1)))) * nothing
    columns = {
        "kept_correlation": ("kept", scores),
        "random_correlation": (("order", "kept"), orders),
    }
    values = {
        "correlation": 0.92,
        "pruned_correlation": 0.914 * nothing,
        "n_effective": n_effective,
    }
    return xr.Dataset(columns, {"kept": kept}).assign(
        {key: ((), one) for key, one in values.items()}
    )


def matching_of(images, n_subunits, nothing=1.0):
    """The first subunits found are the known ones; what there is beyond is spurious."""
    number = np.arange(n_subunits)
    matched = np.where(number < len(images), number, -1)
    shown = np.append(images, np.zeros_like(images[:1], shape=(1, *images.shape[1:])), 0)[matched]
    fate = np.where(matched < 0, "missed", np.where(number == 2, "split", "recovered"))
    found_fate = np.where(np.arange(len(images)) < n_subunits, "matched", "spurious")
    levels = {"precision": 0.6, "recall": 0.667, "similarity": 0.83, "chance_similarity": 0.213,
              "chance_low": 0.151, "chance_high": 0.284}  # fmt: skip
    columns = {
        "matched_found": ("subunit", matched),
        "matched": (("subunit", "y", "x"), shown),
        "cosine": ("subunit", np.where(matched >= 0, 0.987 - 0.05 * number, 0)),
        "ellipse_overlap": ("subunit", np.where(matched >= 0, 0.8 * nothing, 0)),
        "fate": ("subunit", fate),
        "found_fate": ("found", found_fate),
    }
    return xr.Dataset(columns | {name: ((), one * nothing) for name, one in levels.items()})


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


def table(n_cells, n_models):
    rng = np.random.default_rng(3)
    base = rng.uniform(0.3, 0.7, n_cells)
    rows = [
        {"cell": f"cell_{n}", "model": ["ln_ln", "wide", "deep"][m], "stimulus": "white_noise",
         "ln_correlation": base[n],
         "correlation": base[n] + rng.uniform(0.05, 0.25)}
        for m in range(n_models) for n in range(n_cells)
    ]  # fmt: skip
    rows[1]["correlation"] = np.nan
    return pd.DataFrame(rows)


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
        "cell midget_1", "n = 23,456 spikes", "spatial part of the spike- triggered average", "µm",
        "time before the spike [ms]", "training step", "Poisson loss per spike",
        "number of filters kept", "random orders (n = 5)", "coverage 0.87, overlap",
        "first 30 of n = 50 repeats", "sequence [Hz]", "time in the frozen sequence [s]",
    ):  # fmt: skip
        assert part in text or (kind == "nothing found" and "coverage" in part), part
    maps_drawn = [one for axes in figure.axes for one in axes.images if one.cmap.name == "RdBu_r"]
    n_subunits, n_found = (PAGES[kind]["n_subunits"], data["found"].sizes["found"])
    unmatched = max(0, n_found - n_subunits)
    assert len(maps_drawn) == 1 + 2 * n_subunits + unmatched + PAGES[kind]["n_filters"]
    assert all(one.norm.vmin == -one.norm.vmax for one in maps_drawn)
    limits = {one.norm for one in maps_drawn}
    assert len(limits) == 2 + (n_subunits + n_found > 0) + (n_subunits > 0), "one limit per set"


def test_cell_page_states_scores_and_matches():
    text = words(cell.cell_figure(**page(), style=STYLE))
    for part in ("network, r = 0.92", "LN model, r = 0.61", "noise ceiling 0.97", "cosine 0.94",
                 "true temporal filter", "effective filters (n = 5)", "weights kept, step 3,000",
                 "recovered 2 of 3", "precision 0.60", "overlap 0.80", "found 2 split",
                 "similarity 0.83, at random places 0.21 (95 % of them 0.15 to 0.28)",
                 "found 4 spurious", "that match none, by falling share (n = 2) | 2 spurious",
                 "(n = 8, 5 effective)", "null", "alone (n = 5), r = 0.91"):  # fmt: skip
        assert part in text, part


def test_filters_of_a_recorded_cell_are_sorted_by_contribution():
    data = page(0, 4, 8)
    data["filters"]["contribution"][:] = [0.1, np.nan, 0.6, 0.3]
    data["found"]["share"][:] = [0.1, 0.3]
    text = words(cell.cell_figure(**data, style=STYLE))
    for order in (("filter 2", "filter 3", "filter 0", "filter 1"), ("found 1", "found 0")):
        places = [text.index(f"{one} ") for one in order]
        assert places == sorted(places)
    assert "subunit 0" not in text and "? %" in text and "SNR 12.3" in text


def test_subunits_found_are_drawn_with_their_ellipse_and_size():
    data = page(0, 4, 24, n_found=1)
    figure = cell.cell_figure(**data, style=STYLE)
    (axes,) = [one for one in figure.axes if one.get_title().startswith("found 0")]
    (ellipse,) = axes.patches
    centre = data["found"]["centre_x"].item(), data["found"]["centre_y"].item()
    assert ellipse.center == centre and ellipse.angle == 30
    np.testing.assert_allclose([ellipse.width, ellipse.height], [2 * 48 / 30, 2 * 27 / 30])
    assert axes.get_xlabel() == "40 %, 72 µm"  # 2 sqrt(48 x 27)


def test_a_cell_page_without_subunits_says_why():
    data = page(0, 4, 8, n_found=0)
    text = words(cell.cell_figure(**data, style=STYLE))
    assert "Subunits found, by falling share (n = 0) | no filter is effective" in text
    data["filters"]["effective"][0] = 1
    assert "none of its places" in words(cell.cell_figure(**data, style=STYLE))
    text = words(cell.cell_figure(**page(3, 4, 8, n_found=0), style=STYLE))
    assert "recovered 0 of 3" in text and text.count("no match missed") == 3


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
    assert "no match missed" in words(cell.cell_figure(**page(3, 1), style=STYLE))


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


@pytest.mark.parametrize("kind", PAGES)
def test_no_text_of_a_cell_page_overlaps_or_leaves_the_page(kind):
    figure = cell.cell_figure(**page(**PAGES[kind]), style=STYLE)
    assert_text_is_clear(figure)


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
    figure = transfer_figures.transfer_figure(scores, STYLE)
    text = words(figure)
    assert "tested on natural_images" in text and "n = 3 source and 3 target cells" in text
    assert "2 of 36 pairs without a correlation" in text
    assert "Pearson correlation of predicted and measured mean rate" in text
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


def test_summary_of_several_stimuli_tells_them_apart():
    rows = table(3, 1)
    both = pd.concat([rows, rows.assign(stimulus="natural_images")])
    text = words(summary.summary_figure(both, STYLE))
    assert "ln_ln, white_noise (n = 2 cells)" in text and "ln_ln, natural_images" in text


def test_summary_names_cells_and_counts_missing_ones():
    figure = summary.summary_figure(table(12, 2), STYLE)
    text = words(figure)
    assert "ln_ln (n = 11 cells)" in text and "wide (n = 12 cells)" in text
    assert "1 of 24 networks without a correlation" in text
    assert all(f"cell_{n}" in text for n in range(12))
    assert_text_is_clear(figure)


def test_summary_of_many_cells_or_none():
    assert "cell_3" not in words(summary.summary_figure(table(30, 3), STYLE))
    nothing = table(2, 1).assign(correlation=np.nan)
    assert "2 of 2 networks" in words(summary.summary_figure(nothing, STYLE))


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


def population(n_cells, simulated=False, n_dropped=0, stable=True, names=None):
    """A dataset as `subunits/{model}/{stimulus}.nc`, the last cells dropped."""
    rng = np.random.default_rng(4)
    there, most = np.arange(n_cells) < n_cells - n_dropped, 12

    def some(low, high, start=0.0):
        return "cell", np.where(there, start + rng.uniform(low, high, n_cells), np.nan)

    number = np.where(there, rng.integers(0 if n_cells > 6 else 3, most + 1, n_cells), np.nan)
    within = np.arange(most) < number[:, None]
    values = {
        "note": ("cell", np.where(there, "", "the peak of its STA is within noise")),
        "n_found": ("cell", number), "n_effective": ("cell", number), "coverage": some(0.6, 1),
        "overlap": some(1, 1.6), "correlation": some(0.5, 0.95),
    }  # fmt: skip
    values["pruned_correlation"] = some(-0.05, 0.02, values["correlation"][1])
    for name, limits in {"major": (40, 70), "minor": (25, 40), "share": (0.02, 0.2)}.items():
        sizes = np.where(within, rng.uniform(*limits, within.shape), np.nan)
        values[name] = ("cell", "found"), sizes
    for name in ("seed", "half", "stnmf"):
        values[f"{name}_similarity"] = some(0.5, 0.95, 0.0 if stable else np.nan)
        values[f"{name}_chance"] = some(0.2, 0.3)
        values[f"{name}_chance_high"] = some(0.35, 0.45)
    if stable:
        values |= {"found_low": some(-2, 0, number), "found_high": some(0, 2, number)}
    if simulated:
        values |= {"n_known": ("cell", number + 1), "precision": some(0.6, 1),
                   "recall": some(0.6, 1), "similarity": some(0.6, 0.9),
                   "chance_similarity": some(0.2, 0.3), "chance_low": some(0.1, 0.15),
                   "chance_high": some(0.35, 0.4)}  # fmt: skip
    names = names or [f"cell_{n}" for n in range(n_cells)]
    about = {"model": "finefield", "stimulus": "white_noise"}
    return described(xr.Dataset(values, {"cell": names}, about))


SIMULATED = [
    "on_cell",
    "squaring",
    "unequal_weights",
    "yan2020",
    "l_shape",
    "overlapping_gaussians",
]
POPULATIONS = {
    "simulated": {"n_cells": 6, "simulated": True, "names": SIMULATED},
    "recorded": {"n_cells": 40, "n_dropped": 2},
    "unstable": {"n_cells": 60, "stable": False},
    "one cell": {"n_cells": 1, "simulated": True, "stable": False},
    "many dropped": {"n_cells": 60, "n_dropped": 25},
}


@pytest.mark.parametrize("kind", POPULATIONS)
def test_population_shows_what_there_is(kind):
    options = POPULATIONS[kind]
    data = population(**options)
    figure = subunits.subunits_figure(data, STYLE)
    text = words(figure)
    kept = options["n_cells"] - options.get("n_dropped", 0)
    assert f"finefield · white_noise · n = {kept} of {options['n_cells']} cells" in text
    assert f"a subunit found (n = {int(data['n_found'].sum())})" in text
    expected = {
        "number of subunits found": True,
        "one SD [µm]": True,
        "part of the receptive field that the subunits found cover": True,
        "correlation without the null filters, the readout refitted": True,
        "mean similarity of the subunits of two seeds": options.get("stable", True),
        "subunits of two halves": options.get("stable", True),
        "and of STNMF": options.get("stable", True),
        "95 % of the bootstraps": options.get("stable", True),
        "recall: part of the known": options.get("simulated", False),
        "mean cosine of one-to- one matches": options.get("simulated", False),
        "dropped: cell ": kept < options["n_cells"],
        "and 13 more": kind == "many dropped",
    }
    assert {part: part in text for part in expected} == expected
    assert all(name in text for name in data["cell"].values[:kept])
    assert_text_is_clear(figure)


def test_population_draws_each_cell_at_its_own_place():
    data = population(30, n_dropped=1)
    axes = subunits.subunits_figure(data, STYLE).axes
    (found,) = [one for one in axes[0].lines if one.get_label() == "found"]
    np.testing.assert_array_equal(found.get_xydata(), np.c_[:29, data["n_found"][:29]])
    sizes = axes[1].lines[0].get_xydata()
    expected = 2 * np.sqrt(data["major"] * data["minor"])[7].dropna("found")
    np.testing.assert_allclose(sizes[(sizes[:, 0] == 7) & np.isfinite(sizes[:, 1]), 1], expected)
    assert axes[-1].get_xlim() == axes[-1].get_ylim(), "pruned beside full, on one scale"


def test_population_without_any_cell_or_subunit():
    assert "no cell was kept" in words(subunits.subunits_figure(population(2, n_dropped=2), STYLE))
    data = population(3)
    for name in ("major", "minor", "overlap"):
        data[name] = data[name] * np.nan
    text = words(subunits.subunits_figure(data, STYLE))
    assert "number of subunits found" in text and "µm" not in text and "covered" not in text


def film_of(n_filters, side, n_checks):
    """Arguments of `save_film` but the path and the style; the last but one check was kept."""
    rng = np.random.default_rng(0)
    weight = np.linspace(0, 1, n_checks)[:, None, None, None]
    noise = 0.3 * rng.standard_normal((n_filters, side, side))
    images = weight * blobs(n_filters, side, rng, 0) + (1 - weight) * noise
    share = np.arange(n_filters) / max(1, np.arange(n_filters).sum())
    return {
        "film": xr.Dataset({"film": (("epoch", "filter", "y", "x"), images)}),
        "model": xr.Dataset(
            {"step": ("epoch", 250 * np.arange(1, n_checks + 1)), "best_step": 250 * (n_checks - 1)}
        ),
        "filters": xr.Dataset(
            {"contribution": ("filter", share), "effective": ("filter", share > 0.1)}
        ),
        "pixel_size": 30.0,
    }


@pytest.mark.parametrize(
    ("n_filters", "side", "n_checks", "frames"), [(16, 8, 12, 12), (1, 24, 2, 2), (2, 9, 70, 60)]
)
def test_a_film_has_a_frame_for_each_check(tmp_path, n_filters, side, n_checks, frames):
    saved = []
    for name in ("one.gif", "two.gif"):
        film.save_film(**film_of(n_filters, side, n_checks), path=tmp_path / name, style=STYLE)
        saved.append((tmp_path / name).read_bytes())
    assert saved[0] == saved[1] and len(saved[0]) < 600e3
    assert sorted(one.name for one in tmp_path.iterdir()) == ["one.gif", "two.gif"]
    with Image.open(tmp_path / "one.gif") as image:
        assert image.n_frames == frames and image.info["loop"] == 0
        shown = []
        for frame in range(frames):
            image.seek(frame)
            shown.append(image.info["duration"])
    assert shown[-1] > shown[0] and set(shown[:-1]) <= {shown[0]}


def test_a_film_shows_filters_by_falling_contribution_and_says_the_step(tmp_path, monkeypatch):
    said, drawn = [], film._drawn

    def listen(figure):
        said.append(words(figure))
        maps_drawn = [axes.images[0] for axes in figure.axes if axes.get_title()]
        assert len(maps_drawn) == 16 and len({one.norm for one in maps_drawn}) == 1
        return drawn(figure)

    monkeypatch.setattr(film, "_drawn", listen)
    film.save_film(**film_of(20, 8, 3), path=tmp_path / "film.gif", style=STYLE)
    steps = ["step 250 of 750", "step 500 of 750, weights kept", "step 750 of 750"]
    ends = [text[text.index("step") :].split(" | ")[0] for text in said]
    assert ends == steps
    places = [said[0].index(f"filter {one}, ") for one in range(19, 3, -1)]
    assert places == sorted(places) and "filter 3, " not in said[0] and "µm" in said[0]


def test_colours_of_a_film_are_those_of_its_maps(tmp_path):
    data = film_of(4, 8, 2)
    data["film"]["film"][:] = 0.0
    data["film"]["film"][:, :, 0, 0] = 1.0
    film.save_film(**data, path=tmp_path / "film.gif", style=STYLE)
    with Image.open(tmp_path / "film.gif") as image:
        colors = {color for _, color in image.convert("RGB").getcolors(1 << 20)}
    for value in (0.5, 1.0):
        expected = 255 * np.array(matplotlib.colormaps["RdBu_r"](value)[:3])
        assert tuple(expected.round().astype(int).tolist()) in colors


def test_a_film_of_a_dropped_cell_is_a_frame_that_says_why(tmp_path):
    film.save_reason("cell_7 dropped: too few spikes", tmp_path / "film.gif", STYLE)
    with Image.open(tmp_path / "film.gif") as image:
        assert image.n_frames == 1
        assert np.ptp(np.asarray(image.convert("L"))) == 255, "black on white"
