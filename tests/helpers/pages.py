"""Made-up datasets of one cell and its network, as the arguments of its page."""

import numpy as np
import xarray as xr

from helpers.figures import described

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


def page(
    n_subunits=3, n_filters=8, side=8, n_found=None, broken=False, n_trials=50, tested_on="frozen"
):
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
        about["subunit_sign"] = "subunit", np.ones(n_subunits)
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
        "ln_test": rates(8 * np.maximum(drive + 0.4, 0)),
        "model": xr.Dataset(
            {"step": ("epoch", step), "best_step": ((), 3000),
             "train_loss": ("epoch", 1 + np.exp(-step / 800)),
             "validation_loss": ("epoch", 1.1 + np.exp(-step / 700) + 5e-5 * step),
             "validation_correlation": ("epoch", 0.4 - np.exp(-step / 800)),
             "correlation": ((), 0.9213 * nothing)},
            attrs={"frame_rate": RATE, "model": "ln_ln", "stimulus": "white_noise",
                   "tested_on": tested_on}),
        "model_test": rates(rate * 0.9 + 0.3),
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
            {"spike_count": (("cell", "trial", "frame"), counts),
             "first_frame": ("trial", np.zeros(n_trials, int))},
            attrs={"frame_rate": RATE, "n_spikes": 23456}),
    }  # fmt: skip
    if n_subunits:
        data["matching"] = matching_of(images[:n_found], n_subunits, nothing)
    return {key: one if one is None else described(one) for key, one in data.items()}


def bars_page():
    """A cell's page on a field of one row: long bars."""
    data = page()
    data = {name: one.isel(y=[4]) if one is not None and "y" in one.dims else one
            for name, one in data.items()}  # fmt: skip
    # No semi-axis is below that of a pixel.
    for name, value in {"rf_y": 3, "rf_minor": 30 / 12**0.5, "rf_angle": 0, "rf_major": 60}.items():
        data["cell"][name] = (), value
    for name, value in {"minor": 30 / 12**0.5, "angle": 0, "centre_y": 0}.items():
        data["found"][name][:] = value
    return data


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


def cosine_of(images, number):
    """Cosines of known subunits and those found: each with its match the largest."""
    cosine = np.full((len(number), len(images)), 0.08)
    places = number[number < len(images)]
    cosine[places, places] = 0.987 - 0.05 * places
    return cosine


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
        "found_cosine": (("subunit", "found"), cosine_of(images, number)),
        "cosine": ("subunit", np.where(matched >= 0, 0.987 - 0.05 * number, 0)),
        "ellipse_overlap": ("subunit", np.where(matched >= 0, 0.8 * nothing, 0)),
        "fate": ("subunit", fate),
        "found_fate": ("found", found_fate),
    }
    return xr.Dataset(columns | {name: ((), one * nothing) for name, one in levels.items()})
