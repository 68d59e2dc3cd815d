"""Faults of spike times and frame times are named, with the cell and the place."""

import logging

import numpy as np
import pytest
from helpers.formats import entry_variables
from helpers.recordings import (
    CELLS,
    RATE,
    RUNNING,
    SPIKE_TIMES,
    TRIALS,
    cell_names,
    check,
    objects,
    read_recording,
    refused,
    save_hdf5,
    save_matlab73,
    save_text,
    simulate,
)
from scipy.io import savemat


@pytest.fixture
def variables():
    return entry_variables(simulate())


@pytest.fixture
def refuse(tmp_path, variables):
    """Check the refusal of a recording with these variables changed, from a file."""

    def refuse(changes, *words, **layout):
        np.savez(tmp_path / "cells.npz", **variables | changes)
        refused(tmp_path / "cells.npz", SPIKE_TIMES | layout, str(tmp_path), *words)

    return refuse


def spoilt(times, place, value):
    times = times.astype(float)
    times[place] = value
    return times


def test_a_flat_running_stimulus_is_one_row(tmp_path):
    simulated = simulate()
    flat = simulated.running_times.ravel()
    shapes = {"vector.npz": flat, "column.mat": flat[:, None], "row.mat": flat[None]}
    for name, times in shapes.items():
        if name.endswith("npz"):
            np.savez(tmp_path / name, **entry_variables(simulated) | {"running_frame_times": times})
        else:
            spikes = objects([simulated.spikes[cell] for cell in CELLS])
            variables = {"running_frame_times": times, "spike_times": spikes}
            variables |= {"frozen_frame_times": simulated.frozen_times, "names": objects(CELLS)}
            savemat(tmp_path / name, variables)
        layout = SPIKE_TIMES | {"names_key": None if name.endswith("npz") else "names"}
        check(read_recording(tmp_path / name, layout, RATE), simulated)


def test_a_flat_running_stimulus_with_frames_not_shown(tmp_path, variables):
    times = variables["running_frame_times"].ravel()
    np.savez(tmp_path / "a.npz", **variables | {"running_frame_times": spoilt(times, 7, np.nan)})
    running = read_recording(tmp_path / "a.npz", SPIKE_TIMES, RATE).running
    assert running.first_frame.tolist() == [0, 8, *range(RUNNING, TRIALS * RUNNING, RUNNING)]
    assert running.n_frames.tolist() == [7, RUNNING - 8, *[RUNNING] * (TRIALS - 1)]


def test_entries_are_in_natural_order(tmp_path):
    simulated = simulate()
    cells = [f"unit{number}" for number in (1, 2, 9, 10, 21, 100)]
    spikes = {f"spike_times/{cell}": simulated.spikes["2"] for cell in sorted(cells)}
    frames = {key: value for key, value in entry_variables(simulated).items() if "frame" in key}
    for name, save in (("a.h5", save_hdf5), ("folder", save_text)):
        save(tmp_path / name, frames | spikes)
        assert cell_names(tmp_path / name, SPIKE_TIMES) == cells
        assert list(read_recording(tmp_path / name, SPIKE_TIMES, RATE).cells) == cells


def test_spikes_outside_are_refused(refuse, variables):
    times = variables["spike_times/10"]
    end = variables["frozen_frame_times"].max() + 1 / RATE
    words = "spike_times, cell 10", "outside the stimulus, one of 2 such", "spikes_outside: ignore"
    refuse({"spike_times/10": np.append([1.25, 4.99], times)}, *words, "1.25", "from 5.0 to")
    late = {"spike_times/10": np.append(times, [end + 1.1 / RATE, end + 2])}
    refuse(late, *words, str(end + 2))


def test_spikes_outside_are_ignored_and_logged(tmp_path, variables, caplog):
    end = variables["frozen_frame_times"].max() + 1 / RATE
    for key in ("spike_times/2", "spike_times/10"):
        variables[key] = np.concatenate([[1.25], variables[key], [end + 2, end + 3]])
    np.savez(tmp_path / "a.npz", **variables)
    layout = SPIKE_TIMES | {"spikes_outside": "ignore"}
    with caplog.at_level(logging.WARNING, "finefield"):
        check(read_recording(tmp_path / "a.npz", layout, RATE), simulate())
    n_spikes = sum(len(times) for key, times in variables.items() if "spike" in key)
    assert f"left out 6 of {n_spikes} spikes" in caplog.text and "a.npz" in caplog.text


