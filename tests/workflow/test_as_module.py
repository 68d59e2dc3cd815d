"""Another workflow, in another folder, uses this one as a module of its own."""

import os
import subprocess
import sys
from copy import deepcopy

import pytest
import xarray as xr
import yaml
from helpers.project import ROOT
from PIL import Image

pytestmark = pytest.mark.slow

#: A workflow with a config and a rule of its own. What it asks for lies under `prefix`.
OUTER = """
configfile: "outer.yaml"

onsuccess:
    print("the outer workflow is done")

module finefield:
    snakefile:
        "{root}/workflow/Snakefile"
    config:
        config["retina"]
    prefix:
        "{prefix}"

use rule * from finefield as finefield_*

rule best:
    default_target: True
    input:
        cosines="{prefix}results/toy/matching/small/noise/left.nc",
        page="{prefix}results/toy/figures/small/noise/left.svg",
    output:
        "best.txt",
    shell:
        "echo {{config[greeting]}} > {{output}}"
"""


@pytest.fixture
def outer(tmp_path):
    """Make and run the outer workflow; its folder, and what was said."""

    def run(prefix, config, *arguments):
        (tmp_path / "Snakefile").write_text(OUTER.format(root=ROOT, prefix=prefix))
        (tmp_path / "outer.yaml").write_text(yaml.safe_dump({"greeting": "hello"} | config))
        done = subprocess.run(
            [sys.executable, "-m", "snakemake", *arguments],
            cwd=tmp_path,
            env={key: value for key, value in os.environ.items() if key != "PYTHONPATH"},
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return tmp_path, done.stdout + done.stderr

    return run


def test_a_workflow_that_uses_this_one_gets_its_results(outer, toy_config):
    folder, said = outer("theirs/", {"retina": toy_config}, "--cores", "2")
    assert (folder / "best.txt").read_text() == "hello\n"
    assert "the outer workflow is done" in said
    with xr.open_dataset(folder / "theirs/results/toy/matching/small/noise/left.nc") as matching:
        assert (matching["cosine"] > 0.9).all()
    # Nothing is written beside the prefix, and nothing from our own default config.
    made = {path.name for path in folder.iterdir()}
    assert made == {"Snakefile", "outer.yaml", "best.txt", "theirs", ".snakemake"}
    assert [path.name for path in (folder / "theirs/results").iterdir()] == ["toy"]
    assert (folder / "theirs/logs/toy/train/small/noise/left.log").exists()


def test_files_of_the_user_get_no_prefix(outer, toy_config, tmp_path):
    """Images lie where the outer workflow's config says."""
    (tmp_path / "photos").mkdir()
    Image.new("L", (64, 64)).save(tmp_path / "photos/grey.png")
    config = deepcopy(toy_config)
    config["datasets"]["toy"]["stimuli"]["scenes"] = {"kind": "flashed_images", "images": "photos"}
    target = "theirs/results/toy/stimulus/scenes.nc"
    # With a prefix the image would be an input that is missing.
    _, said = outer("theirs/", {"retina": config}, target, "--dry-run")
    assert "finefield_make_stimulus" in said
