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

from finefield.averages.separation import separate
from finefield.averages.sta import spike_triggered_average
from finefield.config.reading import load
from finefield.files import store
from finefield.files.transfer import write_transfer
from finefield.networks.network import Network
from finefield.responses.responses import Responses
from finefield.simulation.cell import build_cell
from finefield.simulation.spikes import simulate_responses
from finefield.stimuli.noise import binary_noise
from finefield.tables.targets import read_targets, write_targets
from finefield.transfer.grid import transfer_grid
from finefield.transfer.prediction import transfer
from finefield.transfer.targets import Target, refit_samples

ROOT = Path(__file__).parents[1]
PATH = ROOT / "benchmarks/many_cells.yaml"


def main():
    plan()
    config = load(PATH)
    dataset, rng = config.datasets["many"], np.random.default_rng(1)
    field = dataset.field.height, dataset.field.width
    running, frozen = (binary_noise(rng, n, *field) for n in (20_000, 300))
    cells = {
        name: make_target(settings, running, frozen, rng)
        for name, settings in dataset.cells.items()
    }
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "targets.nc"
        write_targets(path, cells, {})
        targets, data = read_targets(path), store.read(path)
    names = list(targets)
    lags, side = config.models["finefield"].lags, 9
    # As trained networks: four time courses, six of sixteen filters in use.
    shapes, courses = rng.normal(size=(16, 4, side, side)), rng.normal(size=(lags, 4))
    weight = np.einsum("fcyx,lc->flyx", shapes, courses).astype(np.float32) / 40
    readout = rng.random((16, 4, 4)).astype(np.float32)
    readout[6:] = 0
    bias = np.zeros(16, np.float32)
    network = Network(weight, bias, readout, -1.0, 5.0, 0.0, 0.5, 2, 16, 16)
    amounts, max_shift = config.transfer.refit_frames, config.transfer.max_shift
    start, source = time.perf_counter(), targets[names[0]]
    found = transfer(network, source, targets, targets, frozen, running, amounts, max_shift)
    found = {("white_noise", name): one for name, one in found.items()}
    seconds = time.perf_counter() - start
    print(f"| one network on {len(names)} cells | {seconds:.0f} s |")
    print(f"| all networks, two cores | {seconds * len(names) / 2 / 60:.0f} min |")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "transfer.nc"
        write_transfer(path, ("white_noise", names[0]), found, ["white_noise"], names, amounts, {})
        first = store.read(path)
    start, rows, subunits = time.perf_counter(), [], {}
    for name in names:
        row = first.assign_coords(source_cell=[name])
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


def make_target(settings, running, frozen, rng):
    """A cell as a target, as the workflow makes it, but for its noise ceiling and LN model."""
    cell, responses = build_cell(settings, 30.0), []
    for movie, n_trials in ((running, 1), (frozen, 20)):
        counts = simulate_responses(cell, movie.crop(cell.window), n_trials, 30.0, rng).spike_count
        responses.append(Responses(counts, np.zeros(n_trials, int), 30.0))
    samples = responses[0].samples(20)
    sta = spike_triggered_average(running.crop(cell.window), *samples, 20)
    temporal, spatial, _ = separate(sta)
    newest, counts = responses[1].frozen(20)
    return Target(
        cell.window,
        newest,
        counts.mean(0) * 30.0,
        *refit_samples(responses[0], 20, 1000),
        temporal,
        spatial,
        noise_ceiling=0.9,
        ln_correlation=0.5,
    )


if __name__ == "__main__":
    main()
