"""Table of transfer between white noise and photographs, from results of benchmarks/natural.yaml.

.venv/bin/snakemake --cores 2 --configfile config/config.yaml benchmarks/natural.yaml
.venv/bin/python benchmarks/natural.py [RESULTS]
"""

import sys
from pathlib import Path

import numpy as np
import xarray as xr

SEEDS = ("finefield", "second_seed", "third_seed")


def own(grid: xr.Dataset, train: str, test: str) -> np.ndarray:
    """Correlation (cell,) of each cell's own network."""
    scores = grid["correlation"].sel(train_stimulus=train, test_stimulus=test)
    cells = grid["source_cell"].values
    return np.diag(scores.sel(source_cell=cells, target_cell=cells))


def main(results: Path):
    grids = {
        model: xr.load_dataset(results / f"simulated/transfer/{model}.nc")
        for model in (*SEEDS, "ln")
    }
    print("| trained on | tested on | cell | mean (SD) of 3 seeds | part of own | LN network |")
    print("| --- | --- | --- | --- | --- | --- |")
    for train, test in (("white_noise", "natural_images"), ("natural_images", "white_noise")):
        moved = np.array([own(grids[model], train, test) for model in SEEDS])
        part = moved / np.array([own(grids[model], test, test) for model in SEEDS])
        for number, cell in enumerate(grids["finefield"]["source_cell"].values):
            ln = own(grids["ln"], train, test)[number]
            mean, sd = moved[:, number].mean(), moved[:, number].std(ddof=1)
            print(
                f"| {train} | {test} | {cell} | {mean:.3f} ({sd:.3f}) | "
                f"{part[:, number].min():.2f} to {part[:, number].max():.2f} | {ln:.3f} |"
            )


if __name__ == "__main__":
    main(Path(*(sys.argv[1:] or ["results"])))
