"""Subunits found from positions, where they are known: the tables of docs/subunits.md.

`PYTHONPATH=workflow .venv/bin/python benchmarks/positions.py` prints them as Markdown, in an hour
on two cores. Cells and settings are those of a config; nothing is trained by the workflow.
"""

import argparse
import multiprocessing
import sys
import time
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from itertools import count, repeat

import numpy as np
import tables
import torch

from finefield import networks, simulation, stimuli
from finefield.base.rng import generator
from finefield.networks.settings import NetworkSettings
from finefield.responses.responses import Responses
from finefield.simulation.drawn.population import draw_population
from finefield.simulation.settings import CellSettings, Gaussian, Output, Population
from finefield.stimuli.settings import StimulusField
from finefield.subunits.matching import match

FRAME_RATE = 30.0
#: Names and values of the rows of a table, as they are made.
Rows = Iterator[tuple[str, dict]]
#: A known subunit is recovered from this cosine on.
RECOVERED = 0.9
BLOCKS = [{"shape": "block", "y": y, "x": x} for y in (2, 4) for x in (2, 4)]
#: What populations may have, and the default does not.
KINDS = {
    "widths that differ twofold": {"widths": [0.67, 1.33]},
    "ellipses up to 2:1": {"ratio": [1, 2]},
    "patches that tile": {"shape": "patch"},
    "weights from 0.2 to 1": {"weights": [0.2, 1]},
    "two of five of the opposite polarity": {"opposite": 0.4},
    "all of these but patches": {
        "widths": [0.67, 1.33], "ratio": [1, 2], "weights": [0.2, 1], "opposite": 0.4,
    },
    "SDs of 0.45 to 0.6 pixels": {"sigma": [0.45, 0.6], "crop": 10},
    "SDs of 2 to 3 pixels": {"sigma": [2, 3], "crop": 32},
    "15 to 25 subunits": {"subunits": [15, 25], "sigma": [0.8, 1.1], "crop": 20},
    "neighbours' cosine 0.57 instead of 0.37": {"spacing": 1.5},
}  # fmt: skip
PAPER = CellSettings(crop={"y": 0, "x": 0}, subunits=BLOCKS)


def found(cell: CellSettings, seed: int, n_frames: int, unrelated: bool = False) -> dict:
    """Train on a cell's responses to white noise; what was found beside what is known."""
    model = simulation.build_cell(cell, FRAME_RATE)
    rng = generator(seed, "positions")
    size = model.subunits.shape[1:]
    movie = stimuli.binary_noise(rng, n_frames, *size, -0.5, 0.5)
    counts = simulation.simulate_responses(model, movie, 1, FRAME_RATE, rng).spike_count
    if unrelated:
        counts = rng.poisson(counts.mean(), counts.shape)
    responses, start = Responses(counts, np.zeros(1, int), FRAME_RATE), time.perf_counter()
    network = networks.train(movie, responses, NetworkSettings(), seed).network
    seconds = time.perf_counter() - start
    profiles = np.abs(network.weight).sum(1)[network.readout[:, 0, 0] > 0]
    _, cosine = match(model.subunits, profiles)
    return {
        "spikes": int(counts.sum()), "known": len(cosine), "found": len(profiles),
        "recovered": int((cosine >= RECOVERED).sum()), "least cosine": cosine.min(),
        "cosine": cosine, "seconds": seconds,
    }  # fmt: skip


def summed(rows: list[dict]) -> dict:
    """Recall and precision over cells."""
    known, all_found, recovered = (
        sum(row[key] for row in rows) for key in ("known", "found", "recovered")
    )
    return {
        "cells": len(rows), "spikes of a cell": int(np.median([row["spikes"] for row in rows])),
        "known": known, "found": all_found, "recall": recovered / known,
        "precision": recovered / max(all_found, 1),
        "seconds a cell": float(np.median([row["seconds"] for row in rows])),
    }  # fmt: skip


def population(pool: Executor, seed: int, n_cells: int, n_frames: int, **options: object) -> dict:
    """Cells drawn at random, as `population` of benchmarks/subunits.yaml draws them."""
    settings = Population(cells=n_cells, **options)
    side = max(StimulusField().height, settings.crop)
    field = StimulusField(height=side, width=side)
    drawn = draw_population(settings, field, 0.5, seed, "population")
    return summed(list(pool.map(found, drawn.values(), count(seed, 100), repeat(n_frames))))


