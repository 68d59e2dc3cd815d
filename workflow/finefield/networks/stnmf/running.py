"""STNMF run in its own Python, as it needs other packages than ours."""

import logging
import os
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from finefield.base.errors import CellError, UserError
from finefield.networks.stnmf import program

log = logging.getLogger(__name__)

#: The program is run by path; the import lets its code count as code of this module.
RUNNER = Path(program.__file__)
FIX = "make stnmf, or name another environment with envs/requirements-stnmf.txt"


@dataclass(frozen=True)
class Modules:
    """What STNMF found at one sparsity.

    Attributes
    ----------
    images : ndarray of float32, shape (module, y, x)
        Localised modules, of unit norm [1].
    seconds : float
        Duration of the factorisation [s].
    """

    images: np.ndarray
    seconds: float


def localised_modules(
    filtered: np.ndarray,
    n_modules: int,
    sparsities: Sequence[float],
    python: str | Path,
    seed: int = 0,
    threads: int = 1,
) -> list[Modules]:
    """Run STNMF in its own Python.

    Parameters
    ----------
    filtered : ndarray of float32, shape (y, x, spike)
        Effective spike-triggered ensemble.
    n_modules : int
        Modules to look for.
    sparsities : sequence of float
        Weights of the penalty on their pixels, each of which is tried.
    python : path
        Python of an environment with envs/requirements-stnmf.txt.
    seed : int
        Seed of STNMF's random numbers, of which its default start draws none.
    threads : int
        Threads of its matrix products.

    Returns
    -------
    list of Modules
        Those of each sparsity.

    Raises
    ------
    UserError
        If the Python is not there, or if STNMF ends with an error.
    """
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder, "ensemble.npy"), Path(folder, "modules.npz")
        np.save(source, filtered)
        _run(python, threads, source, target, n_modules, seed, *sparsities)
        with np.load(target) as found:
            return [
                Modules(np.float32(found[f"images_{number}"]), float(found[f"seconds_{number}"]))
                for number in range(len(sparsities))
            ]


def _run(python: str | Path, threads: int, *arguments: object) -> None:
    """Run the program with some arguments; what it prints is logged."""
    limits = {f"{name}_NUM_THREADS": str(threads) for name in ("OMP", "OPENBLAS", "MKL")}
    # Isolated (-I), so that neither our own modules nor the user's take the place of theirs.
    command = [str(one) for one in (python, "-I", RUNNER, *arguments)]
    with tempfile.TemporaryFile("w+", errors="replace") as complaints:
        try:
            process = subprocess.Popen(
                command, env=os.environ | limits, stdout=subprocess.PIPE, stderr=complaints,
                text=True, errors="replace",
            )  # fmt: skip
        except OSError as error:
            expected = "the Python of the environment of STNMF"
            got = f"{python} ({error.strerror})"
            raise UserError("stnmf_python", got, expected, FIX) from error
        with process:
            for line in process.stdout:
                log.info(line.rstrip())
        if process.returncode:
            complaints.seek(0)
            said = complaints.read().strip().splitlines() or [f"exit status {process.returncode}"]
            # An environment that is not whole is every cell's matter, and what else fails its own.
            error = UserError if "ImportError" in said[-1] or "NotFound" in said[-1] else CellError
            raise error(f"STNMF, run by {python}", said[-1], "a factorisation", FIX)
