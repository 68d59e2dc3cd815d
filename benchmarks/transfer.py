"""Transfer among 400 simulated cells: jobs, planning, time and memory of the grid; a table.

.venv/bin/python benchmarks/transfer.py

Planning is a dry run of benchmarks/many_cells.yaml. One network is tried on all 400 targets, as its
job does; the other jobs take as long each. The grid is collected from 400 rows of such scores.
"""

import re
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import xarray as xr

from finefield.averages.sta import separate, spike_triggered_average
from finefield.config import reading as config
from finefield.files import contents as files
from finefield.files import store
from finefield.files.targets import read_targets, target_dataset
from finefield.networks.network import Network
from finefield.simulation.cell import build_cell, simulate_responses
from finefield.stimuli.noise import binary_noise
from finefield.transfer.grid import transfer_grid
from finefield.transfer.prediction import transfer, transfer_dataset

ROOT = Path(__file__).parents[1]
PATH = ROOT / "benchmarks/many_cells.yaml"


def main():
    plan()
    settings = config.load(PATH)
    dataset, rng = settings["datasets"]["many"], np.random.default_rng(1)
    field = dataset["field"]["height"], dataset["field"]["width"]
    running, frozen = (binary_noise(rng, n, *field) for n in (20_000, 300))
    with tempfile.TemporaryDirectory() as folder:
        targets, data = make_targets(dataset["cells"], running, frozen, Path(folder), rng)
    names = list(targets)
    lags, side = settings["models"]["finefield"]["lags"], 9
    # As trained networks: four time courses, six of sixteen filters in use.
    shapes, courses = rng.normal(size=(16, 4, side, side)), rng.normal(size=(lags, 4))
    weight = np.einsum("fcyx,lc->flyx", shapes, courses).astype(np.float32) / 40
    readout = rng.random((16, 4, 4)).astype(np.float32)
    readout[6:] = 0
    bias = np.zeros(16, np.float32)
    network = Network(weight, bias, readout, -1.0, 5.0, 0.0, 0.5, 2, 16, 16)
    transfers = settings["transfer"]
    settings = transfers["refit_frames"], transfers["max_shift"]
    start, source = time.perf_counter(), targets[names[0]]
    found = transfer(network, source, targets, targets, frozen, running, *settings)
    found = {("white_noise", name): one for name, one in found.items()}
    seconds = time.perf_counter() - start
    print(f"| one network on {len(names)} cells | {seconds:.0f} s |")
    print(f"| all networks, two cores | {seconds * len(names) / 2 / 60:.0f} min |")
    start, rows, subunits = time.perf_counter(), [], {}
    for name in names:
        row = transfer_dataset(
            found, "white_noise", name, ["white_noise"], names, transfers["refit_frames"]
        )
        row["correlation"] = row["correlation"] + 0.01 * rng.normal(size=row["correlation"].shape)
        rows.append(row)
        subunits["white_noise", name] = rng.random((6, 16, 16))
    transfer_grid(rows, {"white_noise": data}, subunits, rng)
    print(f"| collecting the grid, with its statistics | {time.perf_counter() - start:.0f} s |")
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    print(f"| memory at most, all of this | {memory:.1f} GB |")


def plan():
    """Jobs of the whole run, and how long a dry run takes."""
    with tempfile.TemporaryDirectory() as folder:
        for name in ("workflow", "envs"):
            (Path(folder) / name).symlink_to(ROOT / name)
        start = time.perf_counter()
        command = [Path(sys.executable).with_name("snakemake"), "--dry-run", "--quiet", "rules"]
        command += ["--configfile", PATH]
        said = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)
        seconds = time.perf_counter() - start
    jobs = dict(re.findall(r"^(\w+) +(\d+)$", said.stdout + said.stderr, re.MULTILINE))
    print(f"| jobs | {jobs['total']}, of them {jobs['transfer']} of transfer |")
    print(f"| planning | {seconds:.1f} s |")


def make_targets(cells, running, frozen, folder, rng):
    """Targets of all cells, as the workflow makes them."""
    targets = []
    for name, definition in cells.items():
        cell = build_cell(definition, 30.0)
        groups = {}
        for group, movie, n_trials in ((None, running, 1), ("frozen", frozen, 20)):
            rate, counts = simulate_responses(cell, movie.crop(cell.window), n_trials, 30.0, rng)
            groups[group] = files.responses_dataset(name, counts, [0] * n_trials, 30.0, rate=rate)
        attributes = {"finefield_version": "benchmark"}
        files.write_responses(folder / "responses.nc", groups, attributes, 1)
        ellipse = (0.0, 0.0, 1.0, 1.0, 0.0)
        about = files.cell_dataset(name, cell.window, definition["polarity"], ellipse, 30.0)
        store.write(folder / "cell.nc", about)
        newest, count = files.read_responses(folder / "responses.nc").samples(20)
        temporal, spatial, _ = separate(
            spike_triggered_average(running.crop(cell.window), newest, count, 20)
        )
        values = {
            "sta_temporal": ("lag", temporal), "sta_spatial": (("y", "x"), spatial),
            "correlation": 0.5, "noise_ceiling": 0.9,
        }  # fmt: skip
        store.write(folder / "sta.nc", xr.Dataset(values))
        paths = [folder / f"{stage}.nc" for stage in ("cell", "responses", "sta")]
        targets.append(target_dataset(name, paths, None, 20, 1000))
    data = xr.concat(targets, "cell", data_vars="all", join="outer", combine_attrs="drop")
    store.write(folder / "targets.nc", data)
    return read_targets(folder / "targets.nc"), data


if __name__ == "__main__":
    main()
