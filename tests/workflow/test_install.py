"""`pip install .` gives a library that needs neither the repository nor Snakemake."""

import json
import os
import re
import subprocess

import pytest
from helpers.installed import install
from helpers.project import ROOT

import finefield

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def python(tmp_path_factory):
    """Python of an environment with the library and what it needs, alone."""
    return install(tmp_path_factory.mktemp("installed"))


def run(python, session):
    """What a session prints, in a folder without the repository."""
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    done = subprocess.run(
        [python, "-c", session],
        cwd=python.parent,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def test_the_library_is_found_without_the_repository(python):
    session = "import finefield as f, json; print(json.dumps([f.__version__, f.__file__]))"
    version, path = json.loads(run(python, session))
    assert version == finefield.__version__
    assert str(python.parents[1]) in path


def test_the_page_about_python_prints_what_it_says(python):
    session = re.search(r"```python\n(.*?)```", (ROOT / "docs/python.md").read_text(), re.S)[1]
    said = re.search(r"print.*# (.*)", session)[1]
    assert run(python, session).strip() == said


def test_the_package_holds_the_library_alone(python):
    """The workflow's scripts and rules stay in the repository."""
    session = (
        "import json; from importlib.metadata import files; "
        "print(json.dumps([str(path) for path in files('finefield')]))"
    )
    names = {name.split("/")[0] for name in json.loads(run(python, session))}
    # The command `finefield-check` lies beside Python.
    assert names == {"finefield", f"finefield-{finefield.__version__}.dist-info", ".."}


def test_the_command_is_there(python):
    done = subprocess.run([python.parent / "finefield-check", "gone.yaml"], capture_output=True)
    assert done.returncode == 1 and b"gone.yaml: got " in done.stderr, done
