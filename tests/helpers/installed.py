"""The library as pip installs it, in an environment of its own."""

import subprocess
import sys
import sysconfig
import venv
from pathlib import Path
from shutil import copy2, copytree, ignore_patterns

from helpers.project import ROOT


def install(folder: Path) -> Path:
    """Install the library into an empty environment; returns that environment's Python.

    The packages that the library needs are those of the environment of the tests, which are not
    fetched again. That environment's own Finefield, if it has one, is not found.
    """
    source, environment = folder / "source", folder / "environment"
    copytree(ROOT / "workflow", source / "workflow", ignore=ignore_patterns("*.egg-info"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        copy2(ROOT / name, source)
    venv.create(environment, with_pip=False, symlinks=True)
    base = {"base": str(environment), "platbase": str(environment)}
    own = sysconfig.get_path("purelib", scheme="venv", vars=base)
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps"]
    command += ["--no-build-isolation", "--target", own, source]
    subprocess.run(command, check=True)
    # A path file in a folder that a path file names is not read: an editable Finefield is one.
    Path(own, "packages.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return environment / "bin/python"
