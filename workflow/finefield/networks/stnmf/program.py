"""STNMF of one spike-triggered ensemble; a program for the Python of envs/requirements-stnmf.txt.

Usage: python program.py INPUT.npy OUTPUT.npz MODULES SEED SPARSITY...

The input is an array (y, x, spike). The output holds, for the sparsity number i, `images_i`
(module, y, x), of unit norm, the modules that STNMF itself calls localised, and `seconds_i`, the
duration of the factorisation. The program imports no module of Finefield, which that Python lacks.
"""

import sys
import time

import numpy as np


def main(source: str, target: str, n_modules: str, seed: str, *sparsities: str) -> None:
    """Factorise the ensemble in `source` at each sparsity, and save the modules in `target`."""
    from stnmf import STNMF

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


if __name__ == "__main__":
    main(*sys.argv[1:])
