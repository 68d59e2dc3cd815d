"""Frames in files come back as they were written, and every fault is named with its fix."""

import sys
import tracemalloc

import h5py
import numpy as np
import pytest
from helpers.frames import (
    WRITERS,
    read,
    refused,
    write_hdf5,
    write_matlab,
    write_npy,
    write_npz,
)
from scipy.io import savemat

from finefield.base.errors import UserError
from finefield.stimuli.files import frames as frame_files
from finefield.stimuli.files.frames import open_frames

RNG = np.random.default_rng(0)
GREY = RNG.integers(0, 256, (101, 4, 3)).astype(np.uint8)


@pytest.mark.parametrize("write", WRITERS)
@pytest.mark.parametrize("small", [False, True])
def test_every_kind_of_file(tmp_path, monkeypatch, write, small):
    if small:  # several reads a block, and several blocks
        monkeypatch.setattr(frame_files, "READ", 13 * GREY[0].size)
        monkeypatch.setattr(frame_files, "BLOCK", 32)
    path, key = write(tmp_path, GREY)
    assert open_frames(path, key).shape == GREY.shape
    np.testing.assert_array_equal(read(path, key), GREY)
    np.testing.assert_array_equal(read(path, key, n_frames=50), GREY[:50])


@pytest.mark.parametrize("write", [write_npy, write_matlab])
@pytest.mark.parametrize(
    ("dtype", "values"),
    [(bool, (0, 1)), (np.uint8, (0, 255)), (np.int8, (-1, 1)), (np.float32, (0.25, 0.75))],
)
def test_two_values_become_bits(tmp_path, monkeypatch, write, dtype, values):
    monkeypatch.setattr(frame_files, "READ", 13 * GREY[0].size)
    monkeypatch.setattr(frame_files, "BLOCK", 4)
    frames = np.array(values, dtype)[GREY >> 7]
    frames[:32] = values[1]  # the first blocks show one value alone
    path, key = write(tmp_path, frames)
    movie = open_frames(path, key)
    assert movie.binary and movie.contrasts == values
    np.testing.assert_array_equal(read(path, key), frames)
    ((_, last),) = list(movie.blocks())[3:]
    assert last.shape == (4, 3, 1) and last.max() < 2**5  # 101 frames: unused bits are 0


@pytest.mark.parametrize("values", [(0, 1, 2), (1, 2, 3, 1)])
def test_a_third_value_anywhere_makes_grey(tmp_path, monkeypatch, values):
    monkeypatch.setattr(frame_files, "READ", 8)
    frames = np.repeat(np.array(values, np.uint8), 8)[:, None, None]
    path, _ = write_npy(tmp_path, frames)
    assert not open_frames(path).binary
    np.testing.assert_array_equal(read(path), frames)


@pytest.mark.parametrize(
    ("dtype", "low", "high"),
    [(np.int16, -100, 155), (np.uint16, 3000, 3100), (np.float64, 0, 254), (np.float32, -3, 3)],
)
def test_whole_numbers_keep_their_value(tmp_path, dtype, low, high):
    frames = RNG.integers(low, high + 1, (60, 5, 4)).astype(dtype)
    np.testing.assert_array_equal(read(write_npy(tmp_path, frames)[0]), frames)


@pytest.mark.parametrize(
    ("dtype", "low", "high"),
    [(np.float16, 500, 2000), (np.float32, -2, 2), (np.float64, 0, 0.1), (np.int32, -900, 600)],
)
def test_other_numbers_become_the_nearest_level(tmp_path, dtype, low, high):
    frames = (low + (high - low) * RNG.random((60, 5, 4))).astype(dtype)
    frames.flat[:2] = low, high
    off = np.abs(read(write_npy(tmp_path, frames)[0]) - frames.astype(float))
    assert 0.4 < off.max() * 255 / (high - low) < 0.501


def test_an_outlier_that_leaves_one_grey_level_is_warned_of(tmp_path, caplog):
    frames = np.random.default_rng(0).random((60, 5, 4))
    for value, warned in ((1.0, False), (1000.0, True)):
        frames[7, 2, 3] = value
        np.save(tmp_path / "movie.npy", frames)
        caplog.clear()
        read(tmp_path / "movie.npy")
        assert ("share one of 256 grey levels from" in caplog.text) == warned
        assert ("movie.npy" in caplog.text) == warned


