"""The summary of all cells: names, stimuli, and what is missing."""

import numpy as np
import pandas as pd
from helpers.figures import STYLE, assert_text_is_clear, words

from finefield.figures import summary


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
    assert "cell_3" not in words(summary.summary_figure(table(60, 3), STYLE))
    nothing = table(2, 1).assign(correlation=np.nan)
    assert "2 of 2 networks" in words(summary.summary_figure(nothing, STYLE))
