"""The start page of a dataset: what was run, on what, with what, how long, and what came out."""

import math
import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import pandas as pd

from finefield import __version__
from finefield.reports.html import piece, still

#: Packages whose releases numbers may depend on.
PACKAGES = (
    "snakemake", "torch", "numpy", "scipy", "numba", "xarray", "pandas", "matplotlib", "seaborn",
)  # fmt: skip
#: Most cells with a note that are listed.
MAX_LISTED = 30


@dataclass(frozen=True)
class Run:
    """What was run.

    Attributes
    ----------
    dataset : str
        Name of the dataset.
    settings : dict
        `kind`, `field` and `stimuli` of its part of the completed config.
    times : dict of str to sequence of float
        Rule -> durations of its jobs [s].
    """

    dataset: str
    settings: Mapping
    times: Mapping[str, Sequence[float]]


def read_times(folder: str | Path) -> dict[str, list[float]]:
    """Durations of the jobs that are done.

    Parameters
    ----------
    folder : path
        Folder of Snakemake's benchmarks of a dataset, with a folder for each rule.

    Returns
    -------
    dict of str to list of float
        Rule -> durations of its jobs [s].
    """
    times = {}
    for rule in sorted(Path(folder).iterdir()):
        seconds = map(_seconds, sorted(rule.rglob("*.tsv")))
        times[rule.name] = [one for one in seconds if not math.isnan(one)]
    return {rule: seconds for rule, seconds in times.items() if seconds}


def _seconds(path: Path) -> float:
    """Duration of a job [s]; NaN if its file is cut off, as on a disk that was full."""
    try:
        return float(pd.read_csv(path, sep="\t")["s"][0])
    except (ValueError, LookupError):
        return math.nan


def overview(
    run: Run,
    summary: pd.DataFrame,
    cells: pd.DataFrame,
    wrong: Mapping[str, Sequence[str]] | None = None,
) -> str:
    """The start page of a dataset.

    Parameters
    ----------
    run : Run
        What was run.
    summary : pandas.DataFrame
        The dataset's `summary.csv`.
    cells : pandas.DataFrame
        Its `cells.csv`.
    wrong : dict of str to sequence of str
        Stimulus of a recording -> what looks wrong in it, as from `tables.faults`.

    Returns
    -------
    str
        HTML.
    """
    return piece(
        f"<h2>Dataset {escape(run.dataset)}</h2>",
        f"<p>{escape(_what(run, summary, cells))}</p>",
        "<h3>Outcome</h3>",
        "<p>Correlation (Pearson) of the predicted and the measured rate in the tested frames, "
        "mean ± SD over cells.</p>",
        still(outcome(summary)),
        "<h3>Dropped cells and warnings</h3>",
        _notes(summary, cells, wrong or {}),
        "<h3>Software and time</h3>",
        f"<p>{escape(_software())}</p>",
        _time(run.times),
    )


def _what(run: Run, summary: pd.DataFrame, cells: pd.DataFrame) -> str:
    """Cells, stimuli and networks in a sentence each."""
    field, n_cells = run.settings["field"], len(cells)
    kept = int(cells["note"].isna().sum())
    size = f"{field['height']} × {field['width']} pixels of {field['pixel_size']:g} µm"
    stimuli = [_stimulus(name, one) for name, one in run.settings["stimuli"].items()]
    networks = [
        f"{name} (of {rows['cell'].nunique()} cells)"
        for name, rows in summary.groupby("model", sort=False)
    ]
    kind = run.settings["kind"]
    plural = "s" * (n_cells != 1)
    return (
        f"{n_cells} {kind} cell{plural}, of which {kept} kept, on a field of {size}. "
        f"Stimuli: {'; '.join(stimuli)}. "
        f"Networks, one for each cell and stimulus: {', '.join(networks)}."
    )


