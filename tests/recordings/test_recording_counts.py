"""Arrays of spike counts are read as they were written, and every fault is named with its fix."""

import csv
from pathlib import Path

import numpy as np
import pytest
from helpers.recordings import COUNTS, cell_names, read_recording, refused, save_hdf5, save_matlab73
from scipy.io import savemat

SHARED = Path(__file__).parents[3] / "shared/recordings/liu2017_white_noise_cells_00-39.mat"
LAYOUT = COUNTS | {"trials": 5, "running_frames": 40, "frozen_frames": 20}


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


def read(path, **changes):
    return read_recording(path, LAYOUT | changes, 30.0)


def refuse(path, *words, **changes):
    refused(path, LAYOUT | changes, str(path), *words)


@pytest.mark.parametrize("dtype", [np.uint8, np.int16, np.float64, bool])
@pytest.mark.parametrize("save", [savemat, save_matlab73, save_hdf5])
def test_arrays_come_back_as_cell_trial_frame(arrays, tmp_path, dtype, save):
    arrays = {key: array.astype(dtype) for key, array in arrays.items()}
    save(tmp_path / "cells", arrays)
    # SciPy adds .mat to the name.
    recording = read(next(tmp_path.iterdir()))
    for sequence, key in ((recording.running, "spk1"), (recording.frozen, "spk2")):
        assert sequence.spike_count.dtype == np.uint8 and sequence.spike_count.flags.c_contiguous
        for cell in range(3):
            for trial in range(5):
                counts = sequence.spike_count[cell, trial]
                np.testing.assert_array_equal(counts, arrays[key][cell, :, trial])


def test_running_trials_continue_one_stimulus(arrays, write):
    recording = read(write(arrays))
    assert recording.cells == ("0", "1", "2")
    assert recording.running.first_frame.tolist() == [0, 40, 80, 120, 160]
    assert recording.frozen.first_frame.tolist() == [0] * 5
    assert recording.running.n_frames.tolist() == [40] * 5
    assert recording.frozen.n_frames.tolist() == [20] * 5


def test_other_names_and_axes(arrays, write):
    path = write({"a": arrays["spk1"].transpose(2, 0, 1), "b": arrays["spk2"].transpose(2, 0, 1)})
    layout = {"running_key": "a", "frozen_key": "b", "axes": ["trial", "cell", "frame"]}
    recording = read(path, **layout)
    np.testing.assert_array_equal(recording.running.spike_count[2, 4], arrays["spk1"][2, :, 4])
    assert cell_names(path, LAYOUT | layout) == ["0", "1", "2"]


def test_expectations_are_optional_and_trials_are_cut(arrays, write):
    path = write(arrays)
    free = dict.fromkeys(["trials", "running_frames", "frozen_frames"])
    assert read(path, **free).running.spike_count.shape == (3, 5, 40)
    few = read(path, **free | {"trials": 2})
    np.testing.assert_array_equal(few.frozen.spike_count, read(path).frozen.spike_count[:, :2])
    assert few.running.first_frame.tolist() == [0, 40]


def test_numbers_of_trials_may_differ(arrays, write):
    # With as many frames in both, only these numbers tell frames from trials.
    path = write({"spk1": arrays["spk1"], "spk2": np.tile(arrays["spk2"], (1, 2, 1))[..., :4]})
    recording = read(path, trials=None, frozen_frames=40)
    assert recording.running.spike_count.shape == (3, 5, 40)
    assert recording.frozen.spike_count.shape == (3, 4, 40)
    refuse(path, "say how many frames", trials=None, running_frames=None, frozen_frames=None)


def test_missing_array_lists_those_that_are_there(arrays, write):
    path = write({"spk1": arrays["spk1"], "spikes": arrays["spk2"]})
    refuse(path, "spk2", "spikes (3, 20, 5)", "a file cut short loses arrays too")
    refused(path, LAYOUT | {"running_key": "spk7"}, "no array spk7, but spk1", names_too=True)
    refuse(write({}), "no array spk1, but no array")


def test_array_of_two_axes(arrays, write):
    refuse(write({**arrays, "spk2": arrays["spk2"][0]}), "spk2", "(20, 5)", "three axes")
    path = write({**arrays, "spk1": arrays["spk1"][0]})
    refused(path, LAYOUT, "spk1", "(40, 5)", "three axes", names_too=True)


def test_a_group_instead_of_an_array(arrays, tmp_path):
    save_hdf5(tmp_path / "cells.h5", {"spk1/a": arrays["spk1"], "spk2": arrays["spk2"]})
    refuse(tmp_path / "cells.h5", "spk1", "1 arrays", "one array of numbers")


