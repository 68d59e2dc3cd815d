"""Faults of made recordings are found and named, and a good recording has none."""

import numpy as np
import pandas as pd
import pytest
from helpers.faulty import CENTRES, FRAMES, FROZEN, RATE, REPEATS, quality

from finefield.files import store
from finefield.tables.faults import faults
from finefield.tables.page import WIDTH, page
from finefield.tables.quality import read_quality, write_quality

ABOUT = store.provenance("A test", {"seed": 3}, "made")
#: Fault -> how it is named, and what is said of it.
NAMED = {
    "gap": ("gaps, running sequence", "1 gap between frames (1 of 3 periods), after 143.3"),
    "silent": ("silent trials, frozen sequence", "no cell fires in trials 16, 17 of 20"),
    "noise": ("no average", "none of the 4 cells looked at", "seed"),
    "unreliable": ("repeats", "no cell answers repeats", "reliability up to "),
    "lost": ("lost units", "1 of 4 cells: b (8+9+10)"),
    "drift": ("rate drift", "1 of 4 cells: c (0."),
    "slip": ("slip of frames", "4 of 4 cells: a (1), b (1), c (1), d (1)"),
    "pause": ("slip of frames", "of 4 cells: a (more than 30)"),
    "stray": ("triggers, running sequence", "a trigger is alone at 8: if this is no frame"),
    "merged": ("refractory violations", "1 of 4 cells: d (", "%)"),
    "twin": ("duplicate units", "a and twin (0.9"),
}


def test_a_good_recording_has_no_fault(tmp_path):
    found = quality(tmp_path)
    assert faults(found) == []
    cells = found["/"]
    assert (cells["refractory_violations"] == 0).all() and (cells["polarity"] == "ON").all()
    places = np.stack([cells["rf_y"].values, cells["rf_x"].values], 1)
    np.testing.assert_allclose(places, list(CENTRES.values()), atol=0.3)
    assert int(found["running"]["interval_count"].sum()) == FRAMES - 1
    assert int(found["frozen"]["whole_repeats"]) == REPEATS
    assert int(found["frozen"]["n_frames"]) == REPEATS * FROZEN


@pytest.mark.parametrize("fault", NAMED)
def test_a_fault_is_named_alone(tmp_path, fault):
    said = faults(quality(tmp_path, fault))
    # A lost unit's rate drifts as well.
    said = [one for one in said if fault != "lost" or not one.startswith("rate drift")]
    assert len(said) == 1, said
    name, *words = NAMED[fault]
    assert said[0].startswith(f"{name}: ")
    assert all(word in said[0] for word in words), said[0]


def test_several_faults_are_all_named(tmp_path):
    said = faults(quality(tmp_path, "gap", "silent", "lost", "slip", "twin"))
    names = {one.split(":")[0].split(",")[0] for one in said}
    assert names >= {"gaps", "silent trials", "lost units", "slip of frames", "duplicate units"}


@pytest.mark.parametrize(("parts", "words"), [
    (FRAMES + 50, "reach 9,000 stimulus frames, 50 fewer than the 9,050 of the stimulus"),
    (FRAMES - 3, "reach 9,000 stimulus frames, 3 more than the 8,997 of the stimulus"),
])  # fmt: skip
def test_triggers_are_compared_with_the_stimulus(tmp_path, parts, words):
    (said,) = faults(quality(tmp_path, parts=parts))
    assert said.startswith("triggers, running sequence: ") and words in said


def test_as_many_triggers_as_stimulus_frames_are_no_fault(tmp_path):
    assert faults(quality(tmp_path, parts=FRAMES)) == []


def test_the_file_holds_what_was_found(tmp_path):
    found = quality(tmp_path, "gap", "silent", "twin")
    path, table = tmp_path / "quality.nc", tmp_path / "quality.csv"
    write_quality(path, table, found, ABOUT)
    again = read_quality(path)
    assert faults(again) == faults(found)
    assert page(again, faults(again), "eye") == page(found, faults(found), "eye")
    rows = pd.read_csv(table, dtype={"cell": str}).set_index("cell")
    assert rows.index.tolist() == [*CENTRES, "twin"]
    assert rows.loc["twin", "twin"] == "a" and rows.loc["a", "twin"] == "twin"
    assert rows["n_spikes"].tolist() == found["/"]["n_spikes"].values.tolist()


def test_the_page_says_what_the_recording_holds(tmp_path):
    found = quality(tmp_path, "gap", cells=["b", "a"])
    text = page(found, faults(found), "eye")
    spikes = found["/"]["n_spikes"].values
    with np.load(tmp_path / "eye.npz") as saved:
        end = saved["running_frame_times"][-1] + 1 / RATE
        known = [int((saved[f"spike_times/{cell}"] < end).sum()) for cell in "ba"]
    assert spikes.tolist() == known
    for words in (
        "2, 2 of them with min_spikes, 50, or more",
        f"{sum(known):,} in {FRAMES / RATE / 60:.1f} min",
        "8,998 of 8,999 intervals between frames",
        f"{REPEATS} trials, {REPEATS * FROZEN:,} frames",
        "  1. gaps, running sequence: 1 gap",
    ):
        assert words in text, text
    assert max(map(len, text.splitlines())) <= WIDTH + 20


def test_a_recording_without_repeats_or_averages_has_a_page(tmp_path):
    found = quality(tmp_path, "unrepeated", "gap")
    assert list(found) == ["/", "running"] and len(faults(found)) == 1
    text = page(found, [], "eye")
    assert not [word for word in ("frozen", "noise ceiling", "noise_ceiling") if word in text]
    root = found["/"].drop_vars([name for name in found["/"] if "sta" in name or "rf" in name])
    root = root.drop_vars(["frame_slip", "polarity"])
    alone = {"/": root, "running": found["running"]}
    assert len(faults(alone)) == 1 and "Nothing looks wrong." in page(alone, [], "eye")
