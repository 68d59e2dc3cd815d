"""Checksums tell files by what they hold, and a file is read once."""

import hashlib
import os
import shutil

import pytest

from finefield import contents as module
from finefield.contents import KEPT, contents


@pytest.fixture
def files(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in "ab":
        (tmp_path / name).write_text(name * 1000)
    return ["a", tmp_path / "b"]


def test_checksums_are_those_of_the_files_in_their_order(files):
    expected = [hashlib.sha256(text.encode() * 1000).hexdigest() for text in "ab"]
    assert contents(files) == expected
    assert contents(files[::-1]) == expected[::-1]
    assert contents(["missing", *files]) == expected
    assert contents([]) == []


def test_a_file_is_read_again_only_if_its_time_or_size_is_another(files, monkeypatch):
    first = contents(files)

    def forbidden(*_):
        raise AssertionError("read")

    with monkeypatch.context() as patch:
        patch.setattr(module.hashlib, "file_digest", forbidden)
        assert contents(files) == first
        os.utime("a")
        with pytest.raises(AssertionError, match="read"):
            contents(files)
    assert contents(files) == first
    files[1].write_text("other")
    assert contents(files)[0] == first[0] and contents(files)[1] != first[1]
    shutil.copy("b", "a")
    assert contents(["a"]) == contents(["b"])


def test_a_damaged_record_or_a_folder_that_is_only_read_does_no_harm(files, monkeypatch):
    first = contents(files)
    KEPT.write_text("{")
    assert contents(files) == first
    monkeypatch.setattr(module, "KEPT", module.Path("/proc/contents.json"))
    assert contents(files) == first
