"""A copy of the workflow with a config of its own, and what Snakemake does and says there."""

import os
import shutil
import signal
import subprocess
import sys
from collections import defaultdict
from contextlib import contextmanager
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[2]
SOURCES = ("workflow", "config", "envs")


class Project:
    """A folder with the workflow's files, in which Snakemake is run as a user would.

    Parameters
    ----------
    folder : Path
        The folder.
    """

    def __init__(self, folder: Path):
        self.folder = folder

    @classmethod
    def from_sources(cls, folder: Path, config: dict):
        """Copy the working tree's files that matter, and write `config` as the default one."""
        for name in SOURCES:
            ignored = shutil.ignore_patterns("__pycache__")
            shutil.copytree(ROOT / name, folder / name, ignore=ignored)
        project = cls(folder)
        with project.config() as empty:
            empty.clear()
            empty.update(config)
        return project

    def copy(self, folder: Path):
        """The same project, results and Snakemake's records included, elsewhere; times are kept."""
        shutil.copytree(self.folder, folder)
        return Project(folder)

    @contextmanager
    def config(self):
        """The default config, to be changed."""
        path = self.folder / "config/config.yaml"
        config = yaml.safe_load(path.read_text())
        yield config
        path.write_text(yaml.safe_dump(config, sort_keys=False))

    def start(self, *arguments: str, stderr=subprocess.STDOUT, **options) -> subprocess.Popen:
        """Start Snakemake with only the project's own modules at hand; options are Popen's.

        As from a notebook, which names a backend of Matplotlib that is elsewhere not installed.
        """
        environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
        environment["MPLBACKEND"] = "module://matplotlib_inline.backend_inline"
        return subprocess.Popen(
            [sys.executable, "-m", "snakemake", *arguments],
            cwd=self.folder,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=stderr,
            text=True,
            # Tests that run in the background of a script would hand on that Ctrl-C is ignored.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
            **options,
        )

    def run(self, *arguments: str, fails: bool = False) -> str:
        """Run Snakemake to its end, which must be as expected; returns all that it said."""
        process = self.start(*arguments)
        said, _ = process.communicate()
        assert bool(process.returncode) == fails, said
        return said

    def plan(self, *arguments: str) -> dict[str, set[str]]:
        """What a run would make: rule -> outputs.

        Taken from ``--summary``, which also counts jobs that only run because another job changes
        their inputs.
        """
        process = self.start("--summary", *arguments, stderr=subprocess.PIPE)
        table, said = process.communicate()
        assert process.returncode == 0, said
        header, *rows = (line.split("\t") for line in table.splitlines())
        columns = [header.index(name) for name in ("output_file", "rule", "plan")]
        planned = defaultdict(set)
        for path, rule, plan in ([row[column] for column in columns] for row in rows):
            assert plan in ("no update", "update pending"), plan
            if plan == "update pending":
                planned[rule].add(path)
        return dict(planned)

    def files(self, pattern: str) -> dict[str, Path]:
        """Files below the project by their path in it."""
        paths = sorted(path for path in self.folder.glob(pattern) if path.is_file())
        return {str(path.relative_to(self.folder)): path for path in paths}

    def made(self) -> dict[str, int]:
        """Every result with the time it was made; benchmarks are left out."""
        return {
            name: path.stat().st_mtime_ns
            for name, path in self.files("results/**/*").items()
            if "/benchmarks/" not in name
        }

    def contents(self) -> dict[str, bytes]:
        """Path -> content of every result but the overview, which says how long jobs took."""
        return {
            name: (self.folder / name).read_bytes()
            for name in self.made()
            if not name.endswith("report/overview.html")
        }

    def edit(self, name: str, text: str = "\nEDITED = True\n") -> None:
        """Append to a file: by default code, as comments count for nothing."""
        path = self.folder / name
        path.write_text(path.read_text() + text)