@pytest.mark.parametrize("missing", [(), ("running_frames", "frozen_frames"), tuple(LAYOUT)[-3:]])
def test_transposed_axes_name_the_order_that_fits(arrays, write, missing):
    arrays = {key: array.transpose(0, 2, 1) for key, array in arrays.items()}
    words = "(3, 5, 40)", "['cell', 'trial', 'frame']", "order of axes"
    refuse(write(arrays), *words, **dict.fromkeys(missing))


def test_too_few_trials_or_other_frames(arrays, write):
    path = write(arrays)
    refuse(path, "spk1", "5 trials", "at least 6 trials", trials=6)
    refuse(path, "spk1", "40 frames", "41 frames", running_frames=41)
    refuse(path, "spk2", "20 frames", "19 frames", frozen_frames=19)
    refuse(write({**arrays, "spk2": arrays["spk2"][..., :4]}), "spk2", "4 trials")


def test_different_cells(arrays, write):
    refuse(write({**arrays, "spk2": arrays["spk2"][:2]}), "spk1 and spk2", "3 and 2 cells")


@pytest.mark.parametrize(
    ("value", "word"), [(np.nan, "nan"), (-1, "-1"), (0.5, "0.5"), (256, "256"), (np.inf, "inf")]
)
def test_bad_values_are_named_with_their_place(arrays, write, value, word):
    bad = arrays["spk2"].astype(float)
    bad[1, 7, 3] = value
    path = write({**arrays, "spk2": bad})
    words = (
        f"got {word}",
        "cell 1, trial 3, frame 7",
        "one of 1 such",
        "whole numbers from 0 to 255",
    )
    refuse(path, "spk2", *words)


@pytest.mark.parametrize("dtype", ["object", "complex128", "<U1"])
def test_values_that_are_no_numbers(arrays, write, dtype):
    refuse(write({**arrays, "spk2": arrays["spk2"].astype(dtype)}), "spk2", f"type {dtype[:6]}")


def test_complex_numbers_of_version_73(arrays, tmp_path):
    pair = np.zeros(arrays["spk2"].shape, [("real", float), ("imag", float)])
    save_matlab73(tmp_path / "cells.mat", {**arrays, "spk2": pair})
    refuse(tmp_path / "cells.mat", "spk2", "real", "expected numbers")


def test_python_objects_are_not_unpickled(arrays, tmp_path):
    np.savez(tmp_path / "cells.npz", **{**arrays, "spk2": arrays["spk2"].astype(object)})
    refuse(tmp_path / "cells.npz", "spk2", "object", "could run anything")


def test_empty_arrays(arrays, write):
    free = dict.fromkeys(["trials", "running_frames", "frozen_frames"])
    none = {key: array[:0] for key, array in arrays.items()}
    refused(write(none), LAYOUT | free, "no cells", "at least one cell", names_too=True)
    refuse(write({**arrays, "spk2": arrays["spk2"][:, :0]}), "spk2", "no frames", **free)
    silent = {key: np.zeros_like(array) for key, array in arrays.items()}
    refuse(write(silent), "no spike in 300 frames", "at least one spike")


def test_names(arrays, write):
    def refuse_names(names, *words):
        path = write({**arrays, "names": np.array(names, object)})
        refused(path, LAYOUT | {"names_key": "names"}, "names", *words, names_too=True)

    refuse_names(["a", "b"], "2 names", "3, as many as cells")
    refuse_names(["a", "b", "a"], "'a' and 'a'", "rename one")
    refuse_names(["on1", "b", "ON1"], "'on1' and 'ON1'", "upper and lower case")
    for name in ("-a", "a b", "a/b", "../a", "ä", "a\n"):
        refuse_names(["a1", "b1", name], "a cell named", "letters, digits, - and _")
    refuse_names(["a", "b", ""], "array([]", "texts or whole numbers")
    refuse_names(["a", "b", 0.5], "0.5", "texts or whole numbers")
    refused(write(arrays), LAYOUT | {"names_key": "ids"}, "no array ids, but spk1", names_too=True)


@pytest.mark.skipif(not SHARED.exists(), reason="no ../shared with recordings")
def test_published_recording():
    layout = COUNTS | {"trials": 219, "running_frames": 1500, "frozen_frames": 300}
    recording = read_recording(SHARED, layout, 30.0)
    assert recording.running.spike_count.shape == (40, 219, 1500)
    assert recording.frozen.spike_count.shape == (40, 219, 300)
    assert cell_names(SHARED, layout) == [str(cell) for cell in range(40)]
    with (SHARED.parents[1] / "reference/frozen_noise_correlation.csv").open() as file:
        published = [int(row["running_spikes"]) for row in csv.DictReader(file)]
    assert recording.running.spike_count.sum(axis=(1, 2)).tolist() == published[:40]
    wrong = COUNTS | {"axes": ["cell", "trial", "frame"]}
    refused(SHARED, wrong, "['cell', 'frame', 'trial']")
