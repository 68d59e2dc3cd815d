"""Files are whole or absent, described, equal when made twice, and damaged ones are named."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from finefield.base.errors import UserError
from finefield.base.glossary import DIMENSIONS, VARIABLES
from finefield.files import contents as files
from finefield.files import store
from finefield.stimuli.movie import BinaryStimulus, Blocks, GreyStimulus
from finefield.stimuli.noise import numpy_blocks
from finefield.stimuli.window import Window

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
    with pytest.raises(UserError, match="disk full"), store.whole(path) as part:
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


def noise(n_frames):
    return numpy_blocks(np.random.default_rng(0), n_frames, 23, 12)


def test_a_binary_stimulus_is_read_crop_by_crop(tmp_path):
    sizes = {None: 33_001, "frozen": 300}
    sequences = {
        name: Blocks((n_frames, 23, 12), noise(n_frames), BinaryStimulus, (-0.5, 0.5))
        for name, n_frames in sizes.items()
    }
    path = tmp_path / "stimulus.nc"
    files.write_stimulus(path, sequences, ATTRIBUTES)
    for name, n_frames in sizes.items():
        whole = np.concatenate([bits for _, bits in noise(n_frames)], axis=-1)
        crop = files.read_stimulus(path, Window(9, 3, 8, 5), name)
        assert crop.shape == (n_frames, 8, 5) and (crop.low, crop.high) == (-0.5, 0.5)
        assert np.array_equal(crop.codes, whole[9:17, 3:8])
    assert files.stimulus_mean(path) == pytest.approx(files.read_stimulus(path).frames().mean())
    with pytest.raises(UserError, match="field of 23 rows"):
        files.read_stimulus(path, Window(20, 0, 8, 8))


def test_a_grey_stimulus_comes_back_whole_and_in_bands(tmp_path):
    levels = np.random.default_rng(0).integers(0, 256, (23, 12, 500), dtype=np.uint8)
    blocks = [(0, levels[..., :320]), (320, levels[..., 320:])]
    sequences = {
        name: Blocks((500, 23, 12), blocks, GreyStimulus, (-4.0, 0.25)) for name in (None, "frozen")
    }
    path = tmp_path / "stimulus.nc"
    files.write_stimulus(path, sequences, ATTRIBUTES)
    whole = files.read_stimulus(path)
    assert np.array_equal(whole.codes, levels) and (whole.offset, whole.step) == (-4.0, 0.25)
    assert files.stimulus_mean(path) == pytest.approx(levels.mean() * 0.25 - 4)
    bands = list(files.stimulus_bands(path))
    assert len(bands) > 1
    assert np.array_equal(np.concatenate([band.codes for band in bands]), levels)


#: Write a file of 4 MB where files may only grow to 1 MB, as on a disk that fills up.
FULL_DISK = """
import resource, signal, sys
import numpy as np
import xarray as xr
from finefield.files import contents as files
from finefield.files import store
from finefield.stimuli.movie import BinaryStimulus, Blocks
from finefield.stimuli.noise import numpy_blocks

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (10**6, 10**6))
rng = np.random.default_rng(0)
if sys.argv[1] == "stimulus":
    noise = numpy_blocks(rng, 160_000, 20, 10)
    movie = Blocks((160_000, 20, 10), noise, BinaryStimulus, (-1.0, 1.0))
    files.write_stimulus("stimulus.nc", {None: movie}, {})
else:
    store.write("other.nc", xr.Dataset({"firing_rate": ("frame", rng.random(500_000))}))
"""


@pytest.mark.parametrize("kind", ["stimulus", "other"])
def test_a_full_disk_is_named_and_leaves_nothing(tmp_path, kind):
    command = [sys.executable, "-c", FULL_DISK, kind]
    environment = os.environ | {"PYTHONPATH": str(Path(store.__file__).parents[2])}
    process = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert process.returncode == 1
    message = process.stderr.splitlines()[-1]
    assert f"UserError: writing {kind}.nc: got " in message and "make room on the disk" in message
    assert not list(tmp_path.iterdir())


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
