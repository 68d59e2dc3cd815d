"""Frames in which a unit was not observed, or the recording is not valid, are left out for it."""

import numpy as np
import pytest
from helpers.formats import nwb
from helpers.recordings import CELLS, NWB, RATE, read_recording, simulate
from hypothesis import given
from hypothesis import strategies as st
from pynwb.misc import Units

from finefield.base.errors import UserError
from finefield.files.responses import read_recorded, write_recording
from finefield.recordings.observed import inside, intervals

spans = st.lists(
    st.tuples(st.integers(0, 20), st.integers(1, 8)).map(lambda one: (one[0], one[0] + one[1])),
    max_size=5,
)


@given(spans, spans)
def test_frames_inside_are_those_that_a_plain_loop_finds(observed, invalid):
    found = intervals(np.array(observed).reshape(-1, 2), np.array(invalid).reshape(-1, 2))
    begin = np.arange(0, 28, 0.5)
    frames = inside(begin, begin + 0.5, found, 1e-9)
    for time, kept in zip(begin, frames, strict=True):
        middle = time + 0.25
        expected = any(a < middle < b for a, b in observed)
        expected = expected and not any(a < middle < b for a, b in invalid)
        assert kept == expected


@pytest.fixture
def parts():
    """Middle of the time of all frames, and an interval of it that is not valid."""
    times = np.sort(simulate().running_times.ravel())
    times = times[~np.isnan(times)]
    return times[len(times) // 2], times[[10, 14]] + 0.5 / RATE


def recorded(tmp_path, change, cell):
    """One cell's responses, by way of the file of a recording."""
    nwb(simulate(), tmp_path / "a.nwb", change)
    recording = read_recording(tmp_path / "a.nwb", NWB, RATE)
    write_recording(tmp_path / "r.nc", recording, RATE, {"title": "", "history": "", "seed": 1})
    return read_recorded(tmp_path / "r.nc", cell, RATE, delay=0)


def frames(responses):
    """Spikes of each frame of the stimulus that is in a trial."""
    return {
        first + frame: int(row[frame])
        for row, first, length in zip(
            responses.spike_count, responses.first_frame, responses.n_frames, strict=True
        )
        for frame in range(length)
    }


def test_a_unit_that_was_lost_has_no_silence(tmp_path, parts):
    middle, _ = parts

    def lost(file):
        table = Units(name="units", description="sorted")
        table.add_column(name="unit_name", description="name of the cell")
        for number, (cell, times) in enumerate(simulate().spikes.items()):
            ends = middle if number == 1 else 1e6
            times = times[times < ends]
            table.add_unit(spike_times=times, obs_intervals=[[0.0, ends]], unit_name=cell)
        file.units = table

    # NWB's own table cannot be replaced once it is made.
    def change(file):
        file.fields.pop("units")
        lost(file)

    whole = recorded(tmp_path, None, CELLS[1])
    left = recorded(tmp_path, change, CELLS[1])
    other = recorded(tmp_path, change, CELLS[0])
    assert frames(other["running"]) == frames(recorded(tmp_path, None, CELLS[0])["running"])
    all_frames, kept = frames(whole["running"]), frames(left["running"])
    assert 0.4 * len(all_frames) < len(kept) < 0.6 * len(all_frames)
    assert all(all_frames[frame] == count for frame, count in kept.items())


def test_times_that_are_not_valid_are_left_out_for_all(tmp_path, parts):
    _, (begin, end) = parts
    add = lambda file: file.add_invalid_time_interval(start_time=begin, stop_time=end)  # noqa: E731
    for cell in CELLS:
        every = frames(recorded(tmp_path, None, cell)["running"])
        kept = frames(recorded(tmp_path, add, cell)["running"])
        assert sorted(set(every) - set(kept)) == [10, 11, 12, 13, 14]
        assert all(every[frame] == count for frame, count in kept.items())


@pytest.mark.parametrize("end", [1.0, float("nan")])
def test_an_interval_that_ends_before_it_begins_is_refused(tmp_path, end):
    """It would hold nothing, and the times that are meant would count as silence."""

    def change(file):
        file.add_invalid_time_interval(start_time=7.0, stop_time=end)

    nwb(simulate(), tmp_path / "a.nwb", change)
    with pytest.raises(UserError, match=f"invalid_times: got an interval from 7 to {end:g};"):
        read_recording(tmp_path / "a.nwb", NWB, RATE)


def test_pauses_between_repeats_are_no_gaps(tmp_path, caplog):
    nwb(simulate(), tmp_path / "a.nwb")
    timing = read_recording(tmp_path / "a.nwb", NWB, RATE).frozen.timing
    assert len(timing.gap_time) == 0
    assert "frozen: 3 gaps" not in caplog.text