def paper(pool: Executor, n_frames: int, n_seeds: int) -> dict:
    """The cell of Yan et al. 2020."""
    rows = list(pool.map(found, repeat(PAPER), range(n_seeds), repeat(n_frames)))
    least = np.array([row["least cosine"] for row in rows])
    return {
        "seeds": n_seeds, "spikes": int(np.median([row["spikes"] for row in rows])),
        "all four at 0.95": int((least >= 0.95).sum()),
        "all four at 0.99": int((least >= 0.99).sum()),
        "others found": sum(row["found"] - 4 for row in rows if row["found"] > 4),
        "seconds a cell": float(np.median([row["seconds"] for row in rows])),
    }  # fmt: skip


def numbers(rows: list[dict]) -> dict:
    """How many cells have how many subunits."""
    number = [row["found"] for row in rows]
    return {"cells": len(rows), **{f"{n} found": number.count(n) for n in range(3)},
            "more": sum(n > 2 for n in number)}  # fmt: skip


def single(seed: int) -> CellSettings:
    """A cell of one Gaussian."""
    sigma = float(np.random.default_rng(seed).uniform(0.8, 3))
    one = Gaussian(shape="gaussian", y=7.5, x=7.5, sigma=sigma)
    rate = Output(threshold=0.5 * sigma, gain=2 / sigma)
    crop = {"y": 0, "x": 0, "height": 16, "width": 16}
    return CellSettings(crop=crop, subunits=[one], output=rate, spikes="poisson")


def populations(pool: Executor, n_cells: int, seeds: list[int]) -> Rows:
    """Populations of some seeds, and of the first with fewer frames."""
    parts = [(seed, 300_000) for seed in seeds]
    parts += [(seeds[0], n_frames) for n_frames in (150_000, 30_000, 10_000)]
    for seed, n_frames in parts:
        name = f"seed {seed}, {n_frames:,} frames"
        yield name, population(pool, seed, n_cells, n_frames)


def kinds(pool: Executor, n_cells: int, seeds: list[int]) -> Rows:
    """Populations of other kinds."""
    for name, kind in KINDS.items():
        yield name, population(pool, seeds[0], n_cells, 300_000, **kind)


def papers(pool: Executor, n_cells: int, seeds: list[int]) -> Rows:
    """The paper's cell with more and more frames."""
    for n_frames in (10_000, 20_000, 50_000, 100_000, 1_000_000):
        yield f"{n_frames:,} frames", paper(pool, n_frames, 10 if n_frames < 1_000_000 else 2)


def controls(pool: Executor, n_cells: int, seeds: list[int]) -> Rows:
    """Cells with one subunit and with none."""
    for name, unrelated in {"one Gaussian": False, "no stimulus": True}.items():
        cells = map(single, range(n_cells))
        rows = pool.map(found, cells, range(n_cells), repeat(100_000), repeat(unrelated))
        yield name, numbers(list(rows))


#: Tables by their headings.
TABLES = {
    "Cells drawn at random": populations,
    "Cells drawn at random, of other kinds": kinds,
    "The paper's cell": papers,
    "Cells of one subunit, and spikes without a stimulus": controls,
}


def table(rows: Rows) -> str:
    """A row for each name, a column for each value; names go to stderr as rows are made."""
    made = {}
    for name, row in rows:
        print(f"{name}: {row}", file=sys.stderr, flush=True)
        made[name] = row
    header = ["", *next(iter(made.values()))]
    return tables.table(header, [[name, *row.values()] for name, row in made.items()])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cells", type=int, default=30, help="cells of a population")
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3, 4])
    parser.add_argument("--cores", type=int, default=2, help="processes of one thread each")
    names = [made.__name__ for made in TABLES.values()]
    parser.add_argument("--tables", nargs="+", choices=names, default=names, help="tables to make")
    options = parser.parse_args()
    # A process that is forked may wait for threads of its parent for ever.
    spawned = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(options.cores, spawned, torch.set_num_threads, (1,)) as pool:
        for heading, made in TABLES.items():
            if made.__name__ in options.tables:
                print(f"### {heading}\n")
                print(table(made(pool, options.cells, options.seeds)) + "\n", flush=True)


if __name__ == "__main__":
    main()
