"""STNMF (PyPI `stnmf`) on the same cell: its scan over sparsities, judged by the known subunits."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from simulated import RECOVERED, Data

from finefield.networks.stnmf.ensembles import ensemble, time_course
from finefield.networks.stnmf.running import localised_modules
from finefield.subunits.matching import match

PYTHON = Path(__file__).parents[1] / ".venv-stnmf/bin/python"
MODULES = 20
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


def scan(data: Data, lags: int, threads: int) -> Scan | None:
    """Run STNMF at every sparsity, in its own environment; None if that is absent."""
    if not PYTHON.exists():
        return None
    samples = data.responses.samples(lags)
    temporal = time_course(data.stimulus, *samples, lags)
    filtered = ensemble(data.stimulus, *samples, temporal)
    found = localised_modules(filtered, MODULES, SPARSITIES, PYTHON, threads=threads)
    cosines = [match(data.cell.subunits, one.images)[1] for one in found]
    return Scan(np.array([one.seconds for one in found]), cosines)
