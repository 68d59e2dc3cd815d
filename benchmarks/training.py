"""Time the training of one simulated cell, beside other ways to find its subunits.

Usage: python benchmarks/training.py [--quick] [--full]; the tables go into docs/benchmarks.md.
"""

import argparse
from collections.abc import Iterator
from pathlib import Path

import authors_recipe
import breakdown
import machine
import numpy as np
import plain_torch
import simulated
import stnmf_scan
import tables
import torch
from growth import growth, train_seconds
from simulated import Data, simulate

from finefield.config.reading import load
from finefield.networks.settings import NetworkSettings
from finefield.networks.training.train import train
from finefield.responses.samples import spread_blocks

DOCUMENT = Path(__file__).parents[1] / "docs/benchmarks.md"
#: Samples in a batch where one pass is compared.
BATCH = 4096
FOUND = "subunits recovered (cosines)"
HEADER = ("", "frames", "spikes", "seconds", "ratio", FOUND)


def finefield_seeds(data: Data, settings: NetworkSettings, seeds: int) -> tuple[float, tuple]:
    """Median seconds of several seeds, and their row of the table."""
    seconds, cosines = [], []
    for seed in range(seeds):
        one = machine.timed(train, data.stimulus, data.responses, settings, seed)
        seconds.append(one[0])
        cosines.append(simulated.cosines(one[1].network, data))
    median = float(np.median(seconds))
    least, total = min(one.min() for one in cosines), len(data.cell.subunits)
    every = sum((one >= simulated.RECOVERED).all() for one in cosines)
    found = f"{total} of {total} from {every} of {seeds} seeds (least {least:.3f})"
    what = f"Finefield, median of {seeds} seeds (longest {max(seconds):.3g} s)"
    return median, (what, data.frames, data.spikes, median, 1.0, found)


def recipe_row(
    data: Data, samples: torch.Tensor, median: float, options: argparse.Namespace
) -> tuple[float, tuple]:
    """Seconds of a batch of the authors' recipe, and the recipe's row of the table."""
    white = load(simulated.CONFIG).datasets["simulated"].stimuli["white_noise"]
    frozen = simulate(white.frozen_frames, n_trials=white.frozen_repeats, sequence="frozen")
    count = torch.from_numpy(data.responses.samples(authors_recipe.LAGS)[1])
    n_batches = authors_recipe.ALL_BATCHES if options.full else options.batches
    result = authors_recipe.train(samples, count, frozen, n_batches, seed=0)
    each = result.seconds / n_batches
    total, how, found = each * authors_recipe.ALL_BATCHES, f", extrapolated from {n_batches}", ""
    if options.full:
        how, cosine = "", simulated.cosines(result.network, data)
        found = f"{simulated.recovered(cosine)}, frozen correlation {result.correlation:.3f}"
    what = f"the authors' recipe, {authors_recipe.ALL_BATCHES:,} batches{how}"
    return each, (what, data.frames, data.spikes, total, total / median, found)


def stnmf_rows(data: Data, median: float, threads: int) -> tuple[tuple, list[tuple]]:
    """STNMF's scan as a row of the table, and the rows of its sparsities."""
    found = stnmf_scan.scan(data, authors_recipe.LAGS, threads)
    if found is None:
        absent = "STNMF: not run, as .venv-stnmf is absent"
        return (absent, data.frames, data.spikes, "", "", ""), []
    total, best = float(found.seconds.sum()), stnmf_scan.SPARSITIES[found.best]
    what = f"STNMF, {len(found.seconds)} sparsities; the best is {best:g}"
    cosines = [simulated.recovered(one) for one in found.cosines]
    rows = zip(stnmf_scan.SPARSITIES, found.seconds.tolist(), cosines, strict=True)
    scan = what, data.frames, data.spikes, total, total / median, cosines[found.best]
    return scan, [(data.frames, f"{sparsity:g}", *rest) for sparsity, *rest in rows]


