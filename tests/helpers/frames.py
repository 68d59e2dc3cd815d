"""Frames written to files of every kind, and read again."""

from datetime import UTC, datetime

import h5py
import numpy as np
import pytest

from finefield.base.errors import UserError
from finefield.stimuli.files.frames import open_frames
from finefield.stimuli.movie import BinaryStimulus, GreyStimulus


def read(path, key=None, n_frames=None, **axes):
    """Contrast (frame, y, x) of all blocks."""
    movie = open_frames(path, key, **axes)
    parts, first = [], 0
    for start, codes in movie.blocks(n_frames):
        assert start == first and start % 8 == 0 and codes.dtype == np.uint8
        first += (8 if movie.binary else 1) * codes.shape[2]
        parts.append(codes)
    codes = np.concatenate(parts, axis=2)
    kind = BinaryStimulus if movie.binary else GreyStimulus
    return kind(codes, n_frames or movie.shape[0], *movie.contrasts).frames()


def refused(path, *words, key=None, **axes):
    """Check that reading raises a UserError that says these words and a fix."""
    with pytest.raises(UserError) as caught:
        for _ in open_frames(path, key, **axes).blocks():
            pass
    for word in (str(path), "expected", "Fix:", *words):
        assert word in str(caught.value)


def write_npy(path, frames):
    np.save(path / "movie.npy", frames)
    return path / "movie.npy", None


def write_fortran(path, frames):
    return write_npy(path, np.asfortranarray(frames))


def write_npz(path, frames):
    np.savez_compressed(path / "movie.npz", movie=frames, other=[1.0])
    return path / "movie.npz", "movie"


def write_hdf5(path, frames):
    with h5py.File(path / "movie.h5", "w") as file:
        chunks = tuple(min(pair) for pair in zip(frames.shape, (7, 2, 2, 1), strict=False))
        file.create_dataset("stimuli/movie", data=frames, chunks=chunks, compression=1)
        file["stimuli/other"] = np.zeros((2, 3))
    return path / "movie.h5", "stimuli/movie"


def write_matlab(path, frames):
    """As MATLAB does it: a block of its own first, and every array's axes reversed."""
    path = path / "movie.mat"
    with h5py.File(path, "w", userblock_size=512) as file:
        file["movie"] = frames.T
        file["movie"].attrs["MATLAB_class"] = np.bytes_("double")
    with path.open("r+b") as file:
        file.write(b"MATLAB 7.3 MAT-file".ljust(124) + b"\x00\x02IM")
    return path, "movie"


def write_nwb(path, frames):
    pynwb = pytest.importorskip("pynwb")
    file = pynwb.NWBFile("a movie", "1", datetime(2024, 1, 1, tzinfo=UTC))
    file.add_stimulus(pynwb.image.ImageSeries(name="running", data=frames, unit="n.a.", rate=30.0))
    with pynwb.NWBHDF5IO(path / "movie.nwb", "w") as writer:
        writer.write(file)
    return path / "movie.nwb", "stimulus/presentation/running/data"


WRITERS = [write_npy, write_fortran, write_npz, write_hdf5, write_matlab, write_nwb]
