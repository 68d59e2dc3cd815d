"""The workflow's rules: which read which files, and which modules their scripts load."""

import json
import re
import subprocess
import sys
from pathlib import Path

CELLS = {"left", "right", "silent"}
#: Prints, for each script, which of the workflow's modules importing it really loads.
LOADED = """
import json, os, sys
import matplotlib.figure, netCDF4, numba, pandas, torch, xarray
import scipy.io, scipy.ndimage, scipy.signal, scipy.stats
sys.path.insert(0, "workflow")
for name in sys.argv[1:]:
    sys.stdout.flush()
    if os.fork() == 0:
        import importlib
        importlib.import_module(f"scripts.{name}")
        files = (getattr(module, "__file__", None) for module in sys.modules.values())
        here = os.path.realpath("workflow") + os.sep
        files = [os.path.realpath(file) for file in files if file]
        print(json.dumps([name, [f[len(here):] for f in files if f.startswith(here)]]))
        sys.stdout.flush()
        os._exit(0)
    assert os.wait()[1] == 0, name
"""


def cells(paths):
    """Cells that planned outputs are of."""
    return {Path(path).stem.removesuffix("_film") for path in paths}


class Graph:
    """Snakemake's own graph of rules.

    Attributes
    ----------
    readers : dict of set of str
        Rule -> rules that read its outputs.
    per_cell : set of str
        Rules that make a file of their own for each cell.
    """

    def __init__(self, project):
        said = project.start("--rulegraph", stderr=subprocess.DEVNULL).communicate()[0]
        names = dict(re.findall(r'^\s*(\d+)\[label = "(\w+)"', said, re.MULTILINE))
        self.readers = {rule: set() for rule in names.values()}
        for maker, reader in re.findall(r"^\s*(\d+) -> (\d+)$", said, re.MULTILINE):
            self.readers[names[maker]].add(names[reader])
        outputs = project.plan("--forceall")
        assert outputs.keys() == self.readers.keys() - {"all"}
        self.per_cell = {rule for rule, paths in outputs.items() if cells(paths) == CELLS}

    def after(self, *rules):
        """These rules and all that read their outputs, directly or not."""
        found, waiting = set(), list(rules)
        while waiting:
            rule = waiting.pop()
            found.add(rule)
            waiting += self.readers[rule] - found
        return found - {"all"}


def loaded_modules(project):
    """Script -> the workflow's files that it really loads, itself left out."""
    scripts = {path.stem for path in project.files("workflow/scripts/*.py").values()}
    lines = subprocess.run(
        [sys.executable, "-c", LOADED, *sorted(scripts)],
        cwd=project.folder,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.splitlines()
    found = {name: set(files) - {f"scripts/{name}.py"} for name, files in map(json.loads, lines)}
    assert set(found) == scripts
    return found