def test_spikes_just_after_the_end_belong_to_none(tmp_path, variables, caplog):
    end = variables["frozen_frame_times"].max() + 1 / RATE
    variables["spike_times/2"] = np.append(variables["spike_times/2"], end + 0.9 / RATE)
    np.savez(tmp_path / "a.npz", **variables)
    check(read_recording(tmp_path / "a.npz", SPIKE_TIMES, RATE), simulate())
    assert not caplog.text


def test_bad_spike_times(refuse, variables):
    times = variables["spike_times/ON_a"]
    cell = "spike_times, cell ON_a"

    def refuse_times(times, *words):
        refuse({"spike_times/ON_a": times}, cell, *words)

    swapped = times.copy()
    swapped[[3, 4]] = swapped[[4, 3]]
    refuse_times(swapped, "unsorted spike times", f"{times[3]} after {times[4]} at spike 4")
    refuse_times(np.repeat(times, 2), "the same spike time twice", f"one of {len(times)} such")
    refuse_times(spoilt(times, 6, np.nan), "nan at spike 6", "finite times")
    refuse_times(spoilt(times, -1, np.inf), f"inf at spike {len(times) - 1}", "finite times")
    refuse_times(times.astype(complex), "complex128", "numbers")
    refuse_times(times.astype(str), "values of type <U", "numbers")
    refuse_times(np.stack([times, times + 0.001]), f"(2, {len(times)})", "one vector")


def test_too_many_spikes_in_a_frame(refuse, variables):
    first, second = variables["running_frame_times"][0, :2]
    burst = np.linspace(first, second, 257)[:-1]
    words = "256 spikes in the frame at 5.0", "at most 255"
    refuse({"spike_times/2": burst}, "spike_times, cell 2", *words)


@pytest.mark.parametrize("key", ["running_frame_times", "frozen_frame_times"])
def test_bad_frame_times(refuse, variables, key):
    times = variables[key]

    def refuse_times(times, *words):
        refuse({key: times}, f"{key}: got", *words)

    refuse_times(spoilt(times, (1, 4), times[1, 2]), "after", "trial 1, frame 4", "increase")
    refuse_times(spoilt(times, (1, 4), times[1, 3]), "after", "trial 1, frame 4", "increase")
    refuse_times(times[::-1], f"{times[-2, 0]} after {times[-1, -1]}", "trial 1, frame 0")
    refuse_times(times.T, "frame 0", "along each row, a trial")
    refuse_times(spoilt(times, (2, 3), np.inf), "inf in trial 2, frame 3", "finite")
    refuse_times(np.full_like(times, np.nan), "no frames")
    refuse_times(times[:, :0], "no frames")
    refuse_times(times.astype(complex), "complex128", "numbers")
    refuse_times(times[None], f"shape (1, {TRIALS},", "trial, frame")


def test_frozen_repeats_are_rows(refuse, variables):
    flat = variables["frozen_frame_times"].ravel()
    for times in (flat, flat[:, None]):
        refuse({"frozen_frame_times": times}, f"shape {times.shape}", "a row for each repeat")


def test_frames_shown_at_once(refuse, variables):
    times = variables["running_frame_times"]
    words = "running_frame_times and ", "frozen_frame_times", "were shown", "on one clock"
    refuse({"frozen_frame_times": times[:, 3:15] + 0.01}, *words)
    refuse({"frozen_frame_times": times[:, 3:15]}, *words)
    last = times[:, -1:] + np.arange(3) / RATE
    refuse({"frozen_frame_times": last}, *words)


def test_frame_rate_that_is_not_the_configured_one(tmp_path, variables):
    np.savez(tmp_path / "a.npz", **variables)
    words = "running_frame_times", "Hz, by the median", "60 Hz, as configured", "the frame rate in"
    refused(tmp_path / "a.npz", SPIKE_TIMES, *words, frame_rate=60.0)
    read_recording(tmp_path / "a.npz", SPIKE_TIMES, frame_rate=RATE * 1.06)


