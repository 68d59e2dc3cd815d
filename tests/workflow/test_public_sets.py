"""Public recordings, as docs/public-sets.md says how to get and read them."""

import re
import shutil

import numpy as np
import pandas as pd
import pytest
import yaml
from helpers.project import ROOT, Project

pytestmark = pytest.mark.slow

MAHUAS = ROOT.parent / "shared/recordings/mahuas2020"
#: A piece of retina as Sridhar and Gollisch lay it out, but small: trials, frames, and the field.
TRIALS, RUNNING, FROZEN, HEIGHT, WIDTH = 12, 500, 100, 15, 20
#: Rows and columns of the receptive fields of its two cells, the first OFF and the second ON.
PLACES = (4, 6), (10, 13)


def read_as_the_page_says(project, section):
    """Run the page's own code of a section, as a reader does."""
    page = (ROOT / "docs/public-sets.md").read_text().partition(f"## {section}\n")[2]
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(project.folder)
        exec(re.search(r"```python\n(.*?)```", page, re.S)[1], {})


@pytest.fixture(scope="module")
def mahuas(tmp_path_factory):
    """Cells and averages of the moving bar, by the page's code and the config that it names."""
    if not MAHUAS.exists():
        pytest.skip(f"no recording in {MAHUAS.name}")
    config = yaml.safe_load((ROOT / "config/mahuas.yaml").read_text())
    project = Project.from_sources(tmp_path_factory.mktemp("public") / "project", config)
    shutil.copytree(MAHUAS, project.folder / "resources/recordings/mahuas2020")
    read_as_the_page_says(project, "Mahuas et al. 2020")
    averages = [f"results/mahuas/sta/bar/{n}.nc" for n in "05"]
    project.run("--cores", "2", "results/mahuas/cells.csv", *averages)
    return pd.read_csv(project.folder / "results/mahuas/cells.csv")


def test_every_cell_that_saw_the_moving_bar_is_kept(mahuas):
    assert len(mahuas) == 6 and mahuas["note"].isna().all()
    assert set(mahuas["polarity"]) == {"OFF"} and (mahuas["frame_slip"] == 0).all()
    # As the README of the recording says.
    assert mahuas["reliability"].between(0.93, 0.98).all()
    assert mahuas["n_spikes"].between(10_700, 23_100).all()
    assert (mahuas["crop_height"] == 1).all() and (mahuas["sta_snr"] > 30).all()


def spikes(frames, rng):
    """Counts (cell, frame) of LN cells that see a frame of 0 and 1 two frames later."""
    counts = []
    for (y, x), sign in zip(PLACES, (-1, 1), strict=True):
        seen = frames[:, y - 1 : y + 2, x - 1 : x + 2].mean((1, 2)) - 0.5
        counts.append(rng.poisson(8 * np.maximum(0, sign * np.roll(seen, 2))))
    return np.stack(counts)


@pytest.fixture(scope="module")
def marmoset(tmp_path_factory):
    """Cells of a made-up recording in the layout of Sridhar and Gollisch."""
    config = yaml.safe_load((ROOT / "config/sridhar.yaml").read_text())
    config["datasets"]["marmoset"]["field"] |= {"height": HEIGHT, "width": WIDTH}
    project = Project.from_sources(tmp_path_factory.mktemp("public") / "project", config)
    folder, rng = project.folder / "resources/recordings/sridhar2025", np.random.default_rng(1)
    folder /= "data/white_noise/retina_01"
    frozen = rng.integers(0, 2, (FROZEN, HEIGHT, WIDTH), np.int8)
    (folder / "responses").mkdir(parents=True)
    np.save(folder / "repeating_stimuli.npy", frozen)
    running = rng.integers(0, 2, (TRIALS, RUNNING, HEIGHT, WIDTH), np.int8)
    for number, trial in enumerate(running):
        path = folder / f"non_repeating_stimuli/trial_{number:02d}/frames.npy"
        path.parent.mkdir(parents=True)
        np.save(path, trial)
    for name, shown in {"train": running, "test": [frozen] * TRIALS}.items():
        counts = np.stack([spikes(trial, rng) for trial in shown], 1)
        np.save(folder / f"responses/{name}_responses_binned.npy", counts)
    read_as_the_page_says(project, "Sridhar and Gollisch 2025")
    project.run("--cores", "2", "results/marmoset/cells.csv")
    return pd.read_csv(project.folder / "results/marmoset/cells.csv")


def test_a_recording_in_the_layout_of_sridhar_and_gollisch_is_read(marmoset):
    assert marmoset["note"].isna().all() and list(marmoset["polarity"]) == ["OFF", "ON"]
    assert marmoset[["rf_y", "rf_x"]].round().values.tolist() == [list(one) for one in PLACES]
    assert (marmoset["reliability"] > 0.5).all() and (marmoset["frame_slip"] == 0).all()
