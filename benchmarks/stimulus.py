"""Regenerate the running stimulus of Liu et al. 2017, beside the package retinawhitenoise.

Usage: python benchmarks/stimulus.py; prints a table. Linux only.
"""

import math
import tempfile
from collections.abc import Callable
from multiprocessing import get_context
from pathlib import Path

import machine
import tables

SEED, TRIALS, TRIAL_FRAMES, HEIGHT, WIDTH = -10000, 219, 1500, 150, 200
#: Least ratio of pixels a second, and most memory [GB].
ASKED_RATIO, ASKED_MEMORY = 25, 1.0
#: How long retinawhitenoise runs before and after [s].
SECONDS = 10


def finefield() -> tuple[float, float, float]:
    """Pixels, seconds and peak memory [GB] of the whole stimulus, written as the workflow does."""
    from finefield.files.stimulus import write_stimulus
    from finefield.stimuli.movie import BinaryStimulus, Blocks
    from finefield.stimuli.noise import ran1_blocks

    shape = TRIALS * TRIAL_FRAMES, HEIGHT, WIDTH
    movie = Blocks(shape, ran1_blocks(SEED, *shape), BinaryStimulus, (-1.0, 1.0))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "stimulus.nc"
        seconds, _ = machine.timed(write_stimulus, path, {"running": movie}, {})
    return math.prod(shape), seconds, peak_memory()


def retinawhitenoise() -> tuple[float, float, float]:
    """Pixels, seconds and peak memory [GB] of the first trials as arrays."""
    from retinawhitenoise.binarystimulus import recreate

    trials = recreate(SEED, (WIDTH, HEIGHT), TRIAL_FRAMES, TRIALS)
    pixels, seconds = 0, 0.0
    while seconds < SECONDS:
        taken, trial = machine.timed(next, trials)
        pixels, seconds = pixels + trial.size, seconds + taken
    return pixels, seconds, peak_memory()


def peak_memory() -> float:
    """Most memory that this process has held [GB]; getrusage would count what it came from."""
    lines = Path("/proc/self/status").read_text().splitlines()
    (peak,) = (line.split()[1] for line in lines if line.startswith("VmHWM"))
    return int(peak) * 1024 / 1e9


def apart(function: Callable) -> tuple[float, float, float]:
    """Call a function in a fresh process."""
    with get_context("spawn").Pool(1) as pool:
        return pool.apply(function)


def main() -> None:
    """Measure, and print the table and the ratio."""
    print(machine.describe())
    before, ours, after = map(apart, (retinawhitenoise, finefield, retinawhitenoise))
    rows = (("retinawhitenoise, before", before), ("Finefield", ours), ("after", after))
    header = "what", "million pixels", "seconds", "million pixels/s", "peak memory [GB]"
    print(tables.table(header, ((name, n / 1e6, s, n / 1e6 / s, gb) for name, (n, s, gb) in rows)))
    theirs = (before[0] + after[0]) / (before[1] + after[1])
    print(f"ratio of pixels/s: {ours[0] / ours[1] / theirs:.1f}, asked {ASKED_RATIO}")
    print(f"peak memory: {ours[2]:.2f} GB, asked below {ASKED_MEMORY}")


if __name__ == "__main__":
    main()
