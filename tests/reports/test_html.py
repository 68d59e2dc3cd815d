"""HTML of the report's pages, read again by a parser."""

from html.parser import HTMLParser

import numpy as np
import pandas as pd
import pytest

from finefield.reports import cells_page, networks_page, overview, sortable, transfer_page
from finefield.reports.overview import Run, outcome
from finefield.reports.tables import SUMMARY as SUMMARY_MEANINGS
from finefield.tables.summary import COLUMNS


class Table(HTMLParser):
    """Cells of the tables of a page, row by row, and all words."""

    def __init__(self, text):
        super().__init__()
        self.rows, self.words, self.inside = [], [], False
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        if tag == "tr":
            self.rows.append([])
        self.inside = tag in ("td", "th")
        if self.inside:
            self.rows[-1].append("")

    def handle_data(self, data):
        self.words.append(data)
        if self.inside:
            self.rows[-1][-1] += data


SUMMARY = pd.DataFrame(
    {"cell": ["left", "right", "<script>"], "model": "net", "stimulus": "noise",
     "correlation": [0.8, 0.6, np.nan], "ln_correlation": [0.4, 0.4, np.nan],
     "noise_ceiling": [0.9, 0.9, np.nan], "n_subunits": [4, 4, None],
     "n_recovered": [4, 2, None], "note": [None, "one filter: an LN cell", "dropped: silent"]}
)  # fmt: skip
CELLS = pd.DataFrame(
    {"cell": ["left", "right", "<script>"], "n_spikes": [100, 1200, 0], "empty": np.nan,
     "note": [None, None, "silent"]}
)  # fmt: skip
SETTINGS = {
    "kind": "simulated",
    "field": {"height": 8, "width": 12, "pixel_size": 30.0},
    "stimuli": {"noise": {"kind": "binary_noise", "frames": 20000, "frozen_frames": 100,
                          "frozen_repeats": 20}},
}  # fmt: skip
RUN = Run("toy", SETTINGS, {"train": [60.0, 30.0], "sta": [30.0]})


def test_the_overview_says_what_was_run_and_what_came_out():
    page = Table(overview(RUN, SUMMARY, CELLS))
    text = " ".join(page.words)
    for part in (
        "3 simulated cells, of which 2 kept", "8 × 12 pixels of 30 µm",
        "noise (binary noise, 20,000 frames, frozen sequence of 100 frames, shown 20 times)",
        "net (of 3 cells)", "cell <script> dropped: silent", "net on noise, cell right: one filter",
        "2.0 minutes", "numpy", "Python",
    ):  # fmt: skip
        assert part in text, part
    assert ["train", "2", "90"] in page.rows and ["sta", "1", "30"] in page.rows
    # Mean and SD of 0.8 and 0.6: 0.7 and 0.1 times the root of two.
    assert ["net", "noise", "2", "0.70 ± 0.14", "0.40 ± 0.00", "6 of 8"] in page.rows


def test_outcome_of_recorded_cells_has_no_known_subunits():
    table = outcome(SUMMARY.assign(n_subunits=None, n_recovered=None))
    assert "subunits recovered" not in table
    alone = outcome(SUMMARY[:1])
    assert alone["network's correlation"].item() == "0.80"


@pytest.mark.parametrize("page", [lambda: cells_page(CELLS), lambda: networks_page(SUMMARY)])
def test_tables_have_a_row_for_each_and_no_empty_column(page):
    head, *rows = Table(page()).rows
    assert "empty" not in head and head[0] == "cell"
    assert head[-1] == "file" and rows[0][-1] in ("cells/left.nc", "models/net/noise/left.nc")
    assert [row[0] for row in rows] == ["left", "right", "<script>"]


def test_the_table_of_transfer_names_the_networks_and_explains_its_columns():
    grid = pd.DataFrame({"train_stimulus": ["noise"], "own_advantage": [0.25]})
    page = Table(transfer_page({"one": grid, "two": grid}))
    assert page.rows[1:] == [
        ["one", "noise", "0.25", "transfer/one.nc"],
        ["two", "noise", "0.25", "transfer/two.nc"],
    ]
    assert any("own network's correlation less mean" in word for word in page.words)


def test_columns_are_explained_with_their_units():
    cells = CELLS.assign(duration=60.0, rf_major=[50.0, 40.0, None])
    text = " ".join(Table(cells_page(cells)).words)
    assert "duration  [s]: time in which the cell was there" in text and "rf_major  [um]: " in text
    unknown = set(COLUMNS) - set(SUMMARY_MEANINGS) - {"cell", "model", "stimulus", "note"}
    assert not unknown, "of all columns of summary.csv"


def test_names_are_no_markup():
    assert "<script>" not in sortable(CELLS)


def test_what_looks_wrong_in_a_recording_is_a_warning():
    page = Table(overview(RUN, SUMMARY, CELLS, {"noise": ["gaps, running sequence: 1 gap"]}))
    assert "recording of noise: gaps, running sequence: 1 gap" in page.words


def test_a_run_without_a_note_says_so():
    """Empty columns of a CSV file are numbers."""
    summary, cells = (one.assign(note=np.nan) for one in (SUMMARY, CELLS))
    assert "None." in Table(overview(RUN, summary, cells)).words
