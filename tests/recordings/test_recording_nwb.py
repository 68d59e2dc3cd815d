"""NWB files: where units and stimuli may lie, and the faults of such files."""

import h5py
import numpy as np
import pytest
from helpers.formats import nwb
from helpers.recordings import (
    CELLS,
    FROZEN,
    NWB,
    RATE,
    RUNNING,
    TRIALS,
    cell_names,
    check,
    read_recording,
    refused,
    simulate,
)
from pynwb import TimeSeries
from pynwb.base import Images
from pynwb.image import GrayscaleImage, ImageSeries, IndexSeries
from pynwb.misc import Units


@pytest.fixture
def write(tmp_path):
    def write(change=None):
        nwb(simulate(), tmp_path / "cells.nwb", change)
        return tmp_path / "cells.nwb"

    return write


def read(path, **changes):
    return read_recording(path, NWB | changes, RATE)


def module(file):
    return file.create_processing_module(name="ecephys", description="sorted spikes")


def sorted_units():
    table = Units(name="kilosort", description="sorted")
    table.add_column(name="label", description="name of the cell")
    for number, (cell, times) in enumerate(simulate().spikes.items()):
        table.add_unit(id=40 + number, spike_times=times, label=f"{cell}_x")
    return table


@pytest.mark.parametrize("place", ["processing", "scratch"])
def test_another_table_of_units(write, place):
    def change(file):
        module(file).add(sorted_units()) if place == "processing" else file.add_scratch(
            sorted_units()
        )

    path = write(change)
    names = {"units": "kilosort", "names_key": "label"}
    check(read(path, **names), simulate(), [f"{cell}_x" for cell in CELLS])
    check(read(path, **names | {"names_key": "id"}), simulate(), ["40", "41", "42"])
    assert cell_names(path, NWB | names) == [f"{cell}_x" for cell in CELLS]
    check(read(path, names_key="id"), simulate(), ["0", "1", "2"])


def test_the_files_own_table_comes_first(write):
    def change(file):
        other = Units(name="units", description="unsorted")
        other.add_unit(spike_times=[1.0])
        module(file).add(other)

    check(read(write(change)), simulate())


def test_an_index_series(write):
    def change(file):
        images = [GrayscaleImage(name=str(n), data=np.zeros((2, 2))) for n in range(FROZEN)]
        images = Images(name="movie", images=images)
        file.add_stimulus_template(images)
        old = file.stimulus["frozen"]
        file.add_stimulus(
            IndexSeries(
                name="index",
                data=np.asarray(old.data, np.uint32),
                unit="N/A",
                indexed_images=images,
                timestamps=old.timestamps,
            )
        )

    check(read(write(change), frozen_series="index"), simulate())


def test_frames_themselves(write):
    def change(file):
        times = simulate().running_times.ravel()
        data = np.zeros((TRIALS * RUNNING, 3, 2), np.uint8)
        file.add_stimulus(ImageSeries(name="film", data=data, unit="n.a.", timestamps=times))

    check(read(write(change), running_series="film"), simulate())


def test_a_series_with_a_rate(write):
    """One gapless sequence after the others: the spikes fall in frames counted by a plain loop."""
    start = simulate().frozen_times.max() + 1.0
    extra = start + np.array([0.001, 0.5, 0.501, 1.99]) / RATE

    def change(file):
        settings = {"unit": "frame", "starting_time": start, "rate": RATE}
        file.add_stimulus(TimeSeries(name="later", data=np.arange(6), **settings))
        file.add_unit(id=9, spike_times=extra, unit_name="late")

    recording = read(write(change), frozen_series="later")
    assert recording.cells == (*CELLS, "late")
    assert recording.frozen.spike_count[3].tolist() == [[3, 1, 0, 0, 0, 0]]
    assert recording.frozen.n_frames.tolist() == [6]


def test_other_files(tmp_path):
    with h5py.File(tmp_path / "a.nwb", "w") as file:
        file["x"] = 1
    words = "an HDF5 file of another kind", "an NWB file", "the format that the recording's layout"
    refused(tmp_path / "a.nwb", NWB, *words, names_too=True)
    np.savez(tmp_path / "b.npz", x=1)
    refused(tmp_path / "b.npz", NWB, "no HDF5 file", "an NWB file", names_too=True)


def test_missing_table(write):
    path = write(lambda file: module(file).add(sorted_units()))
    words = "no table sorted, but", "units", "kilosort", "key units"
    refused(path, NWB | {"units": "sorted"}, str(path), *words, names_too=True)


def test_missing_column_of_names(write):
    words = "no column label, but id", "unit_name", "names_key"
    refused(write(), NWB | {"names_key": "label"}, "units", *words, names_too=True)


def test_table_without_spike_times(write):
    path = write(lambda file: file.add_trial(start_time=0.0, stop_time=1.0))
    layout = NWB | {"units": "trials", "names_key": "id"}
    refused(path, layout, "trials: got no column spike_times, but start_time, stop_time")


def test_column_names_that_are_no_names(write):
    refused(write(), NWB | {"names_key": "spike_times"}, "units, spike_times", names_too=True)


@pytest.mark.parametrize("key", ["running_series", "frozen_series"])
def test_missing_series(write, key):
    words = "gratings: got no stimulus series", "running", "frozen", "correct the series' name"
    refused(write(), NWB | {key: "gratings"}, *words)


