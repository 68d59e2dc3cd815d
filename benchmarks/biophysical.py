"""Tables and a figure of biophysical cells: speed, and what each mechanism costs.

Usage, after `make brian2` and `make CONFIG=...` of benchmarks/biophysical.yaml and of
config/biophysical.yaml: .venv/bin/python benchmarks/biophysical.py; writes into
docs/biophysical.md. Without .venv-brian2 the row of Brian2 is absent.
"""

import json
import resource
import subprocess
from collections.abc import Iterator
from pathlib import Path

import machine
import numpy as np
import pandas as pd
import tables
import xarray as xr
from matplotlib.figure import Figure

from finefield.config.reading import load
from finefield.figures.settings import FigureSettings
from finefield.figures.style import COLORS, rc
from finefield.simulation import build_cell, simulate_responses
from finefield.stimuli.noise import binary_noise

ROOT = Path(__file__).parents[1]
DOCUMENT, PICTURE = ROOT / "docs/biophysical.md", ROOT / "docs/images/biophysical.png"
PYTHON = ROOT / ".venv-brian2/bin/python"
#: Frames at 30 Hz: 55 minutes.
FRAMES, FRAME_RATE = 100_000, 30.0
#: Time of the cell that Brian2 integrates, of which the rest is extrapolated [s].
BRIAN2 = 200.0
PER_CELL = {
    "recall": "recall",
    "precision": "precision",
    "similarity": "similarity",
    "chance_similarity": "by chance",
    "correlation": "prediction",
}


def speed() -> Iterator[tuple]:
    """Seconds of whole simulations of one cell, from frames to spikes."""
    cells = load(ROOT / "config/biophysical.yaml").datasets["patch"].cells
    cell = cells["large_0"]
    yield from _rows("fohlmeister_miller, step 0.05 ms", cell)
    fast = cell.membrane.changed(fohlmeister_miller={"step": 0.1})
    yield from _rows("fohlmeister_miller, step 0.1 ms", cell.changed(membrane=fast), (FRAMES,))
    own = {"spikes": "lif", "membrane": {"excitation": 0.0065}}
    yield from _rows("lif", cell.changed(**own))
    yield from _rows("fohlmeister_miller, 200 trials of 300 frames", cell, (300,), 200)
    yield from brian2()


