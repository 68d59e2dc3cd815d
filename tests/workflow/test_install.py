"""`pip install .` gives a library that needs neither the repository nor Snakemake."""

import json
import os
import subprocess

import pytest
from helpers.installed import install

import finefield

SESSION = """
import json
import finefield
from finefield.base import generator
from finefield.stimuli.noise import binary_noise

frames = binary_noise(generator(1, "noise"), 100, 8, 8, low=-0.5, high=0.5)
print(json.dumps([finefield.__version__, finefield.__file__, frames.shape]))
"""


@pytest.fixture(scope="module")
def python(tmp_path_factory):
    """Python of an environment with the library alone."""
    return install(tmp_path_factory.mktemp("installed"))


def run(python, session):
    """What a session says, in a folder without the repository."""
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    done = subprocess.run(
        [python, "-c", session],
        cwd=python.parent,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout)


@pytest.mark.slow
def test_the_library_is_found_without_the_repository(python):
    version, path, shape = run(python, SESSION)
    assert version == finefield.__version__
    assert str(python.parents[1]) in path
    assert shape == [100, 8, 8]


@pytest.mark.slow
def test_the_package_holds_the_library_alone(python):
    """The workflow's scripts and rules stay in the repository."""
    session = (
        "import json; from importlib.metadata import files; "
        "print(json.dumps([str(path) for path in files('finefield')]))"
    )
    names = {name.split("/")[0] for name in run(python, session)}
    assert names == {"finefield", f"finefield-{finefield.__version__}.dist-info"}
