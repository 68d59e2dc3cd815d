"""Public recordings, as docs/public-sets.md says how to get and read them."""

import re
import shutil

import pandas as pd
import pytest
import yaml
from helpers.project import ROOT, Project

pytestmark = pytest.mark.slow

MAHUAS = ROOT.parent / "shared/recordings/mahuas2020"


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    """Cells and averages of the moving bar, by the page's code and the config that it names."""
    if not MAHUAS.exists():
        pytest.skip(f"no recording in {MAHUAS.name}")
    config = yaml.safe_load((ROOT / "config/mahuas.yaml").read_text())
    project = Project.from_sources(tmp_path_factory.mktemp("public") / "project", config)
    shutil.copytree(MAHUAS, project.folder / "resources/recordings/mahuas2020")
    code = re.search(r"```python\n(.*?)```", (ROOT / "docs/public-sets.md").read_text(), re.S)[1]
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(project.folder)
        exec(code, {})  # the page's own, as a reader runs it
    project.run(
        "--cores",
        "2",
        "results/mahuas/cells.csv",
        *(f"results/mahuas/sta/bar/{n}.nc" for n in "05"),
    )
    return project.folder / "results/mahuas"


def test_every_cell_that_saw_the_moving_bar_is_kept(results):
    cells = pd.read_csv(results / "cells.csv")
    assert len(cells) == 6 and cells["note"].isna().all()
    assert set(cells["polarity"]) == {"OFF"} and (cells["frame_slip"] == 0).all()
    # As the README of the recording says.
    assert cells["reliability"].between(0.93, 0.98).all()
    assert cells["n_spikes"].between(10_700, 23_100).all()
    assert (cells["crop_height"] == 1).all() and (cells["sta_snr"] > 30).all()
