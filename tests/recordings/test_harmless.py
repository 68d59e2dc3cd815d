"""Files that cannot be read although they are whole: what is said is what is the matter."""

import subprocess
import sys

import h5py
import numpy as np
import pytest

from finefield.base.errors import UserError
from finefield.recordings.containers import reading

READ = """
import sys
from finefield.recordings.read import read_recording
from finefield.recordings.settings import CountsLayout
read_recording(sys.argv[1], CountsLayout(), 30.0)
"""


def test_a_file_that_is_open_for_writing_elsewhere(tmp_path):
    path = tmp_path / "cells.h5"
    with h5py.File(path, "w") as file:
        file["spk1"] = np.zeros((1, 60, 2))
        command = [sys.executable, "-c", READ, str(path)]
        done = subprocess.run(command, capture_output=True, text=True)
    assert "another program has open for writing" in done.stderr
    assert "fetch the file again" not in done.stderr


def test_a_compression_that_is_not_installed(tmp_path):
    # What HDF5 says; writing such a file needs the filter.
    said = "Can't synchronously read data (required filter 'blosc' is not registered)"
    path = tmp_path / "cells.h5"
    path.touch()
    with pytest.raises(UserError, match=r"by a filter that is not installed.*gzip"), reading(path):
        raise OSError(said)
