"""Frames in files whose axes lie in any order, and of one channel of several."""

from itertools import permutations

import numpy as np
import pytest
from helpers.frames import (
    read,
    refused,
    write_fortran,
    write_hdf5,
    write_matlab,
    write_npy,
    write_npz,
)

from finefield.stimuli.files import frames as frame_files

COLOUR = np.random.default_rng(0).integers(0, 256, (101, 4, 3, 2)).astype(np.uint8)
AXES = ("frame", "y", "x", "channel")
WRITERS = [write_npy, write_fortran, write_npz, write_hdf5, write_matlab]


def stored(frames, order):
    """Frames (frame, y, x, ...) with their axes in an order."""
    return frames.transpose([AXES.index(name) for name in order])


@pytest.mark.parametrize("write", WRITERS)
@pytest.mark.parametrize("order", list(permutations(AXES[:3])))
@pytest.mark.parametrize("values", [COLOUR[..., 0], COLOUR[..., 0] >> 7])
def test_every_order(tmp_path, monkeypatch, write, order, values):
    # Several reads a block, of some frames or of some rows, and several blocks.
    monkeypatch.setattr(frame_files, "READ", 13 * values[0].size)
    monkeypatch.setattr(frame_files, "BLOCK", 8)
    path, key = write(tmp_path, stored(values, order))
    np.testing.assert_array_equal(read(path, key, order=order), values)
    np.testing.assert_array_equal(read(path, key, n_frames=50, order=order), values[:50])


def test_a_non_finite_value_is_named_where_it_is(tmp_path, monkeypatch):
    monkeypatch.setattr(frame_files, "READ", 1)
    frames = COLOUR[..., 0].astype(float)
    frames[77, 2, 1] = np.nan
    path, _ = write_npy(tmp_path, stored(frames, ("y", "x", "frame")))
    refused(path, "nan in frame 77, row 2, column 1", order=("y", "x", "frame"))


@pytest.mark.parametrize("write", [write_npy, write_hdf5, write_matlab])
@pytest.mark.parametrize("order", [AXES, ("channel", *AXES[:3]), ("y", "channel", "x", "frame")])
def test_a_channel_of_several(tmp_path, write, order):
    path, key = write(tmp_path, stored(COLOUR, order))
    for channel in range(2):
        found = read(path, key, order=order, channel=channel)
        np.testing.assert_array_equal(found, COLOUR[..., channel])
    refused(path, "channel 2 of 2", "from 0 to 1", key=key, order=order, channel=2)


def test_a_channel_is_the_last_axis_if_the_order_does_not_say(tmp_path):
    path, key = write_npy(tmp_path, COLOUR)
    np.testing.assert_array_equal(read(path, key, channel=1), COLOUR[..., 1])


def test_axes_and_channels_that_do_not_fit_are_refused(tmp_path):
    path, _ = write_npy(tmp_path, COLOUR)
    refused(path, "four axes", "(101, 4, 3, 2)", "add channel")
    path, _ = write_npy(tmp_path, COLOUR[..., 0])
    refused(path, "shape (101, 4, 3)", "four axes", "leave channel out", channel=0)
