"""Variables of MATLAB's own classes, which no library reads, beside those that are read."""

import io
import struct

import h5py
import numpy as np
import pytest
from helpers.recordings import (
    CELLS,
    COUNTS,
    RATE,
    SPIKE_TIMES,
    cell_names,
    check,
    count_arrays,
    objects,
    read_recording,
    refused,
    save_matlab73,
    simulate,
)
from scipy.io import savemat

from finefield.recordings.containers import headers

OWN = {"names": "string", "when": "datetime", "trials": "table", "handle": "my.Class"}


def element(kind, data):
    """A data element: type, length and bytes, filled up to a multiple of eight."""
    return struct.pack("<II", kind, len(data)) + data + bytes(-len(data) % 8)


def own_class(name, kind):
    """A variable as MATLAB writes one of its own classes, mxOPAQUE_CLASS (17)."""
    numbers = np.array([0xDD000000, 2, 1, 1, 1, 1], "<u4").tobytes()
    shape = element(5, struct.pack("<ii", 6, 1)) + element(1, b"")
    place = element(14, element(6, struct.pack("<II", 13, 0)) + shape + element(6, numbers))
    texts = b"".join(element(1, text.encode()) for text in (name, "MCOS", kind))
    return element(14, element(6, struct.pack("<II", 17, 0)) + texts + place)


def version5(path, variables):
    """A MATLAB file of version 5 with variables of own classes before, between and after others."""
    own = [own_class(*one) for one in OWN.items()]
    parts = []
    for name, value in variables.items():
        file = io.BytesIO()
        savemat(file, {name: value}, do_compression=len(parts) % 2 == 0)
        parts.append(file.getvalue())
    data = [parts[0][:128], own[0], parts[0][128:], own[1], *(one[128:] for one in parts[1:])]
    path.write_bytes(b"".join([*data, *own[2:]]))


def version73(path, variables):
    """A MATLAB file of version 7.3 with variables of own classes."""
    save_matlab73(path, variables)
    with h5py.File(path, "a") as file:
        for name, kind in OWN.items():
            file[name] = np.array([[0xDD000000, 2, 1, 1, 1, 1]], np.uint32)
            file[name].attrs["MATLAB_class"] = np.bytes_(kind)
            file[name].attrs["MATLAB_object_decode"] = np.int32(3)


@pytest.mark.parametrize("save", [version5, version73])
def test_the_others_are_read(tmp_path, save):
    simulated = simulate()
    ids = [*CELLS] if save is version73 else objects(CELLS)
    save(tmp_path / "a.mat", count_arrays(simulated) | {"ids": ids})
    layout = COUNTS | {"names_key": "ids"}
    check(read_recording(tmp_path / "a.mat", layout, RATE), simulated)
    assert cell_names(tmp_path / "a.mat", layout) == list(CELLS)
    listed = set(headers(tmp_path / "a.mat"))
    assert listed == {"spk1", "spk2", "ids"} | {f"{n} of class {k}" for n, k in OWN.items()}


@pytest.mark.parametrize("save", [version5, version73])
def test_one_that_is_asked_for_is_named_with_its_class(tmp_path, save):
    save(tmp_path / "a.mat", count_arrays(simulate()))
    words = "a.mat: names", "class string", "save names = cellstr(names)"
    refused(tmp_path / "a.mat", COUNTS | {"names_key": "names"}, *words, names_too=True)
    words = "class table", "trials = table2struct(trials, 'ToScalar', true)"
    refused(tmp_path / "a.mat", COUNTS | {"running_key": "trials"}, *words, names_too=True)
    words = "handle", "class my.Class", "save handle = what handle holds"
    refused(tmp_path / "a.mat", COUNTS | {"frozen_key": "handle"}, *words)
    refused(tmp_path / "a.mat", COUNTS | {"frozen_key": "spk3"}, "when of class datetime")


def struct5(path):
    """A struct of version 5 with one field, a duration, whose own name is empty there."""
    fields = element(5, struct.pack("<i", 32)) + element(1, b"b".ljust(32, b"\0"))
    head = element(6, struct.pack("<II", 2, 0)) + element(5, struct.pack("<ii", 1, 1))
    data = element(14, head + element(1, b"s") + fields + own_class("", "duration"))
    file = io.BytesIO()
    savemat(file, {"other": np.eye(2)})
    path.write_bytes(file.getvalue() + data)


def struct73(path):
    """The same in version 7.3."""
    save_matlab73(path, {"other": np.eye(2)})
    with h5py.File(path, "a") as file:
        file["s/b"] = np.zeros((1, 6), np.uint32)
        file["s/b"].attrs["MATLAB_class"] = np.bytes_("duration")
        file["s/b"].attrs["MATLAB_object_decode"] = np.int32(3)


@pytest.mark.parametrize("save", [struct5, struct73])
def test_one_that_is_the_field_of_a_struct(tmp_path, save):
    save(tmp_path / "a.mat")
    assert list(headers(tmp_path / "a.mat")) == ["other", "s/b of class duration"]
    for key in ("s", "s/b"):
        words = "s.b", "class duration", "save s.b = seconds(s.b)"
        refused(tmp_path / "a.mat", SPIKE_TIMES | {"spikes_key": key}, *words, names_too=True)
