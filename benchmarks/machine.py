"""The machine: what it is, how fast it could be, and a stopwatch."""

import os
import platform
import time
from collections.abc import Callable
from pathlib import Path

import torch


def timed(function: Callable, *arguments, **options) -> tuple[float, object]:
    """Seconds that a call takes, and what it returns."""
    start = time.perf_counter()
    result = function(*arguments, **options)
    return time.perf_counter() - start, result


def describe() -> str:
    """Processor, cores, threads, PyTorch, and how busy the machine is."""
    model = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.exists():
        lines = [line for line in info.read_text().splitlines() if line.startswith("model name")]
        model = lines[0].split(":")[1].strip() if lines else model
    return (
        f"{model}, {os.cpu_count()} cores, {torch.get_num_threads()} threads, "
        f"PyTorch {torch.__version__}, load of {os.getloadavg()[0]:.1f} before the run"
    )


def limits(batch: int = 4096, inputs: int = 256, filters: int = 8) -> dict[str, str]:
    """Best rates of a float32 matrix product and of a copy.

    Parameters
    ----------
    batch, inputs, filters : int
        Shape of the forward pass's product, (batch, inputs) @ (inputs, filters).

    Returns
    -------
    dict of str
        What -> rate with its unit.
    """
    rates = {}
    for rows, inner, columns in ((batch, inputs, filters), (2048, 2048, 2048)):
        first, second = torch.randn(rows, inner), torch.randn(inner, columns)
        out = torch.empty(rows, columns)
        seconds = _least_seconds(lambda a=first, b=second, o=out: torch.mm(a, b, out=o))
        rate = 2 * rows * inner * columns / seconds / 1e9
        rates[f"float32 product ({rows} x {inner}) ({inner} x {columns})"] = f"{rate:.0f} GFLOP/s"
    source = torch.randn(2**26)
    target = torch.empty_like(source)
    rate = 2 * source.nbytes / _least_seconds(lambda: target.copy_(source)) / 1e9
    return rates | {"copy of 256 MiB, bytes read and written": f"{rate:.0f} GB/s"}


def _least_seconds(function: Callable, for_seconds: float = 1.0) -> float:
    """Least time of one call, of as many as fit."""
    least, end = float("inf"), time.perf_counter() + for_seconds
    while time.perf_counter() < end:
        least = min(least, timed(function)[0])
    return least
