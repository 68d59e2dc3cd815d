"""The subunits of all cells, simulated and recorded."""

import numpy as np
import pytest
import xarray as xr
from helpers.figures import STYLE, assert_text_is_clear, described, words

from finefield.figures.subunits import population as subunits


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
    assert f"finefield · white_noise · n = {kept} of {options['n_cells']} cell" in text
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
        "mean cosine of one-to-one matches": options.get("simulated", False),
        "dropped: cell ": kept < options["n_cells"],
        "and 13 more": kind == "many dropped",
    }
    assert {part: part in text for part in expected} == expected
    assert all(name in text for name in data["cell"].values[:kept])
    assert_text_is_clear(figure)


def test_population_draws_each_cell_at_its_own_place():
    data = population(30, n_dropped=1)
    axes = subunits.subunits_figure(data, STYLE).axes
    found = axes[0].collections[-1].get_offsets()
    np.testing.assert_array_equal(found, np.c_[:29, data["n_found"][:29]])
    sizes = np.asarray(axes[1].collections[0].get_offsets())
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
