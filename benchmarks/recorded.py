"""Table of recorded cells beside published scores, from a run of benchmarks/recorded.yaml.

Usage: python benchmarks/recorded.py SUMMARY.CSV PUBLISHED.CSV; writes into docs/recorded.md.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import tables

DOCUMENT = Path(__file__).parents[1] / "docs/recorded.md"
HEADER = {
    "cell": "cell",
    "running_spikes": "spikes",
    "correlation": "Finefield",
    "ln_correlation": "our LN",
    "ln": "published LN",
    "classifier_stable": "published classifier",
    "ceiling": "noise ceiling",
    "seconds": "training job [s]",
}


def sentences(scores: pd.DataFrame) -> Iterator[str]:
    """What the table says, counted."""
    network = scores["correlation"]
    yield f"{len(scores)} cells, {network.isna().sum()} without a score."
    yield f"Median correlation {network.median():.3f}, mean {network.mean():.3f}."
    for other in ("ln_correlation", "ln", "classifier_stable"):
        above = (network > scores[other]).sum()
        yield f"Above {HEADER[other]} ({scores[other].median():.3f}): {above} of {len(scores)}."
    seconds = scores["seconds"]
    yield f"Training job: median {seconds.median():.0f} s, longest {seconds.max():.0f} s."


def main() -> None:
    """Join the two files by cell and write the table."""
    summary, published = (pd.read_csv(path) for path in sys.argv[1:])
    scores = published.merge(summary, on="cell", how="left")[list(HEADER)]
    rows = scores.round(3).astype({"cell": str}).itertuples(index=False)
    lines = [*sentences(scores), "", tables.table(tuple(HEADER.values()), rows)]
    print("\n".join(lines))
    tables.write(DOCUMENT, "\n".join(lines))


if __name__ == "__main__":
    main()
