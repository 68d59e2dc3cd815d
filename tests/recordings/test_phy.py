"""Folders of phy and Kilosort with frame triggers in samples."""

import numpy as np
import pytest

from finefield.base.errors import UserError
from finefield.config.choice import recording_files
from finefield.config.reading import complete
from finefield.recordings.read import cell_names, read_recording
from finefield.recordings.settings import PhyLayout

SAMPLES, FRAME = 30_000, 1000
RUNNING, FROZEN = 4000 + FRAME * np.arange(300), 400_000 + FRAME * np.arange(60)
LABELS = {0: "good", 1: "mua", 2: "good", 5: "noise", 7: "good"}


@pytest.fixture
def folder(tmp_path):
    """Spikes of five clusters; phy's curated groups differ from Kilosort's, and 7 never fires."""
    rng = np.random.default_rng(0)
    times = np.sort(rng.choice(np.arange(4000, 460_000), 5000, replace=False))
    np.save(tmp_path / "spike_times.npy", times[:, None].astype(np.uint64))
    np.save(tmp_path / "spike_clusters.npy", rng.choice([0, 1, 2, 5], 5000).astype(np.int32))
    np.save(tmp_path / "running_frame_times.npy", RUNNING)
    np.savetxt(tmp_path / "frozen_frame_times.txt", FROZEN[None])
    (tmp_path / "params.py").write_text(
        f"dat_path = 'raw.dat'\nsample_rate = {SAMPLES}.\nraise SystemExit('not to be run')\n"
    )
    (tmp_path / "cluster_KSLabel.tsv").write_text(table("KSLabel", {**LABELS, 1: "good", 2: "mua"}))
    (tmp_path / "cluster_group.tsv").write_text(table("group", LABELS))
    (tmp_path / "raw.dat").write_bytes(b"0" * 100)
    return tmp_path


def table(column, labels):
    return "\n".join([f"cluster_id\t{column}", *(f"{n}\t{label}" for n, label in labels.items())])


def read(folder, **keys):
    layout = PhyLayout(format="phy", spikes_outside="ignore", **keys)
    return read_recording(folder, layout, 30.0)


def test_spikes_of_good_clusters_are_counted_in_frames(folder):
    found = read(folder)
    assert found.cells == ("0", "2")
    times, clusters = (
        np.load(folder / f"spike_{name}.npy").ravel() for name in ("times", "clusters")
    )
    for cell, counts in zip(found.cells, found.running.spike_count, strict=True):
        own = times[clusters == int(cell)].astype(int)
        edges = np.append(RUNNING, RUNNING[-1] + FRAME)
        assert np.array_equal(counts[0], np.histogram(own, edges - 0.5)[0])
    assert found.frozen.spike_count.shape == (2, 1, 60)
    assert cell_names(folder, PhyLayout(format="phy")) == ["0", "2"]


def test_other_groups_and_kilosorts_own_labels(folder):
    assert read(folder, groups=["good", "mua"]).cells == ("0", "1", "2")
    (folder / "cluster_group.tsv").unlink()
    assert read(folder).cells == ("0", "1")


def test_the_raw_recording_is_no_input(folder):
    dataset = {"kind": "recorded", "recording": str(folder), "layout": {"format": "phy"}}
    stimuli = complete({"datasets": {"r": dataset}}).datasets["r"].stimuli
    names = {path.rpartition("/")[2] for path in recording_files(stimuli["white_noise"])}
    assert "raw.dat" not in names and {"spike_times.npy", "frozen_frame_times.txt"} <= names


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda f: (f / "spike_times.npy").unlink(), r"spike_times\.npy: got no such file"),
        (lambda f: (f / "params.py").unlink(), r"got no params\.py; expected samples per second"),
        (
            lambda f: (f / "running_frame_times.npy").unlink(),
            r"no running_frame_times\.npy or \.txt",
        ),
        (
            lambda f: (f / "cluster_group.tsv").write_text("a\tb\n1\t2"),
            r"columns cluster_id and group",
        ),
        (lambda f: np.save(f / "spike_clusters.npy", np.zeros(7)), "7 values for 5000 spikes"),
        (lambda f: np.save(f / "spike_times.npy", np.array([{}])), "no array of numbers"),
    ],
)
def test_what_is_missing_or_spoilt_is_named(folder, spoil, words):
    spoil(folder)
    with pytest.raises(UserError, match=words):
        read(folder)


