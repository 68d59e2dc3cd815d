"""From Kilosort's output and a trigger channel to a figure, as docs/own-data.md says."""

import re

import numpy as np
import pandas as pd
import pytest
import yaml
from helpers.project import ROOT, Project

pytestmark = pytest.mark.slow

RATE, SAMPLES = 30, 3000
RUNNING, FROZEN, REPEATS = 54_000, 300, 20
CELLS = {4: (8, 10), 7: (15, 25)}


def frames(seed, n):
    """The stimulus as the page's config states it, in the default field."""
    return np.random.default_rng(seed).integers(0, 2, (n, 24, 36), dtype=np.int64)


def save_sorted(folder):
    """Two good OFF cells and a bad one in Kilosort's files, and the trigger channel beside."""
    rng = np.random.default_rng(0)
    n_frames = RUNNING + FROZEN * REPEATS
    onset = np.round(SAMPLES * (1 + np.arange(n_frames + 1) / RATE)).astype(int)
    trigger = np.zeros(onset[-1] + SAMPLES, np.uint8)
    for n in range(10):  # lines of 10 samples
        trigger[onset[:-1] + n] = 1
    np.save(folder / "trigger_channel.npy", trigger)
    movies = frames(1, RUNNING), frames(2, FROZEN)
    times, clusters = [], []
    for cluster, (y, x) in CELLS.items():
        drives = []
        for movie in movies:
            pairs = [
                1 - movie[:, y, x : x + 2].mean(1) * 2,
                1 - movie[:, y + 3, x : x + 2].mean(1) * 2,
            ]
            drives.append(sum(np.maximum(np.roll(pair, 2), 0) for pair in pairs))
        rate = np.concatenate([drives[0], np.tile(drives[1], REPEATS)])
        counts = rng.poisson(0.4 * rate**2)
        frame = np.repeat(np.arange(n_frames), counts)
        width = np.diff(onset)[frame]
        times.append(onset[frame] + (rng.random(len(frame)) * width).astype(int))
        clusters.append(np.full(len(frame), cluster))
    times.append(np.sort(rng.integers(0, onset[-1], 500)))
    clusters.append(np.full(500, 9))
    times, clusters = np.concatenate(times), np.concatenate(clusters)
    order = np.argsort(times, kind="stable")
    sorted_by = folder / "sorted"
    sorted_by.mkdir()
    np.save(sorted_by / "spike_times.npy", times[order].astype(np.int64))
    np.save(sorted_by / "spike_clusters.npy", clusters[order].astype(np.int32))
    (sorted_by / "params.py").write_text(f"sample_rate = {SAMPLES}.\n")
    labels = "cluster_id\tKSLabel\n4\tgood\n7\tgood\n9\tmua\n"
    (sorted_by / "cluster_KSLabel.tsv").write_text(labels)


def test_the_pages_lines_lead_to_a_figure(tmp_path):
    page = (ROOT / "docs/own-data.md").read_text().partition("### `format: phy`")[2]
    code, config = (
        re.search(rf"```{kind}\n(.*?)```", page, re.DOTALL)[1] for kind in ("python", "yaml")
    )
    assert len(re.findall(r"\S.*\n", code + config)) <= 15
    project = Project.from_sources(tmp_path / "project", yaml.safe_load(config))
    save_sorted(project.folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(project.folder)
        exec(code, {})  # the page's own, as a reader runs it
    page_of = "results/my_retina/figures/finefield/white_noise/{}.svg"
    project.run("--cores", "2", "results/my_retina/cells.csv", *map(page_of.format, CELLS))
    cells = pd.read_csv(project.folder / "results/my_retina/cells.csv").set_index("cell")
    assert set(cells.index) == set(CELLS) and cells["note"].isna().all()
    for cluster, (y, x) in CELLS.items():
        row = cells.loc[cluster]
        assert row["polarity"] == "OFF" and row["frame_slip"] == 0
        assert abs(row["rf_y"] - (y + 1.5)) < 1 and abs(row["rf_x"] - (x + 0.5)) < 1
        assert (project.folder / page_of.format(cluster)).stat().st_size > 10_000
