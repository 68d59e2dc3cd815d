"""Files that are whole and look odd are read; if they cannot be, what is said is the matter."""

import subprocess
import sys

import h5py
import numpy as np
import pytest

from finefield.base.errors import UserError
from finefield.recordings.containers import reading
from finefield.recordings.read import read_recording
from finefield.recordings.settings import CountsLayout, SpikeTimesLayout
from finefield.stimuli.files.frames import open_frames

READ = """
import sys
from finefield.recordings.read import read_recording
from finefield.recordings.settings import CountsLayout
read_recording(sys.argv[1], CountsLayout(), 30.0)
"""


def test_a_file_that_is_open_for_writing_elsewhere(tmp_path):
    path = tmp_path / "cells.h5"
    with h5py.File(path, "w") as file:
        file["spk1"] = np.zeros((1, 60, 2))
        command = [sys.executable, "-c", READ, str(path)]
        done = subprocess.run(command, capture_output=True, text=True)
    assert "another program has open for writing" in done.stderr
    assert "fetch the file again" not in done.stderr


def test_a_compression_that_is_not_installed(tmp_path):
    # What HDF5 says; writing such a file needs the filter.
    said = "Can't synchronously read data (required filter 'blosc' is not registered)"
    path = tmp_path / "cells.h5"
    path.touch()
    with pytest.raises(UserError, match=r"by a filter that is not installed.*gzip"), reading(path):
        raise OSError(said)


def spike_times(group):
    group["running_frame_times"], group["frozen_frame_times"] = (
        np.arange(60) / 30,
        np.arange(100, 160)[None] / 30,
    )
    group["spike_times/a"], group["spike_times/b"] = np.array([0.5]), np.array([0.7, 4.0])


def test_groups_that_are_soft_links(tmp_path):
    with h5py.File(tmp_path / "a.h5", "w") as file:
        spike_times(file.create_group("raw"))
        for name in ("running_frame_times", "frozen_frame_times", "spike_times"):
            file[name] = h5py.SoftLink(f"/raw/{name}")
        file["raw/loop"] = h5py.SoftLink("/raw")
        file["broken"] = h5py.SoftLink("/nowhere")
    found = read_recording(tmp_path / "a.h5", SpikeTimesLayout(format="spike_times"), 30.0)
    assert found.cells == ("a", "b")
    assert found.running.spike_count.sum((1, 2)).tolist() == [1, 1]


def test_names_that_are_bytes(tmp_path):
    counts = np.ones((2, 60, 2), np.uint8)
    for names in (np.array([b"on_1", b"off"]), np.array(["b'on_1'", "b'off'"])):
        np.savez(tmp_path / "a.npz", spk1=counts, spk2=counts, names=names)
        found = read_recording(tmp_path / "a.npz", CountsLayout(names_key="names"), 30.0)
        assert found.cells == ("on_1", "off")


def test_frames_after_a_user_block(tmp_path):
    frames = np.random.default_rng(0).integers(0, 2, (40, 5, 4)).astype(np.uint8)
    with h5py.File(tmp_path / "movie.h5", "w", userblock_size=2048) as file:
        file["frames"] = frames
    movie = open_frames(tmp_path / "movie.h5", "frames")
    assert movie.shape == (40, 5, 4) and movie.binary
