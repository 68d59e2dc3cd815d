"""STNMF at several sparsities; run by the Python of benchmarks/.venv-stnmf.

Usage: python stnmf_run.py INPUT.npz OUTPUT.npz SPARSITY...

The input holds `ensemble` (y, x, spike); the output, for the sparsity number i, `seconds_i` and
`subunits_i` (subunit, y, x), the modules that STNMF itself calls localised.
"""

import sys
import time

import numpy as np
from stnmf import STNMF


def main(source: str, target: str, *sparsities: str) -> None:
    ensemble = np.load(source)["ensemble"]
    results = {}
    for number, sparsity in enumerate(sparsities):
        start = time.perf_counter()
        subunits = STNMF(ensemble, sparsity=float(sparsity), disp=False).subunits
        results[f"seconds_{number}"] = time.perf_counter() - start
        results[f"subunits_{number}"] = subunits
    np.savez(target, **results)


main(*sys.argv[1:])
