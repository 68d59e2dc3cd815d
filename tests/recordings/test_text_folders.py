"""Folders of text files as laboratories have them: endings in any case, hidden files, others."""

import logging

import numpy as np
import pytest

from finefield.base.errors import UserError
from finefield.recordings.containers import text
from finefield.recordings.formats.spike_times import read
from finefield.recordings.settings import SpikeTimesLayout


@pytest.fixture
def folder(tmp_path):
    """A recording of three cells, one of them saved as .TXT."""
    (tmp_path / "spike_times").mkdir()
    frames = np.arange(100) / 30
    for name, values in {
        "running_frame_times.txt": frames,
        "frozen_frame_times.txt": 10 + frames[None],
        "spike_times/1.txt": frames[5:9] + 0.01,
        "spike_times/2.TXT": frames[20:50] + 0.01,
        "spike_times/10.Txt": frames[60:61] + 0.01,
    }.items():
        np.savetxt(tmp_path / name, values)
    return tmp_path


def recording(folder):
    return read(folder, SpikeTimesLayout(format="spike_times"), 30.0)


def test_endings_in_any_case_are_read(folder):
    found = recording(folder)
    assert found.cells == ("1", "2", "10")
    assert found.running.spike_count.sum((1, 2)).tolist() == [4, 30, 1]


def test_hidden_files_and_folders_are_not_cells(folder):
    (folder / "spike_times/._2.txt").write_bytes(b"\x00\x05\x16\x07Mac OS X")
    (folder / ".DS_Store").write_bytes(b"\x00")
    (folder / ".snapshot").mkdir()
    (folder / ".snapshot/3.txt").write_text("1.0")
    assert recording(folder).cells == ("1", "2", "10")
    assert not any("." in name for name in text.headers(folder))


@pytest.mark.parametrize(
    ("name", "level"),
    [
        ("spike_times/3.csv", "WARNING"),
        ("spike_times/day2/3.txt", "WARNING"),
        ("notes.md", "INFO"),
        ("raw/day1/part1.dat", "INFO"),
    ],
)
def test_what_is_not_read_is_named(folder, caplog, name, level):
    """Loudly where it may be a cell."""
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text("1.0")
    with caplog.at_level(logging.INFO):
        recording(folder)
    assert [
        (one.levelname, one.getMessage()) for one in caplog.records if "not read" in one.msg
    ] == [(level, f"not read, as they do not end in .txt or lie too deep: {name}")]


def test_a_mark_at_a_files_beginning_is_no_number(folder):
    """As some programs of Windows write it."""
    times = (folder / "spike_times/1.txt").read_text()
    (folder / "spike_times/1.txt").write_text("\ufeff" + times, encoding="utf-8", newline="\r\n")
    assert recording(folder).running.spike_count.sum((1, 2)).tolist() == [4, 30, 1]


def test_two_files_of_one_name_are_refused(folder):
    (folder / "spike_times/2.txt").write_text("1.0")
    if len(list(folder.glob("spike_times/2.*"))) == 1:
        pytest.skip("a file system that does not tell cases apart")
    with pytest.raises(UserError, match=r"got 2\.TXT and 2\.txt; expected one file of a name"):
        recording(folder)


def test_a_file_that_ends_within_a_line_is_named(folder, caplog):
    (folder / "spike_times/1.txt").write_text("1.0\n1.2")
    recording(folder)
    assert "1.txt: its last line has no end; was the file cut short?" in caplog.text
