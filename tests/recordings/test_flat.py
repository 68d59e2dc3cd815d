"""All spikes in one vector, with the cell of each spike in another."""

import numpy as np
import pytest
from helpers.formats import flat
from helpers.recordings import (
    CELLS,
    RATE,
    SPIKE_TIMES,
    cell_names,
    check,
    read_recording,
    refused,
    save_text,
    simulate,
)
from scipy.io import savemat

LAYOUT = SPIKE_TIMES | {"ids_key": "cells"}


def write(path, **changes):
    np.savez(path, **flat(simulate()) | changes)
    return path


@pytest.mark.parametrize("kind", [np.uint8, np.int32, float])
def test_cells_by_number_in_any_container(tmp_path, kind):
    variables = flat(simulate(), ("9", "10", "200"))
    variables["cells"] = variables["cells"].astype(kind)
    savemat(tmp_path / "a.mat", variables)
    np.savez(tmp_path / "a.npz", **variables)
    save_text(tmp_path / "text", variables)
    for name in ("a.mat", "a.npz", "text"):
        found = read_recording(tmp_path / name, LAYOUT, RATE)
        check(found, simulate(), ("9", "10", "200"))
        assert cell_names(tmp_path / name, LAYOUT) == ["9", "10", "200"]


def test_spikes_that_lie_cell_after_cell(tmp_path):
    spikes = simulate().spikes
    changes = {
        "spike_times": np.concatenate(list(spikes.values())),
        "cells": np.repeat(CELLS, list(map(len, spikes.values()))),
    }
    check(read_recording(write(tmp_path / "a.npz", **changes), LAYOUT, RATE), simulate())


def test_as_many_ids_as_spikes(tmp_path):
    path = write(tmp_path / "a.npz", cells=np.array(["2", "10"]))
    refused(path, LAYOUT, "a.npz: cells", "got 2 values for", "one number or name for each spike")


@pytest.mark.parametrize("bad", [np.nan, 1.5])
def test_ids_that_are_no_names(tmp_path, bad):
    ids = np.where(np.arange(len(flat(simulate())["cells"])) % 3, 1.0, bad)
    refused(write(tmp_path / "a.npz", cells=ids), LAYOUT, f"{bad}", "whole numbers", names_too=True)


def test_a_missing_vector_and_a_second_source_of_names(tmp_path):
    path = write(tmp_path / "a.npz")
    refused(path, LAYOUT | {"ids_key": "units"}, "no array units, but", "cells", names_too=True)
    words = "names_key", "null, as cells names the cell of each spike"
    refused(path, LAYOUT | {"names_key": "names"}, *words, names_too=True)
    refused(path, SPIKE_TIMES, "a cell array of vectors", "or set ids_key")