@pytest.mark.parametrize(
    ("stored", "told", "name"),
    [(1e-3, 1, "milliseconds"), (1, 1e-3, "seconds"), (1e-6, 1, "microseconds")],
)
def test_frames_in_another_unit(refuse, variables, stored, told, name):
    scaled = {key: times / stored for key, times in variables.items()}
    words = "Hz, by the median", f"in {name}", f"set seconds_per_unit to {stored:g}"
    refuse(scaled, *words, seconds_per_unit=told)


def test_spikes_and_frames_in_different_units(refuse, variables):
    spikes = {key: times * 1000 for key, times in variables.items() if "spike" in key}
    words = "milliseconds, and the other seconds", "in the same unit"
    refuse(spikes, "spike_times: got spikes over", *words)
    frames = {key: times * 1000 for key, times in variables.items() if "frame" in key}
    refuse(frames, "spike_times: got spikes over", *words, seconds_per_unit=0.001)
    refuse(spikes, *words, spikes_outside="ignore")


def test_no_spikes(refuse, variables):
    cells = [key for key in variables if "spike" in key]
    refuse(dict.fromkeys(cells, np.zeros(0)), "no spike in 148 frames", "at least one spike")
    pause = variables["running_frame_times"][0, -1] + 0.15
    refuse(dict.fromkeys(cells, np.array([pause])), "no spike in 148 frames", "by one clock")


def test_names_of_entries(refuse, variables):
    times = variables["spike_times/2"]
    refuse({"spike_times/on_A": times}, "'ON_a' and 'on_A'", "rename one")
    refuse({"spike_times/c d": times}, "'c d'", "rename the cell")
    refuse({"spike_times/a/b": times}, "'a/b'", "rename the cell")
    refuse({"names": np.array(["a", "b", "c"])}, "null", names_key="names")


def test_vectors_that_are_not_apart_by_cell(tmp_path, variables):
    frames = {key: value for key, value in variables.items() if "frame" in key}
    for value in (np.arange(5.0), np.ones((2, 3))):
        savemat(tmp_path / "a.mat", frames | {"spike_times": value})
        refused(tmp_path / "a.mat", SPIKE_TIMES, "spike_times", "one array", "a cell array of vec")
    square = np.empty((2, 2), object)
    square.fill(np.arange(3.0))
    savemat(tmp_path / "a.mat", frames | {"spike_times": square})
    refused(tmp_path / "a.mat", SPIKE_TIMES, "shape (2, 2)", "a cell array", names_too=True)


def test_cell_arrays_of_other_things(tmp_path, variables):
    frames = {key: value for key, value in variables.items() if "frame" in key}
    savemat(tmp_path / "a.mat", frames | {"spike_times": objects(["text", np.arange(3.0)])})
    refused(tmp_path / "a.mat", SPIKE_TIMES, "spike_times, cell 0", "values of type <U4")
    save_matlab73(tmp_path / "b.mat", frames | {"spike_times": ["text", np.ones((1, 3))]})
    refused(tmp_path / "b.mat", SPIKE_TIMES, "spike_times, cell 0", "values of type <U4")
    savemat(tmp_path / "a.mat", frames | {"spike_times": np.zeros((0, 0), object)})
    refused(tmp_path / "a.mat", SPIKE_TIMES, "spike_times", "no cells", names_too=True)
    save_matlab73(tmp_path / "b.mat", frames | {"spike_times": []})
    refused(tmp_path / "b.mat", SPIKE_TIMES, "spike_times", "no cells", names_too=True)


def test_a_list_of_vectors_in_npz_names_the_entries_to_use(refuse, variables):
    del variables["spike_times/2"], variables["spike_times/10"], variables["spike_times/ON_a"]
    vectors = objects([np.arange(3.0), np.arange(4.0)])
    refuse({"spike_times": vectors}, "object", "entries 'spike_times/<cell>'")


def test_text_that_is_no_number(tmp_path, variables):
    save_text(tmp_path, variables)
    file = tmp_path / "spike_times/10.txt"
    file.write_text("5.5\n6.5\nsix\n")
    refused(tmp_path, SPIKE_TIMES, f"{file}: got text", "'six'", "row 2", "correct that line")
