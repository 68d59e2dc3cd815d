"""The toy project: config/toy.yaml, with a silent cell besides."""

from copy import deepcopy

import pytest
import yaml
from helpers.graph import Graph, loaded_modules
from helpers.project import ROOT, Project


@pytest.fixture(scope="session")
def toy_config():
    """Config of the toy project; not to be changed."""
    config = yaml.safe_load((ROOT / "config/toy.yaml").read_text())
    cells = config["datasets"]["toy"]["cells"]
    cells["silent"] = deepcopy(cells["left"])
    cells["silent"]["output"]["threshold"] = 1000
    return config


@pytest.fixture
def project(tmp_path, toy_config):
    """The toy project before its first run."""
    return Project.from_sources(tmp_path / "project", toy_config)


@pytest.fixture(scope="session")
def first_run(tmp_path_factory, toy_config):
    """The toy project after its first run on two cores, and what was said; not to be changed."""
    project = Project.from_sources(tmp_path_factory.mktemp("toy") / "project", toy_config)
    return project, project.run("--cores", "2")


@pytest.fixture(scope="session")
def finished(first_run):
    """The toy project after its first run; not to be changed."""
    return first_run[0]


@pytest.fixture
def copied(finished, tmp_path):
    """The toy project after its first run, to be changed."""
    return finished.copy(tmp_path / "project")


@pytest.fixture(scope="session")
def graph(finished):
    """The toy project's graph of rules."""
    return Graph(finished)


@pytest.fixture(scope="session")
def loaded(finished):
    """Script -> the workflow's files that it really loads, itself left out."""
    return loaded_modules(finished)
