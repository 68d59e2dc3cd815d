"""MATLAB's structs: fields by name, and arrays of structs as cell arrays."""

import h5py
import numpy as np
import pytest
from helpers.recordings import (
    CELLS,
    RATE,
    SPIKE_TIMES,
    cell_names,
    check,
    objects,
    read_recording,
    simulate,
)
from scipy.io import savemat

from finefield.base.errors import UserError
from finefield.recordings.containers import headers


@pytest.fixture
def simulated():
    return simulate()


def frames(simulated):
    return {
        "running": simulated.running_times,
        "frozen": simulated.frozen_times,
        "spikes": objects([simulated.spikes[cell] for cell in CELLS]),
        "names": objects(CELLS),
    }


LAYOUT = SPIKE_TIMES | {
    "spikes_key": "s/spikes",
    "names_key": "s/names",
    "running_times_key": "s/running",
    "frozen_times_key": "s/frozen",
}


def test_fields_of_a_struct(tmp_path, simulated):
    savemat(tmp_path / "a.mat", {"s": frames(simulated), "other": np.eye(2)})
    check(read_recording(tmp_path / "a.mat", LAYOUT, RATE), simulated)
    assert headers(tmp_path / "a.mat")["other"] == (2, 2)


def test_structs_in_a_struct(tmp_path, simulated):
    savemat(tmp_path / "a.mat", {"data": {"s": frames(simulated)}})
    deep = {key: f"data/{one}" if "s/" in str(one) else one for key, one in LAYOUT.items()}
    check(read_recording(tmp_path / "a.mat", deep, RATE), simulated)


def test_an_array_of_structs(tmp_path, simulated):
    units = np.empty((1, len(CELLS)), [("name", object), ("times", object)])
    for place, cell in enumerate(CELLS):
        units[0, place] = cell, simulated.spikes[cell]
    savemat(tmp_path / "a.mat", {"units": units, "s": frames(simulated)})
    layout = LAYOUT | {"spikes_key": "units/times", "names_key": "units/name"}
    check(read_recording(tmp_path / "a.mat", layout, RATE), simulated)


def test_an_array_of_structs_in_version_7_3(tmp_path, simulated):
    """As MATLAB writes it: a group with a dataset of references for each field."""
    with h5py.File(tmp_path / "a.mat", "w", userblock_size=512) as file:
        for name in ("running", "frozen"):
            times = getattr(simulated, f"{name}_times").T
            file[f"s/{name}"] = times
            file[f"s/{name}"].attrs["MATLAB_class"] = np.bytes_("double")
        for field, kind in (("times", "double"), ("name", "char")):
            places = file.create_dataset(f"units/{field}", (len(CELLS), 1), h5py.ref_dtype)
            for place, cell in enumerate(CELLS):
                text = np.array([[ord(one)] for one in cell], np.uint16)
                value = simulated.spikes[cell][:, None] if field == "times" else text
                element = file.create_dataset(f"#refs#/{field}{place}", data=value)
                element.attrs["MATLAB_class"] = np.bytes_(kind)
                places[place, 0] = element.ref
    layout = LAYOUT | {"spikes_key": "units/times", "names_key": "units/name"}
    check(read_recording(tmp_path / "a.mat", layout, RATE), simulated)


def test_a_field_written_with_a_dot_is_told_with_a_slash(tmp_path, simulated):
    savemat(tmp_path / "a.mat", {"s": frames(simulated)})
    for way in (read_recording, lambda *known: cell_names(*known[:2])):
        with pytest.raises(UserError, match=r"got no array s\.spikes, but .* Fix: write s/spikes"):
            way(tmp_path / "a.mat", LAYOUT | {"spikes_key": "s.spikes"}, RATE)
