"""STNMF (PyPI `stnmf`) on the same cell: its input, and its scan over sparsities."""

import os
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from simulated import RECOVERED, Data

from finefield.matching import match
from finefield.sta import separate, spike_triggered_average

HERE = Path(__file__).parent
PYTHON = HERE / ".venv-stnmf/bin/python"
SPARSITIES = (0, 0.25, 0.5, 1, 1.5, 2)


@dataclass(frozen=True)
class Scan:
    """Seconds and cosines with the known subunits at each sparsity."""

    seconds: np.ndarray
    cosines: list[np.ndarray]

    @property
    def best(self) -> int:
        """Index of the sparsity with most subunits recovered, then the largest mean cosine."""
        order = [((one >= RECOVERED).sum(), one.mean()) for one in self.cosines]
        return max(range(len(order)), key=order.__getitem__)


def ensemble(data: Data, lags: int) -> np.ndarray:
    """Effective spike-triggered ensemble, float32 (y, x, spike).

    Before each spike, the contrast in units of its SD, filtered by the temporal component of the
    spike-triggered average (of unit norm). A frame with two spikes comes twice.
    """
    newest, count = data.responses.samples(lags)
    mean, sd = data.stimulus.mean_and_sd()
    temporal = separate(spike_triggered_average(data.stimulus, newest, count, lags) - mean)[0]
    temporal /= np.linalg.norm(temporal)
    contrast = (data.stimulus.frames() - np.float32(mean)) / np.float32(sd)
    spikes = np.repeat(newest, count.astype(int))
    filtered = sum(np.float32(part) * contrast[spikes - lag] for lag, part in enumerate(temporal))
    return np.moveaxis(filtered, 0, -1)


def scan(data: Data, lags: int, threads: int) -> Scan | None:
    """Run STNMF at every sparsity, in its own environment; None if that is absent."""
    if not PYTHON.exists():
        return None
    limits = {f"{library}_NUM_THREADS": str(threads) for library in ("OMP", "OPENBLAS")}
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder, "in.npz"), Path(folder, "out.npz")
        np.savez(source, ensemble=ensemble(data, lags))
        script = [HERE / "stnmf_run.py", source, target, *map(str, SPARSITIES)]
        subprocess.run([PYTHON, "-P", *script], check=True, env=os.environ | limits)
        with np.load(target) as found:
            numbers = range(len(SPARSITIES))
            subunits = data.cell.subunits
            return Scan(
                np.array([found[f"seconds_{number}"] for number in numbers]),
                [match(subunits, found[f"subunits_{number}"])[1] for number in numbers],
            )