def series(data, **settings):
    """A change of the file: one more stimulus series."""
    timing = {"timestamps": 100 + np.arange(len(data)) / RATE} | settings
    return lambda file: file.add_stimulus(TimeSeries(name="odd", data=data, unit="frame", **timing))


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (np.arange(6.0), ("type float64 and shape (6,)", "whole numbers along one axis")),
        (np.zeros((6, 2), int), ("shape (6, 2)", "frames along three")),
        (np.arange(-1, 5), ("index -1", "indices from 0", "layout.first_index")),
    ],
)
def test_data_that_are_no_indices(write, data, words):
    refused(write(series(data)), NWB | {"frozen_series": "odd"}, "odd", *words)


def from_one(file):
    """A change of the file: frames are counted from 1, as in MATLAB."""
    for name in ("running", "frozen"):
        old = file.stimulus[name]
        data = np.asarray(old.data) + 1
        settings = {"unit": "frame", "timestamps": old.timestamps}
        file.add_stimulus(TimeSeries(name=f"{name}_1", data=data, **settings))


def test_frames_counted_from_1_are_noticed(write):
    path, layout = write(from_one), {"running_series": "running_1", "frozen_series": "frozen_1"}
    words = "no index below 1 in running_1 and frozen_1", "set layout.first_index to 1"
    refused(path, NWB | layout, *words)
    check(read(path, **layout, first_index=1), simulate())
    late = read(path, **layout, first_index=0)
    assert np.array_equal(late.running.first_frame, read(path).running.first_frame + 1)
    refused(path, NWB | {"first_index": 1}, "index 0", "indices from 1")


@pytest.mark.filterwarnings("ignore:.*Length of data does not match")
def test_timestamps_of_another_number(write):
    path = write(series(np.arange(6)))
    with h5py.File(path, "r+") as file:
        group = file["stimulus/presentation/odd"]
        attributes = dict(group["timestamps"].attrs)
        del group["timestamps"]
        group["timestamps"] = 100 + np.arange(5) / RATE
        group["timestamps"].attrs.update(attributes)
    refused(path, NWB | {"frozen_series": "odd"}, "odd", "5 timestamps and 6 frames")


def test_times_in_milliseconds(write):
    path = write(series(np.arange(6), timestamps=np.arange(6) / RATE * 1000))
    words = "odd", "0.03 Hz", "in milliseconds", "in seconds, as NWB prescribes"
    refused(path, NWB | {"frozen_series": "odd"}, *words)


def test_spikes_outside(write):
    path = write(lambda file: file.add_unit(id=9, spike_times=[0.5, 6.0], unit_name="early"))
    refused(
        path,
        NWB,
        "units, cell early",
        "outside the stimulus, one of 1 such",
        "0.5",
        "spikes_outside: ignore",
    )
    recording = read(path, spikes_outside="ignore")
    check(type(recording)(recording.cells[:3], *map(without_last, both(recording))), simulate())


def both(recording):
    return recording.running, recording.frozen


def without_last(sequence):
    """The sequence less its last cell."""
    return type(sequence)(sequence.spike_count[:-1], sequence.first_frame, sequence.n_frames)


def test_equal_names(write):
    path = write(lambda file: file.add_unit(id=9, spike_times=[6.0], unit_name="on_A"))
    refused(path, NWB, "units, unit_name", "'ON_a' and 'on_A'", "rename", names_too=True)


@pytest.mark.parametrize("hold", [2, 3])
def test_frames_that_are_held_for_several_of_the_monitor(write, hold, caplog):
    def change(file):
        for name in ("running", "frozen"):
            shown = file.stimulus[name]
            last = np.diff(shown.timestamps, append=shown.timestamps[-1] + 9) > 1.5 / RATE
            step = np.where(last, 1 / RATE, np.diff(shown.timestamps, append=0)) / hold
            times = (shown.timestamps[:, None] + step[:, None] * np.arange(hold)).ravel()
            index = np.repeat(shown.data, hold)
            series = TimeSeries(name=f"{name}_fast", data=index, unit="frame", timestamps=times)
            file.add_stimulus(series)

    caplog.set_level("INFO")
    path = write(change)
    check(read(path, running_series="running_fast", frozen_series="frozen_fast"), simulate())
    assert caplog.text.count(f"held for {hold} frames of the monitor") == 2


def test_one_frame_that_is_shown_twice_ends_a_trial(write):
    index = np.insert(np.arange(40), 10, 10)
    path = write(series(index, timestamps=100 + np.arange(41) / RATE))
    found = read(path, frozen_series="odd", spikes_outside="ignore").frozen
    assert found.first_frame.tolist() == [0, 10] and found.n_frames.tolist() == [11, 30]


def test_a_table_without_object_id(write):
    path = write(lambda file: module(file).add(sorted_units()))
    with h5py.File(path, "r+") as file:
        del file["units"].attrs["object_id"]
        del file["processing/ecephys/kilosort"].attrs["object_id"]
    check(read(path), simulate())
    names = [f"{cell}_x" for cell in CELLS]
    check(read(path, units="kilosort", names_key="label"), simulate(), names)


def test_an_extension_whose_specification_is_missing_is_named(write):
    path = write()
    with h5py.File(path, "r+") as file:
        file["units"].attrs["namespace"] = "ndx-other"
    refused(path, NWB, "types of the extension ndx-other, such as Units", "cache_spec=True")
