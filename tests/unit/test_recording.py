"""Recordings are read as they were written, and every fault is named with its fix."""

import csv
from pathlib import Path

import h5py
import numpy as np
import pytest
from scipy.io import savemat

from finefield.errors import UserError
from finefield.recording import n_cells, read_counts

SHARED = Path(__file__).parents[3] / "shared/recordings/liu2017_white_noise_cells_00-39.mat"
EXPECTED = {"n_trials": 5, "n_frames": (40, 20)}


@pytest.fixture
def arrays():
    rng = np.random.default_rng(0)
    return {
        "spk1": rng.poisson(1.0, (3, 40, 5)).astype(np.uint8),
        "spk2": rng.poisson(1.0, (3, 20, 5)).astype(np.uint8),
    }


@pytest.fixture
def write(tmp_path):
    def write(arrays, **settings):
        savemat(tmp_path / "cells.mat", arrays, **settings)
        return tmp_path / "cells.mat"

    return write


def refused(path, *words, **settings):
    """Check that reading raises a UserError with the file's name, these words and a fix."""
    with pytest.raises(UserError) as caught:
        read_counts(path, **{**EXPECTED, **settings})
    message = str(caught.value)
    for word in (str(path), "expected", "Fix:", *words):
        assert word in message


@pytest.mark.parametrize("dtype", [np.uint8, np.int16, np.float64, bool])
@pytest.mark.parametrize("compressed", [True, False])
def test_arrays_come_back_as_cell_trial_frame(arrays, write, dtype, compressed):
    arrays = {key: array.astype(dtype) for key, array in arrays.items()}
    recording = read_counts(write(arrays, do_compression=compressed), **EXPECTED)
    for array, written in ((recording.running, arrays["spk1"]), (recording.frozen, arrays["spk2"])):
        assert array.dtype == np.uint8 and array.flags.c_contiguous
        for cell in range(3):
            for trial in range(5):
                np.testing.assert_array_equal(array[cell, trial], written[cell, :, trial])


def test_other_names_and_axes(arrays, write):
    path = write({"a": arrays["spk1"].transpose(2, 0, 1), "b": arrays["spk2"].transpose(2, 0, 1)})
    axes = ("trial", "cell", "frame")
    recording = read_counts(path, "a", "b", axes=axes, **EXPECTED)
    np.testing.assert_array_equal(recording.running[2, 4], arrays["spk1"][2, :, 4])
    assert n_cells(path, "a", axes) == 3


def test_expectations_are_optional_and_trials_are_cut(arrays, write):
    path = write(arrays)
    assert read_counts(path).running.shape == (3, 5, 40)
    few = read_counts(path, n_trials=2)
    np.testing.assert_array_equal(few.frozen, read_counts(path).frozen[:, :2])


def test_number_of_cells(arrays, write):
    path = write(arrays)
    assert n_cells(path) == 3
    with pytest.raises(UserError, match="no array spk7, but spk1"):
        n_cells(path, "spk7")
    with pytest.raises(UserError, match="no such file"):
        n_cells(path.with_name("absent.mat"))


def test_missing_file_names_the_data_set(tmp_path):
    refused(tmp_path / "absent.mat", "no such file", "10.12751/g-node.62b65b", "resources/README")


@pytest.mark.parametrize("content", [b"", b"abc", b"x, y, count\n" * 100])
def test_other_kinds_of_file(tmp_path, content):
    path = tmp_path / "cells.mat"
    path.write_bytes(content)
    refused(path, "do not begin as a MATLAB file", "MATLAB file of version 5")


@pytest.mark.parametrize(
    ("part", "word"),
    [(0.9, "cannot be read to the end"), (0.5, "to the end"), (0.2, "do not begin")],
)
def test_truncated_file(arrays, write, part, word):
    path = write(arrays, do_compression=True)
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * part)])
    refused(path, word, "fetch the file again")


def test_other_versions(arrays, tmp_path):
    path = tmp_path / "cells.mat"
    with h5py.File(path, "w", userblock_size=512) as file:
        file["spk1"] = arrays["spk1"]
    with path.open("r+b") as file:
        file.write(b"MATLAB 7.3 MAT-file".ljust(124) + b"\x00\x02IM")
    refused(path, "version 7.3", "-v7")
    savemat(path, {"spk1": arrays["spk1"][0]}, format="4")
    refused(path, "version 4", "-v7")


def test_missing_array_lists_those_that_are_there(arrays, write):
    refused(write({"spk1": arrays["spk1"], "spikes": arrays["spk2"]}), "spk2", "spikes (3, 20, 5)")
    refused(write({}), "no array spk1, but no array")


def test_array_of_two_axes(arrays, write):
    refused(write({**arrays, "spk2": arrays["spk2"][0]}), "spk2", "(20, 5)", "three axes")


@pytest.mark.parametrize("expected", [EXPECTED, {"n_trials": 5}, {"n_trials": None}])
def test_transposed_axes_name_the_order_that_fits(arrays, write, expected):
    arrays = {key: array.transpose(0, 2, 1) for key, array in arrays.items()}
    none = {"n_trials": None, "n_frames": None}
    refused(write(arrays), "(3, 5, 40)", "['cell', 'trial', 'frame']", **{**none, **expected})


def test_unknown_axes(arrays, write):
    with pytest.raises(UserError, match="axes"):
        read_counts(write(arrays), axes=("cell", "time", "trial"))
    with pytest.raises(UserError, match="axes"):
        n_cells(write(arrays), axes=("cell", "frame"))


def test_too_few_trials_or_other_frames(arrays, write):
    path = write(arrays)
    refused(path, "spk1", "5 trials", "at least 6 trials", n_trials=6)
    refused(path, "spk1", "40 frames", "41 frames", n_frames=(41, 20))
    refused(path, "spk2", "20 frames", "19 frames", n_frames=(40, 19))
    refused(write({**arrays, "spk2": arrays["spk2"][..., :4]}), "spk2", "4 trials")


def test_different_cells(arrays, write):
    refused(write({**arrays, "spk2": arrays["spk2"][:2]}), "3 and 2 cells")


@pytest.mark.parametrize(
    ("value", "word"), [(np.nan, "nan"), (-1, "-1"), (0.5, "0.5"), (256, "256")]
)
def test_bad_values_are_named_with_their_place(arrays, write, value, word):
    bad = arrays["spk2"].astype(float)
    bad[1, 7, 3] = value
    refused(write({**arrays, "spk2": bad}), "spk2", word, "cell 1, trial 3, frame 7")


def test_values_that_are_no_numbers(arrays, write):
    refused(write({**arrays, "spk2": arrays["spk2"].astype(object)}), "spk2", "object")


@pytest.mark.skipif(not SHARED.exists(), reason="no ../shared with recordings")
def test_published_recording():
    recording = read_counts(SHARED, n_trials=219, n_frames=(1500, 300))
    assert recording.running.shape == (40, 219, 1500) and recording.frozen.shape == (40, 219, 300)
    assert n_cells(SHARED) == 40
    with (SHARED.parents[1] / "reference/frozen_noise_correlation.csv").open() as file:
        published = [int(row["running_spikes"]) for row in csv.DictReader(file)]
    assert recording.running.sum(axis=(1, 2)).tolist() == published[:40]
    refused(SHARED, "['cell', 'frame', 'trial']", axes=("cell", "trial", "frame"), n_frames=None)
