"""Tables of the subunits that were found, from runs of benchmarks/{subunits,recorded}.yaml.

Usage: python benchmarks/subunits.py [RESULTS]; writes into docs/subunits.md what the run of
simulated cells left, and prints the table of recorded cells.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import tables
import xarray as xr

DOCUMENT = Path(__file__).parents[1] / "docs/subunits.md"
#: Groups of cells by their number of known subunits.
SIZES = ((3, 5), (6, 8), (9, 12))
#: Networks that are measured beside the default one, as benchmarks/subunits.yaml has them.
OTHERS = "random", "stnmf"


def opened(results: Path, name: str) -> xr.Dataset | None:
    """A file of the results, or None if that run was not made."""
    path = results / name
    return xr.load_dataset(path) if path.exists() else None


def found(results: Path, dataset: str, model: str) -> xr.Dataset | None:
    """The subunits that a model found in a dataset's cells."""
    return opened(results, f"{dataset}/subunits/{model}/white_noise.nc")


def middle(values: xr.DataArray) -> str:
    """Median and quartiles."""
    low, half, high = np.nanquantile(values, [0.25, 0.5, 0.75])
    return f"{half:.3g} ({low:.3g} to {high:.3g})"


def paper(results: Path) -> Iterator[str]:
    """The paper's cell: pruning, and parts of the data."""
    one = found(results, "paper", "finefield")
    if one is not None:
        yield "### Parts of the data of the paper's cell"
        before, after = float(one["correlation"][0]), float(one["pruned_correlation"][0])
        yield f"Correlation with all filters {before:.4f}, with the effective ones {after:.4f}."
    data = opened(results, "paper/sweeps/data.nc")
    if data is not None:
        yield ""
        header = ["part of the data"]
        header += [f"{model}: {what}" for model in data["model"].values
                   for what in ("recovered", "found", "mean cosine", "correlation")]  # fmt: skip
        names = ("recall", "n_found", "mean_cosine", "correlation")
        rows = [
            [f"{100 * float(value):g}%"]
            + [float(data[name].sel(model=model, value=value).mean())
               for model in data["model"].values for name in names]
            for value in data["value"].values
        ]  # fmt: skip
        yield tables.table(header, rows)


def population(results: Path) -> Iterator[str]:
    """Cells drawn at random: all with the default network, some with the others beside it."""
    yield "### Three networks on the same cells"
    whole = found(results, "population", "finefield")
    if whole is None:
        return
    others = {model: found(results, "population", model) for model in OTHERS}
    others = {model: data for model, data in others.items() if data is not None}
    rows = list(_by_size("finefield", whole))
    if others:
        below = next(iter(others.values()))["cell"]
        rows += _by_size("finefield, the cells below", whole.sel(cell=below))
    for model, data in others.items():
        rows += _by_size(model, data)
    counts = "cells", "known", "found"
    names = "network", "subunits", *counts, "precision", "recall", "correlation"
    yield tables.table(names, rows)


def _by_size(name: str, data: xr.Dataset) -> Iterator[tuple]:
    """Rows of one network: of all cells, and of cells by their number of subunits."""
    for low, high in ((data["n_known"].min().item(), data["n_known"].max().item()), *SIZES):
        chosen = data.isel(cell=(data["n_known"] >= low) & (data["n_known"] <= high))
        recovered = (chosen["recall"] * chosen["n_known"]).sum()
        known, n_found = (int(chosen[key].sum()) for key in ("n_known", "n_found"))
        shares = (float(recovered / max(number, 1)) for number in (n_found, known))
        score = float(chosen["correlation"].mean())
        yield name, f"{low} to {high}", chosen.sizes["cell"], known, n_found, *shares, score


def unrelated(results: Path) -> Iterator[str]:
    """Spikes that have nothing to do with the stimulus."""
    yield "### Twenty cells of a constant rate"
    data = found(results, "unrelated", "finefield")
    if data is not None:
        none = int((data["n_effective"] == 0).sum())
        yield f"{none} of {data.sizes['cell']} networks have no effective filter."


def recorded(results: Path) -> Iterator[str]:
    """Recorded cells, whose subunits are unknown."""
    data = found(results, "recorded", "finefield")
    if data is None:
        return
    diameter = 2 * np.sqrt(data["major"] * data["minor"])
    rows = [("effective filters of a cell", middle(data["n_effective"]), "")]
    rows.append(("subunits found in a cell", middle(data["n_found"]), ""))
    rows.append(("drive that passes through them", middle(data["share"].sum("found")), ""))
    rows.append(("SD of their number over seeds and halves", middle(data["found_sd"]), ""))
    rows.append(("their diameter, one SD to each side [µm]", middle(diameter), ""))
    for name in ("coverage", "overlap"):
        rows.append((name, middle(data[name]), ""))
    for name, words in (("seed", "two seeds"), ("half", "two halves of the recording"),
                        ("stnmf", "Finefield and STNMF")):  # fmt: skip
        values = data[f"{name}_similarity"]
        if np.isfinite(values).any():
            above = int((values > data[f"{name}_chance_high"]).sum())
            chance = f"{middle(data[f'{name}_chance'])}; above its 97.5% quantile: {above}"
            rows.append((f"similarity of {words}", middle(values), chance))
    before, after = data["correlation"], data["pruned_correlation"]
    rows.append(("correlation without null filters over that with all", middle(after / before), ""))
    yield tables.table(("", "value", "at chance"), rows)


def main() -> None:
    """Write what the run of simulated cells left into the document, and print it and the other."""
    results = Path(sys.argv[1] if len(sys.argv) > 1 else "results")
    parts = ("\n".join(part(results)) for part in (paper, population, unrelated))
    text = "\n\n".join(filter(None, parts))
    print(text, *recorded(results), sep="\n\n")
    tables.write(DOCUMENT, text)


if __name__ == "__main__":
    main()
