"""Every fault of a config stops a run before any job, with one message and no traceback."""

import re

import pytest
import yaml
from helpers.configs import FAULTS, MESSAGE, changed
from helpers.project import Project

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def bare(tmp_path_factory, toy_config):
    """The toy project, in which nothing is run; not to be changed."""
    return Project.from_sources(tmp_path_factory.mktemp("bare") / "project", toy_config)


@pytest.mark.parametrize("number", range(len(FAULTS)))
def test_a_fault_stops_the_run(bare, tmp_path, number):
    path, value, thing, *_ = FAULTS[number]
    file = tmp_path / "config.yaml"
    file.write_text(yaml.safe_dump(changed(path, value), sort_keys=False))
    said = bare.run("--cores", "2", "--configfile", str(file), fails=True)
    (message,) = re.findall(f"^{MESSAGE}$", said, re.MULTILINE)
    assert "Traceback" not in said and "Job" not in said
    assert not bare.made() and not bare.files("logs/**/*")
    assert message.startswith(f"{thing}: ") or "in quotes" in message
