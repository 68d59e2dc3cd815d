"""How the stages before training grow with the number of recorded cells, from nothing to figures.

Usage: recordings.py RECORDING [--cells N ...]

RECORDING is a MATLAB file of counts such as that of Liu et al. 2017; for more cells than it holds,
its cells are repeated. Each size is a run of Snakemake in a folder of its own, on two cores. A
stage's seconds are the processor time of all its jobs; the other rows are seconds by the clock.
"""

import argparse
import resource
import subprocess
import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np
import pandas as pd
import yaml
from machine import describe, timed
from scipy.io import loadmat, savemat
from tables import table

from finefield.averages.sta import field_average
from finefield.files.responses import read_responses
from finefield.files.stimulus import stimulus_bands

ROOT = Path(__file__).parents[1]
STAGES = (
    "import_recording",
    "make_stimulus",
    "read_responses",
    "locate_cell",
    "spike_triggered_average",
    "collect_cells",
    "plot_field",
)


def prepare(folder: Path, recording: Path, n_cells: int) -> Path:
    """Write a recording of so many cells and its config; returns the config's path."""
    arrays = {key: value for key, value in loadmat(recording).items() if not key.startswith("_")}
    cells = np.arange(n_cells) % len(next(iter(arrays.values())))
    path = folder / "cells.mat"
    savemat(path, {key: value[cells] for key, value in arrays.items()}, do_compression=True)
    config = {"datasets": {"recorded": {"kind": "recorded", "recording": str(path)}}}
    (folder / "config.yaml").write_text(yaml.safe_dump(config))
    return folder / "config.yaml"


def snakemake(folder: Path, config: Path, n_cells: int, *options: str) -> None:
    """Run everything but the training, or plan it."""
    results = "results/recorded"
    averages = [f"{results}/sta/white_noise/{cell}.nc" for cell in range(n_cells)]
    targets = [f"{results}/cells.nc", f"{results}/figures/field.svg", *averages]
    where = ["--snakefile", str(ROOT / "workflow/Snakefile"), "--directory", str(folder)]
    command = [sys.executable, "-m", "snakemake", *targets, *where, "--cores", "2", *options]
    subprocess.run([*command, "--configfile", str(config)], check=True, capture_output=True)


def stages(folder: Path) -> dict[str, tuple[float, float]]:
    """Stage -> processor time of all its jobs [s], and memory of the largest [MB]."""
    found = {}
    for stage in STAGES:
        paths = (folder / f"results/recorded/benchmarks/{stage}").rglob("*.tsv")
        jobs = pd.concat([pd.read_csv(path, sep="\t") for path in paths])
        found[stage] = float(jobs["cpu_time"].sum()), float(jobs["max_rss"].max())
    return found


def average(results: Path, cell: int) -> float:
    """Average the whole field before one cell's spikes; the process's memory so far [MB]."""
    responses = read_responses(results / f"responses/white_noise/{cell}.nc")
    bands = stimulus_bands(results / "stimulus/white_noise.nc")
    field_average(bands, *responses.samples(20), 20)
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000


def averages(results: Path, n_cells: int) -> float:
    """Largest memory [MB] of two processes that average the whole field for every cell."""
    with ProcessPoolExecutor(2) as pool:
        return max(pool.map(average, [results] * n_cells, range(n_cells)))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("recording", type=Path)
    parser.add_argument("--cells", type=int, nargs="+", default=[10, 40, 400])
    arguments = parser.parse_args()
    print(describe(), flush=True)
    rows = []
    for n_cells in arguments.cells:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            config = prepare(folder, arguments.recording, n_cells)
            planning, _ = timed(snakemake, folder, config, n_cells, "--dry-run")
            whole, _ = timed(snakemake, folder, config, n_cells)
            rows.append((n_cells, "planning, by the clock", planning, ""))
            for stage, (seconds, megabytes) in stages(folder).items():
                rows.append((n_cells, stage, seconds, megabytes))
            seconds, megabytes = timed(averages, folder / "results/recorded", n_cells)
            rows.append((n_cells, "whole run, by the clock", whole, ""))
            rows.append((n_cells, "averages alone, by the clock", seconds, megabytes))
    header = ["cells", "stage", "seconds", "largest job [MB]"]
    print(table(header, rows))


if __name__ == "__main__":
    main()
