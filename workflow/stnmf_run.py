"""STNMF of one spike-triggered ensemble; run by the Python of envs/requirements-stnmf.txt.

Usage: python stnmf_run.py INPUT.npy OUTPUT.npz MODULES SEED SPARSITY...

The input is an array (y, x, spike). The output holds, for the sparsity number i, `images_i`
(module, y, x), of unit norm, the modules that STNMF itself calls localised, and `seconds_i`, the
time it took. No module of Finefield imports this one, and it imports none of theirs.
"""

import sys
import time

import numpy as np
from stnmf import STNMF


def main(source: str, target: str, n_modules: str, seed: str, *sparsities: str) -> None:
    ensemble, results = np.load(source), {}
    for number, sparsity in enumerate(sparsities):
        start = time.perf_counter()
        # The seed counts for random starts only; the default one is an SVD without random numbers.
        found = STNMF(
            ensemble, int(n_modules), sparsity=float(sparsity), seed=int(seed), disp=False
        )
        results[f"images_{number}"] = found.subunits
        results[f"seconds_{number}"] = seconds = time.perf_counter() - start
        print(f"factorised at sparsity {sparsity} in {seconds:.1f} s", flush=True)
    np.savez(target, **results)


main(*sys.argv[1:])