def _stimulus(name: str, settings: Mapping) -> str:
    parts = [str(settings["kind"]).replace("_", " ")]
    if settings.get("frames"):
        parts.append(f"{settings['frames']:,} frames")
    if settings.get("frozen_repeats"):
        frozen = settings["frozen_frames"], settings["frozen_repeats"]
        parts.append("frozen sequence of {} frames, shown {} times".format(*frozen))
    return f"{name} ({', '.join(parts)})"


def outcome(summary: pd.DataFrame) -> pd.DataFrame:
    """Scores of each network over cells, a row for each stimulus of its training.

    Examples
    --------
    >>> rows = {"model": "net", "stimulus": "noise", "correlation": [0.5, 0.7],
    ...         "ln_correlation": [0.3, 0.3], "n_subunits": 4, "n_recovered": [4, 3]}
    >>> outcome(pd.DataFrame(rows)).iloc[0].to_list()
    ['net', 'noise', '2', '0.60 ± 0.14', '0.30 ± 0.00', '7 of 8']
    """
    rows = []
    for (model, stimulus), part in summary.groupby(["model", "stimulus"], sort=False):
        row = {"network": model, "stimulus": stimulus, "cells": str(part["correlation"].count())}
        for name, column in (("network's", "correlation"), ("LN model's", "ln_correlation")):
            row[f"{name} correlation"] = _spread(part[column])
        if part["n_subunits"].notna().any():
            recovered, known = (int(part[x].sum()) for x in ("n_recovered", "n_subunits"))
            row["subunits recovered"] = f"{recovered} of {known}"
        rows.append(row)
    return pd.DataFrame(rows)


def _spread(values: pd.Series) -> str:
    """Mean and SD; of a single value, the value."""
    text = "" if values.count() < 2 else f" ± {values.std():.2f}"
    return f"{values.mean():.2f}{text}".replace("-", "\N{MINUS SIGN}") if values.count() else ""


def _notes(summary: pd.DataFrame, cells: pd.DataFrame, wrong: Mapping[str, Sequence[str]]) -> str:
    """What is noted of recordings, of cells, and of networks that are not of dropped cells."""
    lines = [f"recording of {name}: {text}" for name, texts in wrong.items() for text in texts]
    noted = cells.dropna(subset=["note"])
    lines += [f"cell {cell} dropped: {note}" for cell, note in noted[["cell", "note"]].to_numpy()]
    others = summary.dropna(subset=["note"])
    others = others[~others["note"].astype(str).str.startswith("dropped")]
    names = ["model", "stimulus", "cell", "note"]
    lines += ["{} on {}, cell {}: {}".format(*row) for row in others[names].to_numpy()]
    if len(lines) > MAX_LISTED:
        lines[MAX_LISTED:] = [f"and {len(lines) - MAX_LISTED} more: see the tables"]
    items = "".join(f"<li>{escape(line)}</li>" for line in lines)
    return f"<ul>{items}</ul>" if items else "<p>None.</p>"


def _software() -> str:
    """Releases of the library, of Python and of packages."""
    found = []
    for package in PACKAGES:
        try:
            found.append(f"{package} {version(package)}")
        except PackageNotFoundError:
            continue
    python = f"Python {platform.python_version()} on {platform.system()}"
    return f"Finefield {__version__}, {python}; {', '.join(found)}."


def _time(times: Mapping[str, Sequence[float]]) -> str:
    """Time of all jobs by rule, the longest first."""
    rows = [{"stage": rule, "jobs": len(one), "seconds": round(sum(one), 1)}
            for rule, one in times.items()]  # fmt: skip
    table = pd.DataFrame(rows, columns=["stage", "jobs", "seconds"])
    total = table["seconds"].sum() / 60
    text = f"Jobs up to this page took {total:.1f} minutes in all; several may have run at a time."
    table = still(table.sort_values("seconds", ascending=False))
    return f"<p>{text}</p><details><summary>Time of each stage</summary>{table}</details>"