def pass_rows(
    data: Data, samples: torch.Tensor, recipe_batch: float, settings: NetworkSettings
) -> Iterator[tuple]:
    """One pass over the same samples: Finefield, a plain loop, and the authors' recipe."""
    count = torch.from_numpy(data.responses.samples(settings.lags)[1])
    in_training = ~spread_blocks(len(count), settings.validation_fraction)
    n_samples, spikes = int(in_training.sum()), int(count[in_training].sum())
    steps = max(1, n_samples // BATCH)

    def passes(number: int) -> float:
        uniform = {"sampling": "uniform", "batch_size": BATCH}
        length = {"steps": number * steps, "check_every": number * steps}
        return train_seconds(data, settings.changed(**uniform, **length))

    # What both runs share (average, projection, one check) falls out of the difference.
    one, three = passes(1), passes(3)
    ours = (three - one) / 2
    yield "Finefield, from random weights", n_samples, spikes, ours, 1.0
    yield "Finefield, before and after that pass", n_samples, spikes, one - ours, ""
    kept = samples[in_training], count[in_training]
    plain = plain_torch.pass_seconds(*kept, BATCH, settings.filters)
    yield "plain loop", n_samples, spikes, plain, plain / ours
    recipe = recipe_batch * n_samples / authors_recipe.BATCH
    yield "the authors' recipe, batches of 2,000", n_samples, spikes, recipe, recipe / ours


def part_rows(data: Data, settings: NetworkSettings) -> Iterator[tuple]:
    """Seconds of a training's inputs, and of each part of all its steps."""
    newest, count = data.responses.samples(settings.lags)
    seconds, inputs = breakdown.input_seconds(data, newest, count, settings)
    module = breakdown.default_module(data, inputs, count, settings)
    optimizer = torch.optim.Adam(module.parameters(), lr=0.01, fused=True)
    size = round(settings.batch_spikes * (1 + settings.background))
    each = breakdown.step_seconds(module, inputs, torch.from_numpy(newest), size, optimizer)
    steps = settings.steps
    seconds |= {f"{part}, {steps:,} x {size:,}": one * steps for part, one in each.items()}
    yield from seconds.items()
    yield "sum", sum(seconds.values())


def sections(options: argparse.Namespace) -> Iterator[tuple[str, str]]:
    """Title and table of each part of the benchmark."""
    settings = NetworkSettings()
    steps = NetworkSettings(start="random", **options.settings)
    for each in (settings, steps.changed(steps=20, check_every=10)):
        train_seconds(simulate(10_000), each)  # compiles
    rows, sparsities = [], []
    for frames in (3 * options.frames // 10, options.frames):
        data = simulate(frames)
        median, row = finefield_seeds(data, settings, options.seeds)
        scan, each = stnmf_rows(data, median, options.threads)
        rows += [row, scan]
        sparsities += each
    seconds, samples = machine.timed(plain_torch.windows, data, authors_recipe.LAGS)
    recipe_batch, row = recipe_row(data, samples, median, options)
    yield "The same cell", tables.table(HEADER, [*rows, row])
    if sparsities:
        yield "STNMF", tables.table(("frames", "sparsity", "seconds", FOUND), sparsities)
    rows = [*pass_rows(data, samples, recipe_batch, steps)]
    rows.append(("every window written to memory", len(samples), data.spikes, seconds, ""))
    yield "One pass", tables.table(("", "samples", "spikes", "seconds", "ratio"), rows)
    del samples
    yield "Parts of a training", tables.table(("part", "seconds"), part_rows(data, steps))
    grown = growth(options.frames, settings)
    yield "Growth", tables.table(("what", "size", "seconds"), grown)
    yield "The machine's limits", tables.table(("what", "rate"), machine.limits().items())


def main() -> None:
    """Run the benchmark, print its tables and write them into docs/benchmarks.md."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--frames", type=int, default=1_000_000)
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--batches", type=int, default=1000, help="of the authors' recipe")
    parser.add_argument("--full", action="store_true", help="run the authors' recipe to its end")
    parser.add_argument("--quick", action="store_true", help="a small trial that writes nothing")
    options = parser.parse_args()
    options.settings = {}
    if options.quick:
        options.frames, options.seeds, options.batches = 30_000, 2, 40
        options.settings = {"steps": 60, "check_every": 20}
    torch.set_num_threads(options.threads)
    lines = [
        f"{machine.describe()}.",
        f"{options.frames:,} frames, {options.seeds} seeds, Finefield's default settings.",
    ]
    print(*lines, sep="\n", flush=True)
    for title, text in sections(options):
        lines += ["", f"### {title}", "", text]
        print("", title, text, sep="\n", flush=True)
    if not options.quick:
        tables.write(DOCUMENT, "\n".join(lines))


if __name__ == "__main__":
    main()
