"""Files are whole or absent, described, equal when made twice, and damaged ones are named."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from helpers.damage import flipped_copies

from finefield.base.errors import UserError
from finefield.base.whole import SIZE
from finefield.files import store
from finefield.files.declared import ROOT, File, variables

ATTRIBUTES = store.provenance("A test", {"seed": 3, "code": "abc", "b": 1, "a": [2]}, "made")
FILE = File(
    "{cell}.nc",
    "a kind of file",
    {
        ROOT: variables("""
        n_spikes (cell): spikes
        sta (lag, y, x): average
        """),
        "frozen": variables("measured_rate (frame) [Hz]: mean firing rate"),
        "readout": variables("readout (filter, y, x): weight of each filter", only="one layer"),
    },
)


def groups(size=3, cells=("a",)):
    sta = np.random.default_rng(0).random((2, size, size))
    root = {"cell": list(cells), "n_spikes": [1] * len(cells), "sta": sta}
    return {ROOT: root, "frozen": {"measured_rate": [1.0, 2.0]}}


def test_every_file_says_where_it_comes_from(tmp_path):
    store.write(tmp_path / "a.nc", FILE, groups(), ATTRIBUTES)
    again = store.read(tmp_path / "a.nc")
    assert {"title", "history", "finefield_version", "seed", "config_json"} <= set(again.attrs)
    assert json.loads(again.attrs["config_json"]) == {"a": [2], "b": 1}
    assert again["sta"].attrs == {"units": "1", "long_name": "average"}
    assert store.read(tmp_path / "a.nc", "frozen")["measured_rate"].attrs["units"] == "Hz"
    assert store.groups(tmp_path / "a.nc") == ["frozen"]


def test_the_same_data_make_the_same_bytes(tmp_path):
    for name in ("a.nc", "b.nc"):
        store.write(tmp_path / name, FILE, groups(size=99), ATTRIBUTES)
    assert (tmp_path / "a.nc").read_bytes() == (tmp_path / "b.nc").read_bytes()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"nonsense": {}}, "no group nonsense is declared"),
        ({"frozen": {}}, "group frozen: measured_rate is declared, but not given"),
        ({"readout": {"weight": [1]}}, "group readout: weight is not declared"),
        ({"frozen": {"measured_rate": [[1.0]]}}, "has dimensions 2; declared are frame"),
    ],
)
def test_what_is_not_declared_is_refused_and_nothing_is_left(tmp_path, change, message):
    with pytest.raises(ValueError, match=message):
        store.write(tmp_path / "a.nc", FILE, groups() | change, ATTRIBUTES)
    assert list(tmp_path.iterdir()) == []


def test_a_group_that_is_forgotten_is_refused(tmp_path):
    only_root = {ROOT: groups()[ROOT]}
    with pytest.raises(ValueError, match="measured_rate is declared, but not given"):
        store.write(tmp_path / "a.nc", FILE, only_root, ATTRIBUTES)


def test_a_dropped_cell_says_why(tmp_path):
    store.write(tmp_path / "a.nc", FILE, groups(), ATTRIBUTES)
    store.write(tmp_path / "b.nc", FILE, groups(), ATTRIBUTES, dropped="3 spikes")
    store.write_dropped(tmp_path / "c.nc", "no network")
    paths = [tmp_path / f"{name}.nc" for name in "abc"]
    assert [store.dropped_reason([path]) for path in paths] == [None, "3 spikes", "no network"]
    assert store.dropped_reason(paths) == "3 spikes"


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
    store.write(damaged, FILE, groups(size=99), ATTRIBUTES)
    whole = damaged.read_bytes()
    for content in (whole[:3000], whole[: -SIZE - 1], b""):
        damaged.write_bytes(content)
        with pytest.raises(UserError, match=r"damaged\.nc.*delete it and run the workflow again"):
            store.read(damaged)


@pytest.mark.parametrize("size", [3, 99])
def test_no_flipped_bit_is_read(tmp_path, size):
    """Wherever it is: in values, names, attributes or the checksum itself."""
    store.write(tmp_path / "good.nc", FILE, groups(size), ATTRIBUTES)
    good = store.read(tmp_path / "good.nc")
    for path in flipped_copies(tmp_path / "good.nc", 100):
        try:
            assert store.read(path).identical(good)
        except UserError as error:
            assert "checksum is wrong" in str(error)


#: Write a file of 4 MB where files may only grow to 1 MB, as on a disk that fills up.
FULL_DISK = """
import resource, signal, sys
import numpy as np
from finefield.files import store
from finefield.files.declared import ROOT, File, variables
from finefield.files.stimulus import write_stimulus
from finefield.stimuli.movie import BinaryStimulus, Blocks
from finefield.stimuli.noise import numpy_blocks

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (10**6, 10**6))
rng = np.random.default_rng(0)
if sys.argv[1] == "stimulus":
    noise = numpy_blocks(rng, 160_000, 20, 10)
    movie = Blocks((160_000, 20, 10), noise, BinaryStimulus, (-1.0, 1.0))
    write_stimulus("stimulus.nc", {"running": movie}, {})
else:
    file = File("other.nc", "any", {ROOT: variables("firing_rate (frame) [Hz]: firing rate")})
    store.write("other.nc", file, {ROOT: {"firing_rate": rng.random(500_000)}}, {})
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
