"""One recording in every format comes back the same, and damaged files of each are refused."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from helpers.formats import COUNT_FORMATS, TIME_FORMATS, cells_in, nwb
from helpers.recordings import (
    CELLS,
    COUNTS,
    NWB,
    RATE,
    SPIKE_TIMES,
    cell_names,
    check,
    objects,
    read_recording,
    refused,
    save_hdf5,
    save_matlab73,
    simulate,
)
from scipy.io import savemat

import finefield
from finefield.base.errors import UserError

FILES = {
    name: write
    for name, write in (COUNT_FORMATS | TIME_FORMATS).items()
    if name not in ("times", "phy")
}
NEEDS = {"counts.v73.mat": "h5py", "counts.h5": "h5py", "times.v73.mat": "h5py", "times.h5": "h5py"}


@pytest.mark.parametrize("name", COUNT_FORMATS | TIME_FORMATS)
def test_what_is_written_is_read(tmp_path, name):
    simulated = simulate()
    path = tmp_path / name
    layout = (COUNT_FORMATS | TIME_FORMATS)[name](simulated, path)
    check(read_recording(path, layout, RATE), simulated, cells_in(name))
    assert cell_names(str(path), layout) == list(cells_in(name))


@pytest.mark.parametrize("name", TIME_FORMATS)
def test_trials_end_where_frames_are_dropped(tmp_path, name):
    simulated = simulate(dropped=True)
    assert [len(simulated.running), len(simulated.frozen)] == [5, 5]
    layout = TIME_FORMATS[name](simulated, tmp_path / name)
    check(read_recording(tmp_path / name, layout, RATE), simulated, cells_in(name))


@pytest.mark.parametrize("name", COUNT_FORMATS)
def test_a_file_is_known_by_its_content(tmp_path, name):
    simulated = simulate()
    layout = COUNT_FORMATS[name](simulated, tmp_path / name)
    (tmp_path / name).rename(tmp_path / "recording.dat")
    check(read_recording(tmp_path / "recording.dat", layout, RATE), simulated)


def test_cells_without_names_are_numbered(tmp_path):
    simulated = simulate()
    for name in ("counts.v5.mat", "times.v5.mat", "times.v73.mat"):
        layout = FILES[name](simulated, tmp_path / name) | {"names_key": None}
        check(read_recording(tmp_path / name, layout, RATE), simulated, cells=("0", "1", "2"))
        assert cell_names(tmp_path / name, layout) == ["0", "1", "2"]


@pytest.mark.parametrize("ids", [[7, 3, 12], [7.0, 3.0, 12.0]])
def test_whole_numbers_are_names(tmp_path, ids):
    save_hdf5(
        tmp_path / "b.h5", {"spk1": np.ones((3, 4, 5)), "spk2": np.ones((3, 4, 5)), "id": ids}
    )
    layout = COUNTS | {"names_key": "id", "running_frames": 4}
    assert cell_names(tmp_path / "b.h5", layout) == ["7", "3", "12"]


def test_matlab_names_as_rows_of_characters(tmp_path):
    arrays = {"spk1": np.ones((3, 4, 5)), "names": np.array(["a", "long", "b2"])}
    savemat(tmp_path / "cells.mat", arrays)
    assert cell_names(tmp_path / "cells.mat", COUNTS | {"names_key": "names"}) == [
        "a",
        "long",
        "b2",
    ]


@pytest.mark.parametrize("save", [savemat, save_matlab73])
def test_a_cell_without_spikes(tmp_path, save):
    simulated = simulate()
    layout = SPIKE_TIMES
    spikes = [*simulated.spikes.values(), np.zeros((0, 0))]
    frames = {
        f"{key}_frame_times": getattr(simulated, f"{key}_times") for key in ("running", "frozen")
    }
    spikes = objects(spikes) if save is savemat else [np.atleast_2d(times) for times in spikes]
    save(tmp_path / "cells.mat", frames | {"spike_times": spikes})
    recording = read_recording(tmp_path / "cells.mat", layout, RATE)
    assert recording.cells == ("0", "1", "2", "3")
    assert not recording.running.spike_count[3].any() and recording.running.spike_count[2].any()


def test_a_text_file_without_spikes(tmp_path):
    layout = TIME_FORMATS["times"](simulate(), tmp_path)
    (tmp_path / "spike_times/3.txt").write_text("")
    recording = read_recording(tmp_path, layout, RATE)
    assert recording.cells == ("2", "3", "10", "ON_a")
    assert not recording.frozen.spike_count[1].any()


def test_h5py_and_pynwb_are_not_imported_before_they_are_needed(tmp_path):
    code = "import sys, finefield.recordings.read; print({'h5py', 'pynwb'} & set(sys.modules))"
    environment = os.environ | {"PYTHONPATH": str(Path(finefield.__file__).parents[1])}
    command = [sys.executable, "-c", code]
    run = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert run.stdout == "set()\n"


def test_names_of_nwb_need_no_pynwb(tmp_path, monkeypatch):
    layout = nwb(simulate(), tmp_path / "a.nwb")
    monkeypatch.setitem(sys.modules, "pynwb", None)
    assert cell_names(tmp_path / "a.nwb", layout) == list(CELLS)
    refused(
        tmp_path / "a.nwb", layout, "pynwb", "pip install --requirement envs/requirements-nwb.txt"
    )


@pytest.mark.parametrize("name", NEEDS)
def test_missing_h5py(tmp_path, monkeypatch, name):
    layout = FILES[name](simulate(), tmp_path / name)
    monkeypatch.setitem(sys.modules, "h5py", None)
    words = "h5py", "pip install --requirement envs/requirements-hdf5.txt"
    refused(tmp_path / name, layout, *words, names_too=True)


def test_missing_h5py_for_nwb(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "h5py", None)
    with pytest.raises(UserError, match=r"h5py.*envs/requirements-nwb\.txt"):
        cell_names(tmp_path / "a.nwb", NWB)


@pytest.mark.parametrize("layout", [COUNTS, SPIKE_TIMES, NWB])
def test_missing_file(tmp_path, layout):
    words = "no such file", "a relative one begins where the run is started"
    refused(tmp_path / "absent.mat", layout, str(tmp_path), *words, names_too=True)
    # Where config/recorded.yaml looks for its data set.
    place = tmp_path / "resources/recordings/absent.mat"
    words = "no such file", "get the data set", "docs/public-sets.md"
    refused(place, layout, str(tmp_path), *words, names_too=True)


@pytest.mark.parametrize("name", FILES)
def test_no_permission(tmp_path, monkeypatch, name):
    layout = FILES[name](simulate(), tmp_path / name)
    forbid(monkeypatch, name)
    refused(tmp_path / name, layout, name, "no permission", "chmod", names_too=True)


def test_no_permission_for_a_text_file(tmp_path, monkeypatch):
    layout = TIME_FORMATS["times"](simulate(), tmp_path)

    def loadtxt(file, **_):
        raise PermissionError(13, "Permission denied", str(file))

    monkeypatch.setattr("numpy.loadtxt", loadtxt)
    refused(tmp_path, layout, "spike_times", ".txt: got no permission")


def forbid(monkeypatch, name):
    """Refuse to open the file of that name, as the tests may run as root."""
    from pathlib import Path

    opened = Path.open

    def closed(path, *arguments, **settings):
        if path.name == name:
            raise PermissionError(13, "Permission denied", str(path))
        return opened(path, *arguments, **settings)

    monkeypatch.setattr(Path, "open", closed)


@pytest.mark.parametrize("part", [0.95, 0.7])
@pytest.mark.parametrize("name", FILES)
def test_truncated_file(tmp_path, name, part):
    path = tmp_path / name
    layout = FILES[name](simulate(), path)
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * part)])
    refused(path, layout, name)
    # A MATLAB file of version 5 may end after any of its variables.
    damage = "cannot be read to the end.*fetch the file again"
    with pytest.raises(UserError, match=f"{damage}|a file cut short" if ".v5" in name else damage):
        read_recording(path, layout, RATE)


def test_truncated_header_of_version_73(tmp_path):
    layout = FILES["counts.v73.mat"](simulate(), tmp_path / "cells.mat")
    (tmp_path / "cells.mat").write_bytes((tmp_path / "cells.mat").read_bytes()[:300])
    refused(tmp_path / "cells.mat", layout, "300 bytes", "version 7.3", names_too=True)


def test_truncated_text(tmp_path):
    layout = TIME_FORMATS["times"](simulate(), tmp_path)
    path = tmp_path / "frozen_frame_times.txt"
    path.write_text(path.read_text()[:-40])
    refused(tmp_path, layout, str(path), "no table of numbers", "number of columns changed")


@pytest.mark.parametrize("layout", [COUNTS, SPIKE_TIMES])
@pytest.mark.parametrize("content", [b"", b"abc", b"x, y, count\n" * 100, b"\x93NUMPY\x01\x00v"])
def test_other_kinds_of_file(tmp_path, content, layout):
    path = tmp_path / "cells.mat"
    path.write_bytes(content)
    words = f"{len(content)} bytes that do not begin as a MATLAB", "a NumPy .npz file, an HDF5 file"
    refused(path, layout, str(path), *words, names_too=True)


def test_version_4(tmp_path):
    savemat(tmp_path / "cells.mat", {"spk1": np.ones((2, 3))}, format="4")
    refused(tmp_path / "cells.mat", COUNTS, "version 4", "-v7", names_too=True)


def test_missing_variables_list_those_that_are_there(tmp_path):
    simulated = simulate()
    for name in ("times.v5.mat", "times.v73.mat", "times.npz", "times.h5", "times"):
        path = tmp_path / name
        layout = TIME_FORMATS[name](simulated, path) | {"spikes_key": "spikes"}
        words = "no array spikes, but", "running_frame_times", "spike_times"
        refused(path, layout, str(path), *words, names_too=True)
    refused(path, layout | {"frozen_times_key": "test"}, "spike_times with 3 entries")


def test_what_matlab_keeps_apart_is_not_listed(tmp_path):
    layout = TIME_FORMATS["times.v73.mat"](simulate(), tmp_path / "cells.mat")
    with pytest.raises(UserError, match="spike_times") as caught:
        cell_names(tmp_path / "cells.mat", layout | {"spikes_key": "spikes"})
    assert "refs" not in str(caught.value)
