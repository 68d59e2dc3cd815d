"""Files are whole or absent, described, equal when made twice, and damaged ones are named."""

import json

import numpy as np
import pytest
import xarray as xr

from finefield import files, store
from finefield.errors import UserError
from finefield.glossary import DIMENSIONS, VARIABLES
from finefield.noise import numpy_blocks
from finefield.stimulus import Window

ATTRIBUTES = store.provenance("A test", {"seed": 3, "code": "abc", "b": 1, "a": [2]}, "made")


def test_every_file_says_where_it_comes_from(tmp_path):
    data = xr.Dataset({"sta": (("lag", "y", "x"), np.ones((2, 3, 4)))}, attrs=ATTRIBUTES)
    store.write(
        tmp_path / "a.nc", data, {"frozen": xr.Dataset({"measured_rate": ("frame", [1.0])})}
    )
    again = store.read(tmp_path / "a.nc")
    assert {"title", "history", "finefield_version", "seed", "config_json"} <= set(again.attrs)
    assert json.loads(again.attrs["config_json"]) == {"a": [2], "b": 1}
    assert again["sta"].attrs == {"units": "1", "long_name": VARIABLES["sta"][1]}
    assert store.read(tmp_path / "a.nc", "frozen")["measured_rate"].attrs["units"] == "Hz"


def test_the_same_data_make_the_same_bytes(tmp_path):
    data = xr.Dataset(
        {"weight": ("filter", np.random.default_rng(0).random(5000))}, attrs=ATTRIBUTES
    )
    for name in ("a.nc", "b.nc"):
        store.write(tmp_path / name, data, {"readout": data})
    assert (tmp_path / "a.nc").read_bytes() == (tmp_path / "b.nc").read_bytes()


@pytest.mark.parametrize("data", [{"nonsense": ("frame", [1])}, {"sta": ("nonsense", [1])}])
def test_names_outside_the_glossary_are_refused_and_nothing_is_left(tmp_path, data):
    with pytest.raises(KeyError, match="nonsense"):
        store.write(tmp_path / "a.nc", xr.Dataset(data))
    assert list(tmp_path.iterdir()) == []


def test_a_write_that_fails_leaves_the_old_file(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("old")
    with pytest.raises(OSError, match="disk full"), store.whole(path) as part:
        part.write_text("half")
        raise OSError("disk full")
    assert path.read_text() == "old" and list(tmp_path.iterdir()) == [path]


def test_absent_and_damaged_files_are_named(tmp_path):
    with pytest.raises(UserError, match=r"none\.nc: got no such file"):
        store.read(tmp_path / "none.nc")
    damaged = tmp_path / "damaged.nc"
    store.write(damaged, xr.Dataset({"weight": ("filter", np.random.default_rng(0).random(9999))}))
    whole = damaged.read_bytes()
    flipped = bytearray(whole)
    flipped[len(whole) // 2] ^= 0xFF
    for content in (whole[:3000], bytes(flipped), b""):
        damaged.write_bytes(content)
        with pytest.raises(UserError, match=r"damaged\.nc.*delete it and run the workflow again"):
            store.read(damaged)


def test_names_survive_being_read_and_combined(tmp_path):
    for name in ("a", "a_longer_name"):
        data = xr.Dataset({"n_spikes": ("cell", [1])}, {"cell": [name]})
        store.write(tmp_path / f"{name}.nc", data)
    parts = [store.read(tmp_path / f"{name}.nc") for name in ("a", "a_longer_name")]
    store.write(tmp_path / "all.nc", xr.concat(parts, "cell"))
    assert store.read(tmp_path / "all.nc")["cell"].values.tolist() == ["a", "a_longer_name"]


def test_a_stimulus_is_read_crop_by_crop(tmp_path):
    sizes = {None: (70_001, 23, 12), "frozen": (300, 23, 12)}

    def blocks():
        return {name: numpy_blocks(np.random.default_rng(0), *size) for name, size in sizes.items()}

    path = tmp_path / "stimulus.nc"
    files.write_stimulus(path, blocks(), sizes, (-0.5, 0.5), ATTRIBUTES)
    for name, (n_frames, *_) in sizes.items():
        whole = np.concatenate([bits for _, bits in blocks()[name]], axis=-1)
        crop = files.read_stimulus(path, Window(9, 3, 8, 5), name)
        assert crop.shape == (n_frames, 8, 5) and (crop.low, crop.high) == (-0.5, 0.5)
        assert np.array_equal(crop.bits, whole[9:17, 3:8])
    with pytest.raises(UserError, match="field of 23 rows"):
        files.read_stimulus(path, Window(20, 0, 8, 8))


def test_responses_come_back_and_silent_cells_are_marked(tmp_path):
    counts = np.random.default_rng(0).poisson(0.1, (3, 100)).astype(np.uint8)
    groups = {
        name: files.responses_dataset("a", counts, [0, 100, 200], 30.0, delay=1)
        for name in (None, "frozen")
    }
    path = tmp_path / "a.nc"
    files.write_responses(path, groups, ATTRIBUTES, min_spikes=5)
    cell = files.read_responses(path)
    assert np.array_equal(cell.spike_count, counts) and cell.delay == 1
    assert store.dropped_reason([path]) is None
    files.write_responses(path, groups, ATTRIBUTES, min_spikes=10**6)
    assert "fewer than 1000000" in store.dropped_reason([path])


def test_the_glossary_names_each_thing_once():
    assert not set(DIMENSIONS) & set(VARIABLES)
    assert all(units and text for units, text in VARIABLES.values())