def test_sparse_noise_is_not_warned_of(tmp_path, caplog):
    frames = np.full((60, 5, 4), 0.5)
    frames[::7, 2, 3], frames[3, 1, 1] = 1.0, 0.0
    np.save(tmp_path / "movie.npy", frames)
    read(tmp_path / "movie.npy")
    assert not caplog.text


def test_memory_is_that_of_a_block(tmp_path, monkeypatch):
    monkeypatch.setattr(frame_files, "READ", 2**16)
    monkeypatch.setattr(frame_files, "BLOCK", 1024)
    frames = RNG.integers(0, 256, (2**15, 10, 20)).astype(np.uint8)
    for path, key in (write_npy(tmp_path, frames), write_matlab(tmp_path, frames)):
        tracemalloc.start()
        for _ in open_frames(path, key).blocks():
            pass
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert peak < 3e6 < frames.nbytes / 2


def test_missing_and_foreign_files(tmp_path):
    refused(tmp_path / "absent.npy", "no such file")
    path = tmp_path / "movie.avi"
    for content in (b"", b"RIFF....WAVE"):
        path.write_bytes(content)
        refused(path, f"{len(content)} bytes that do not begin", "numpy.save")
    savemat(tmp_path / "old.mat", {"movie": GREY})
    refused(tmp_path / "old.mat", "do not begin", "-v7.3", key="movie")


@pytest.mark.parametrize("write", WRITERS)
@pytest.mark.parametrize("part", [0.95, 0.5])
def test_truncated_files(tmp_path, write, part):
    path, key = write(tmp_path, GREY)
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * part)])
    refused(path, "cannot be read to the end", "compare its size", key=key)


def test_damage_inside_a_chunk(tmp_path):
    path, key = write_hdf5(tmp_path, GREY)
    with h5py.File(path) as file:
        chunk = file[key].id.get_chunk_info(9)
    content = bytearray(path.read_bytes())
    content[chunk.byte_offset : chunk.byte_offset + chunk.size] = bytes(chunk.size)
    path.write_bytes(content)
    refused(path, key, "cannot be read to the end", key=key)


@pytest.mark.parametrize(
    ("write", "there"),
    [
        (write_npz, "movie, other"),
        (write_hdf5, "stimuli/movie (101, 4, 3)"),
        (write_matlab, "movie (101, 4, 3)"),
    ],
)
def test_missing_arrays(tmp_path, write, there):
    path, _ = write(tmp_path, GREY)
    refused(path, f"no array frames, but {there};", key="frames")
    refused(path, f"no key for {there};")


def test_groups_are_no_arrays(tmp_path):
    refused(write_hdf5(tmp_path, GREY)[0], "no array stimuli, but stimuli/movie", key="stimuli")


def test_a_file_of_one_array_takes_no_key(tmp_path):
    refused(write_npy(tmp_path, GREY)[0], "key movie", "leave the key out", key="movie")


@pytest.mark.parametrize("frames", [GREY[0], GREY[None, None], GREY[:0]])
def test_other_axes(tmp_path, frames):
    refused(write_npy(tmp_path, frames)[0], str(frames.shape), "three axes")
    path, key = write_matlab(tmp_path, frames)
    refused(path, str(frames.shape), "three axes", key=key)


@pytest.mark.parametrize("dtype", ["U3", complex])
def test_values_that_are_no_numbers(tmp_path, dtype):
    refused(write_npy(tmp_path, GREY.astype(dtype))[0], "values of type", "numbers")


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_values_that_are_not_finite(tmp_path, monkeypatch, value):
    monkeypatch.setattr(frame_files, "READ", 8 * GREY[0].size)
    frames = GREY.astype(np.float32)
    frames[77, 2, 1] = value
    refused(write_npy(tmp_path, frames)[0], f"{value} in frame 77, row 2, column 1")


def test_one_value_everywhere(tmp_path):
    refused(write_npy(tmp_path, np.full((9, 2, 2), 128))[0], "128.0 everywhere", "two values")


def test_without_h5py_the_fix_installs_it(tmp_path, monkeypatch):
    path, key = write_hdf5(tmp_path, GREY)
    npy, _ = write_npy(tmp_path, GREY)
    monkeypatch.setitem(sys.modules, "h5py", None)
    with pytest.raises(UserError, match="--requirement envs/requirements-hdf5"):
        open_frames(path, key)
    np.testing.assert_array_equal(read(npy), GREY)