def test_no_cluster_of_a_group_says_which_there_are(folder):
    with pytest.raises(
        UserError, match=r"got .*3 good.*; expected clusters with spikes that are uns"
    ):
        read(folder, groups=["unsorted"])


def test_a_spike_time_there_twice_is_left_out_and_many_are_refused(folder, caplog):
    times = np.load(folder / "spike_times.npy").ravel()
    clusters = np.load(folder / "spike_clusters.npy")
    own = np.flatnonzero(clusters == 2)
    times[own[10]] = times[own[11]]
    np.save(folder / "spike_times.npy", times)
    read(folder)
    assert "cell 2: left out 1 spikes of" in caplog.text
    times[own[100:300:2]] = times[own[101:301:2]]
    np.save(folder / "spike_times.npy", times)
    with pytest.raises(UserError, match=r"the same spike time twice, .*one of 101 such"):
        read(folder)


def test_clusters_without_a_label_count_as_unsorted_and_are_named(folder, caplog):
    (folder / "cluster_KSLabel.tsv").unlink()
    (folder / "cluster_group.tsv").write_text(table("group", {0: "good", 1: "mua"}) + "\n")
    assert read(folder).cells == ("0",)
    assert "2 clusters with spikes have no label, such as 2, and count as unsorted" in caplog.text
    assert read(folder, groups=["unsorted"]).cells == ("2", "5")


@pytest.mark.parametrize(
    ("group", "cells"),
    [
        ("\ufeffcluster_id\tgroup\n0\tgood\n", ("0", "1")),
        ("cluster_id\tgroup\r\n0\tGood\r\n1\tNOISE\r\n", ("0",)),
        ("cluster_id\tgroup\n0\t\n1\tnan\n2\tgood\n", ("0", "1", "2")),
    ],
)
def test_tables_of_other_programs(folder, group, cells):
    """A mark at the beginning, other ends of lines, capitals; Kilosort's label where none is."""
    (folder / "cluster_group.tsv").write_bytes(group.encode())
    assert read(folder).cells == cells


def test_two_labels_of_a_cluster_are_refused(folder):
    (folder / "cluster_group.tsv").write_text(table("group", LABELS) + "\n0\tnoise\n")
    with pytest.raises(UserError, match="cluster 0 has 2 labels"):
        read(folder)


def test_two_files_of_frame_times_are_refused(folder):
    np.savetxt(folder / "running_frame_times.txt", RUNNING[1:])
    with pytest.raises(UserError, match=r"running_frame_times\.npy and running_frame_times\.txt"):
        read(folder)


def test_a_repeat_that_is_not_whole_is_named(folder):
    np.save(folder / "frozen_frame_times.npy", 400_000 + FRAME * np.arange(150))
    (folder / "frozen_frame_times.txt").unlink()
    words = (
        r"150 frames; expected a multiple of frozen_frames, 60; there are 30 more\. Fix: .*whole"
    )
    with pytest.raises(UserError, match=words):
        read(folder, frozen_frames=60)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("sample_rate = 30_000.  # Hz\n", None),
        ("sample_rate = 60000 / 2\n", r"no sample_rate in params\.py.*set sample_rate in the"),
        ("sample_rate = 25000\n", r"frames at 25 Hz.*correct sample_rate, 25000 Hz, in params\.py"),
    ],
)
def test_the_sample_rate_in_params(folder, said, words):
    (folder / "params.py").write_text(said)
    if words is None:
        assert read(folder).running.n_frames.tolist() == [300]
        return
    with pytest.raises(UserError, match=words):
        read(folder)


def test_frame_times_in_seconds_are_named_with_what_phy_wants(folder):
    np.save(folder / "running_frame_times.npy", RUNNING / SAMPLES)
    words = r"were the times in seconds\. Fix: save the times of frames in samples, of which"
    with pytest.raises(UserError, match=words):
        read(folder)


def test_labels_that_end_within_a_line(folder, caplog):
    (folder / "cluster_group.tsv").write_text(table("group", LABELS)[:-2])
    with pytest.raises(UserError, match=r"'go' is none of good, mua, unsorted, noise"):
        read(folder)
    assert "its last line has no end; was the file cut short?" in caplog.text
