"""Tables of recorded cells beside published scores, from a run of benchmarks/recorded.yaml.

Usage: python benchmarks/recorded.py SUMMARY.CSV PUBLISHED.CSV; writes into docs/recorded.md and
docs/transfer.md. The networks lie beside the summary.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import tables
import xarray as xr

DOCS = Path(__file__).parents[1] / "docs"
HEADER = {
    "cell": "cell",
    "running_spikes": "spikes",
    "correlation": "Finefield",
    "ln_correlation": "our LN",
    "correlation_stnmf": "STNMF",
    "ln": "published LN",
    "classifier_stable": "published classifier",
    "ceiling": "noise ceiling",
    "bits_per_spike": "Finefield [bit/spike]",
    "ln_bits_per_spike": "our LN [bit/spike]",
    "bits_per_spike_stnmf": "STNMF [bit/spike]",
    "seconds": "training job [s]",
}
#: Stages of the course, and what follows.
STAGES = (
    "grid", "positions", "Gaussians", "nonlinearity", "subunits", "time courses", "shapes",
    "dynamics",
)  # fmt: skip


def stages(results: Path) -> str:
    """What each stage takes off the validation loss of the selected networks."""
    paths = (results / "models/finefield/white_noise").glob("*.nc")
    losses = np.array([xr.load_dataset(path)["validation_loss"].values for path in paths])
    fall = losses[:, :-1] - losses[:, 1:]
    rows = [
        (name, float(part.mean()), *map(float, np.quantile(part, [0, 1])), int((part > 0).sum()))
        for name, part in zip(STAGES[1:], fall.T, strict=True)
    ]
    return tables.table(("stage", "mean fall", "least", "most", "cells in which it falls"), rows)


def seconds(results: Path) -> pd.DataFrame:
    """Duration of each cell's training job, as Snakemake has measured it."""
    paths = sorted((results / "benchmarks/train/finefield/white_noise").glob("*.tsv"))
    rows = [(int(path.stem), pd.read_csv(path, sep="\t")["s"][0]) for path in paths]
    return pd.DataFrame(rows, columns=["cell", "seconds"])


def sentences(scores: pd.DataFrame) -> Iterator[str]:
    """What the table says, counted."""
    network = scores["correlation"]
    yield f"{len(scores)} cells, {network.isna().sum()} without a score."
    yield f"Median correlation {network.median():.3f}, mean {network.mean():.3f}."
    bits, linear = scores["bits_per_spike"], scores["ln_bits_per_spike"]
    yield f"Median bits a spike {bits.median():.2f}, of our LN {linear.median():.2f}."
    both = scores.dropna(subset="correlation_stnmf")
    yield (
        f"STNMF, on {len(both)} cells: median correlation {both['correlation_stnmf'].median():.3f} "
        f"(Finefield {both['correlation'].median():.3f}), bits a spike "
        f"{both['bits_per_spike_stnmf'].median():.2f} ({both['bits_per_spike'].median():.2f})."
    )
    for other in ("ln_correlation", "ln", "classifier_stable"):
        above = (network > scores[other]).sum()
        yield f"Above {HEADER[other]} ({scores[other].median():.3f}): {above} of {len(scores)}."
    duration = scores["seconds"]
    yield f"Training job: median {duration.median():.0f} s, longest {duration.max():.0f} s."


def transfer(results: Path) -> str:
    """How networks predict the other cells."""
    data = xr.load_dataset(results / "transfer/finefield.nc")
    data = data.squeeze(("train_stimulus", "test_stimulus"))
    own = data["source_cell"] == data["target_cell"]
    others = data.where(~own)
    low, half, high = (float(others["correlation"].quantile(part)) for part in (0.25, 0.5, 0.75))
    shift = float(np.hypot(others["shift_y"], others["shift_x"]).mean())
    most = others.isel(amount=-1)
    frames = f"refitted on {int(most['amount']):,} frames, median"
    rows = [
        ("own network, median correlation", float(data["correlation"].where(own).median())),
        ("other networks, median (quartiles)", f"{half:.3g} ({low:.3g} to {high:.3g})"),
        ("advantage of the own network, median", float(data["own_advantage"])),
        ("its p-value (Wilcoxon)", f"{float(data['own_advantage_p']):.0e}"),
        ("cells whose own network is the best", int((data["own_rank"] == 1).sum())),
        ("part of other networks above the target's LN model", float(data["above_ln"])),
        ("others at the best shift, median", float(others["aligned_correlation"].median())),
        ("mean shift [pixels]", shift),
        (f"with gain and threshold {frames}", float(most["refit_correlation"].median())),
        (f"with the readout {frames}", float(most["readout_correlation"].median())),
        ("symmetry", float(data["symmetry"])),
    ]
    for name, words in (("temporal", "temporal filters"), ("subunit", "subunits")):
        p = float(data[f"{name}_relation_p"])
        text = f"{float(data[f'{name}_relation']):.3g}, p = {p:.1g}"
        rows.append((f"rank correlation with similarity of {words}", text))
    rows.append(("clusters", int(data["cluster"].max()) + 1))
    return tables.table(("", f"{data.sizes['target_cell']} cells"), rows)


def main() -> None:
    """Join the two files by cell and write the tables."""
    summary, published = (pd.read_csv(path) for path in sys.argv[1:])
    results = Path(sys.argv[1]).parent
    ours, stnmf = (summary[summary["model"] == model] for model in ("finefield", "stnmf"))
    stnmf = stnmf[["cell", "correlation", "bits_per_spike"]]
    scores = published.merge(ours, on="cell", how="left")
    scores = scores.merge(stnmf, on="cell", how="left", suffixes=("", "_stnmf"))
    scores = scores.merge(seconds(results), on="cell", how="left")[list(HEADER)]
    shown = scores.round(3).astype({"cell": str}).astype(object)
    rows = shown.where(scores.notna(), "").itertuples(index=False)
    lines = [*sentences(scores), "", tables.table(tuple(HEADER.values()), rows), ""]
    lines += ["What each stage takes off the validation loss a spike:", ""]
    lines.append(stages(results))
    for name, text in {"recorded": "\n".join(lines), "transfer": transfer(results)}.items():
        print(text)
        tables.write(DOCS / f"{name}.md", text)


if __name__ == "__main__":
    main()