def _rows(name: str, settings, frames=(FRAMES // 4, FRAMES, 2 * FRAMES), n_trials=1):
    cell = build_cell(settings, FRAME_RATE)
    shape = cell.subunits.shape[1:]
    rng = np.random.default_rng
    known = binary_noise(rng(0), 300, *shape, -0.5, 0.5), 1, FRAME_RATE, rng(1)
    simulate_responses(cell, *known)  # compiles
    for number in frames:
        movie = binary_noise(rng(0), number, *shape, -0.5, 0.5)
        known = movie, n_trials, FRAME_RATE, rng(1)
        seconds, found = machine.timed(simulate_responses, cell, *known)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        yield name, number * n_trials, int(found.spike_count.sum()), seconds, round(peak)


def brian2() -> Iterator[tuple]:
    """The same membrane at a constant current in Brian2, extrapolated to as long a time."""
    if not PYTHON.exists():
        return
    script = ROOT / "benchmarks/brian2_cell.py"
    command = [PYTHON, script, str(BRIAN2), "0.05"]
    found = json.loads(
        subprocess.run(command, capture_output=True, check=True).stdout.splitlines()[-1]
    )
    factor = FRAMES / FRAME_RATE / BRIAN2
    name = f"Brian2 {found['version']}, C++, exponential Euler, step 0.05 ms, constant current"
    yield name, FRAMES, round(found["spikes"] * factor), found["seconds"] * factor, ""


def mechanisms() -> pd.DataFrame:
    """Scores of every cell of every dataset of benchmarks/biophysical.yaml."""
    parts = []
    for name in load(ROOT / "benchmarks/biophysical.yaml").datasets:
        results = ROOT / "results" / name
        data = xr.load_dataset(results / "subunits/finefield/white_noise.nc")
        part = data[[*PER_CELL, "n_known", "n_found"]].to_dataframe()
        summary = pd.read_csv(results / "summary.csv").set_index("cell")
        part["ceiling"] = summary["noise_ceiling"]
        counts = [
            xr.load_dataset(results / f"responses/white_noise/{cell}.nc", group="running")
            for cell in part.index
        ]
        part["rate"] = [float(one["spike_count"].mean()) * FRAME_RATE for one in counts]
        parts.append(part.assign(mechanism=name.replace("_", " ")))
    return pd.concat(parts)


def summarised(scores: pd.DataFrame) -> Iterator[tuple]:
    """A row for each mechanism."""
    for name, part in scores.groupby("mechanism", sort=False):
        recovered, known = (part["recall"] * part["n_known"]).sum(), part["n_known"].sum()
        right = (part["precision"] * part["n_found"]).fillna(0).sum()
        medians = (float(part[key].median()) for key in list(PER_CELL)[2:])
        found = int(part["n_found"].sum())
        counts = f"{recovered:.0f} of {known}", f"{right:.0f} of {found}"
        yield name, float(part["rate"].median()), *counts, *medians, float(part["ceiling"].median())


def sharing() -> Iterator[tuple]:
    """Transfer among the cells of config/biophysical.yaml, by type and by shared bipolar cells."""
    cells = load(ROOT / "config/biophysical.yaml").datasets["patch"].cells
    pooled = {name: _places(cell) for name, cell in cells.items()}
    data = xr.load_dataset(ROOT / "results/patch/transfer/finefield.nc")
    data = data.isel(train_stimulus=0, test_stimulus=0)
    groups = {}
    for source in cells:
        for target in cells:
            shared = len(pooled[source] & pooled[target]) / len(pooled[target])
            kind = "same" if cells[source].type == cells[target].type else "other"
            share = "" if source == target else "shared" if shared else "none shared"
            name = f"{kind} type, {share}" if share else "the cell's own network"
            one = data.sel(source_cell=source, target_cell=target)
            scores = (float(one[key]) for key in ("correlation", "aligned_correlation"))
            groups.setdefault(name, []).append((shared, *scores))
    for name, values in sorted(groups.items(), key=lambda group: -np.mean(group[1], axis=0)[0]):
        yield name, len(values), *map(float, np.median(values, axis=0))


def _places(cell) -> set[tuple[float, float]]:
    """Places of a cell's bipolar cells on the field [pixels]."""
    return {(round(cell.crop.y + one.y, 2), round(cell.crop.x + one.x, 2)) for one in cell.subunits}


def picture(scores: pd.DataFrame) -> Figure:
    """Every cell's recall, precision, and prediction in parts of its noise ceiling."""
    scores = scores.assign(relative=scores["correlation"] / scores["ceiling"])
    names = list(scores["mechanism"].unique())
    titles = {
        "recall": "recall of bipolar cells",
        "precision": "precision of filters",
        "relative": "prediction / noise ceiling",
    }
    with rc(FigureSettings(dpi=150)):
        figure = Figure(figsize=(7.2, 2.6), layout="constrained")
        for number, (axes, (key, title)) in enumerate(
            zip(figure.subplots(1, 3, sharey=True), titles.items(), strict=True)
        ):
            spread = np.random.default_rng(0).uniform(-0.25, 0.25, len(scores))
            place = scores["mechanism"].map(names.index) + spread
            axes.plot(scores[key], place, "o", markersize=2.5, color=COLORS[number], alpha=0.6)
            axes.set(title=title, xlim=(min(0.45, scores[key].min() - 0.05), 1.03))
            axes.set_yticks(range(len(names)), names)
        axes.invert_yaxis()
    return figure


def main() -> None:
    """Measure, and write tables and figure."""
    header = "one cell", "frames", "spikes", "seconds", "peak of the process [MB]"
    lines = [f"{machine.describe()}.", "", "### Speed", "", tables.table(header, speed())]
    scores = mechanisms()
    header = "cells", "rate [Hz]", "recovered", "right of those found", "similarity", "by chance"
    header = *header, "prediction", "noise ceiling"
    lines += ["", "### Mechanisms", "", tables.table(header, summarised(scores))]
    header = "network", "pairs", "part of bipolar cells shared", "transfer", "shifted"
    lines += ["", "### Transfer", "", tables.table(header, sharing())]
    tables.write(DOCUMENT, "\n".join(lines))
    picture(scores).savefig(PICTURE, dpi=150)


if __name__ == "__main__":
    main()
