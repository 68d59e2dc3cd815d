"""The library as pip installs it, in an environment of its own."""

import subprocess
import venv
from pathlib import Path
from shutil import copy2, copytree, ignore_patterns

from helpers.project import ROOT


def install(folder: Path) -> Path:
    """Install the library with what it needs into an empty environment; returns its Python."""
    source, environment = folder / "source", folder / "environment"
    built = ignore_patterns("*.egg-info", "__pycache__")
    copytree(ROOT / "workflow", source / "workflow", ignore=built)
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        copy2(ROOT / name, source)
    venv.create(environment, with_pip=True)
    python, lock = environment / "bin/python", ROOT / "envs/lock.txt"
    command = [python, "-m", "pip", "install", "--quiet", "--constraint", lock, source]
    subprocess.run(command, check=True)
    return python
