"""Small faults in good recordings: read as a plain reader reads it, refused, or warned of by name.

Every format, with faults of what is recorded and of the file.
"""

import logging
import shutil

import numpy as np
import pytest
from helpers.formats import COUNT_FORMATS, TIME_FORMATS, cells_in
from helpers.recordings import CELLS, Simulated, read_recording
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from finefield.base.errors import UserError

PERIOD, SPIKES = 1 / 30, 300
RNG = np.random.default_rng(0)
RUNNING = 5.0 + PERIOD * np.arange(400)
FROZEN = 30.0 + 4 * np.arange(6)[:, None] + PERIOD * np.arange(60)
SHOWN = np.concatenate([RUNNING, FROZEN.ravel()])
TIMES = {c: np.sort(RNG.choice(SHOWN, SPIKES, replace=False) + 0.011) for c in CELLS}
COUNTS = {"spk1": RNG.poisson(0.4, (3, 80, 7)), "spk2": RNG.poisson(0.4, (3, 60, 7))}
#: Unit of the times that some formats store [s], and whether they are whole there.
STORED = {"times.v73.mat": (1e-3, False), "phy": (1e-6, True)}


def trigger_moved(data, where, place, size):
    data[where].flat[place % data[where].size] += size * PERIOD


def trigger_too_many(data, _, place, size):
    time = data["running"][0, place % 399] + (0.02 + 0.96 * size) * PERIOD
    data["running"] = np.insert(data["running"], place % 399 + 1, time, axis=1)


def trigger_twice(data, where, place, _):
    column = place % data[where].shape[1]
    data[where] = np.insert(data[where], column, data[where][:, column], axis=1)


def triggers_lost(data, where, place, size):
    column = 1 + place % (data[where].shape[1] - 8)
    data[where] = np.delete(data[where], slice(column, column + 1 + int(4 * size)), axis=1)


def trial_lost(data, _, place, __):
    data["frozen"] = np.delete(data["frozen"], place % 6, axis=0)


def trials_exchanged(data, _, place, __):
    data["frozen"][[0, 1 + place % 5]] = data["frozen"][[1 + place % 5, 0]]


def frame_missing(data, where, place, _):
    data[where].flat[place % data[where].size] = np.nan


def transposed(data, where, *_):
    data[where] = data[where].T


def spike_moved(data, where, place, size):
    data["2"][place % SPIKES] += size if where == "running" else -size


def spike_twice(data, _, place, __):
    data["10"] = np.insert(data["10"], place % SPIKES, data["10"][place % SPIKES])


def unit_twice(data, *_):
    data["10"] = data["2"].copy()


def unit_cut_off(data, _, place, __):
    data["ON_a"] = data["ON_a"][: place % SPIKES]


def other_type(data, where, place, _):
    kind = (np.float32, np.int64, np.int16, ">f8")[place % 4]
    for name in ("2", "10") if where == "running" else ("frozen", "running"):
        data[name] = data[name].astype(kind)


def other_unit(data, where, place, _):
    for name in CELLS if where == "running" else ("frozen", "running"):
        data[name] = data[name] * (1000.0, 0.001, 30.0)[place % 3]


def file_cut(path, place, size):
    """The file, or one of the folder's, ends early."""
    files = sorted(one for one in path.rglob("*") if one.is_file()) if path.is_dir() else [path]
    file = files[place % len(files)]
    file.write_bytes(file.read_bytes()[: int(size * (file.stat().st_size - 1))])


#: Faults of what is recorded, with what a warning must say of them if they are read.
FAULTS = {
    trigger_moved: "between frames",
    trigger_too_many: None,
    trigger_twice: None,
    triggers_lost: "between frames",
    trial_lost: "",
    trials_exchanged: None,
    frame_missing: "",
    transposed: "",
    spike_moved: "times are there twice",
    spike_twice: "times are there twice",
    unit_twice: "",
    unit_cut_off: "",
    other_type: "",
    other_unit: None,
}


#: Faults that make another recording, and no bad one.
HARMLESS = (unit_twice, unit_cut_off)


def plain(times, trials):
    """Spikes in each frame of each trial, one trial after another.

    A frame lasts to the next one, if that follows within 1.5 periods; otherwise for one period.
    """
    counts = []
    for row in trials:
        onset = row[~np.isnan(row)]
        ends = np.append(onset[1:], np.inf)
        ends = np.where(ends - onset > 1.5 * PERIOD, onset + PERIOD, ends)
        for begin, end in zip(onset, ends, strict=True):
            counts.append(int(((times >= begin) & (times < end)).sum()))
    return counts


def in_order(sequence, row):
    """Counts of one cell in all frames, one trial after another."""
    trials = zip(sequence.spike_count[row], sequence.n_frames, strict=True)
    return [int(count) for trial, n in trials for count in trial[:n]]


def said(caplog, path, layout):
    """What a recording is read as, or None if it is refused; and all warnings."""
    caplog.clear()
    with caplog.at_level(logging.WARNING):
        try:
            found = read_recording(path, layout, 30.0)
        except UserError as error:
            assert "Fix: " in str(error)
            return None, ""
    return found, caplog.text


def check_times(folder, caplog, name, fault, where, place, size):
    data = {"running": RUNNING[None].copy(), "frozen": FROZEN.copy()}
    data |= {cell: times.copy() for cell, times in TIMES.items()}
    if fault is not file_cut:
        fault(data, where, place, size)
    path = folder / name
    shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
    spikes = {cell: data[cell] for cell in CELLS}
    recorded = Simulated(data["running"], data["frozen"], spikes, [], [])
    layout = TIME_FORMATS[name](recorded, path)
    if fault is file_cut:
        file_cut(path, place, size)
    found, warned = said(caplog, path, layout)
    if found is None:
        assert fault not in HARMLESS
        return
    expected = "cut short" if fault is file_cut else FAULTS[fault]
    # A frame too many shifts all later ones: never in silence, nor with a warning.
    assert expected is not None
    if expected and expected in warned:
        return
    if fault is file_cut and name == "times":
        data = {cell: lines(path / f"spike_times/{cell}.txt").ravel() for cell in CELLS}
        data |= {key: lines(path / f"{key}_frame_times.txt") for key in ("running", "frozen")}
    compare(found, data, name)


def lines(file):
    """Numbers of a text file."""
    return np.array(
        [[float(one) for one in line.split()] for line in file.read_text().splitlines()]
    )


def compare(found, data, name):
    """Counts of every cell that has spikes are those of the plain reader."""
    unit, whole = STORED.get(name, (1.0, False))

    def stored(values):
        values = np.asarray(values, float) / unit
        return (np.rint(values) if whole else values) * unit

    named = dict(zip(cells_in(name), CELLS, strict=True))
    assert {n for n, cell in named.items() if len(data[cell])} <= set(found.cells)
    for row, cell in enumerate(found.cells):
        for key in ("running", "frozen"):
            trials = np.atleast_2d(stored(data[key]))
            trials = trials.T if trials.shape[1] == 1 else trials
            expected = plain(stored(data[named[cell]]), trials)
            assert in_order(getattr(found, key), row) == expected, (cell, key)


def transposed_counts(counts, place):
    key = ("spk1", "spk2")[place % 2]
    order = [(2, 1, 0), (0, 2, 1), (1, 0, 2)][place % 3]
    for each in (key,) if place % 4 < 2 else counts:
        counts[each] = counts[each].transpose(order)


def other_type_of_counts(counts, place):
    counts["spk1"] = counts["spk1"].astype((np.int8, np.float64, ">u2", np.uint64)[place % 4])


def trials_padded(counts, place):
    counts["spk2"][:, :, -1 - place % 4 :] = 0


def value_spoilt(counts, place):
    counts["spk1"] = counts["spk1"].astype(float)
    counts["spk1"].flat[place] = (np.nan, -1, 256, 0.5, np.inf, 255)[place % 6]


def cell_lost(counts, place):
    counts["spk2"] = np.delete(counts["spk2"], place % 3, axis=0)


def trials_lost(counts, place):
    counts["spk1"] = counts["spk1"][:, :, : 1 + place % 6]


OF_COUNTS = {
    transposed_counts: "",
    other_type_of_counts: "",
    trials_padded: "no cell fires in trials",
    value_spoilt: "",
    cell_lost: None,
    trials_lost: "",
}


def check_counts(folder, caplog, name, fault, place, size):
    counts = {key: value.copy() for key, value in COUNTS.items()}
    if fault is not file_cut:
        fault(counts, place)
    path = folder / name
    trials = {key: [(0, trial) for trial in np.moveaxis(counts[key], 2, 0)] for key in counts}
    recorded = Simulated(None, None, {}, trials["spk1"], trials["spk2"])
    layout = COUNT_FORMATS[name](recorded, path) | {"names_key": None}
    if fault is file_cut:
        file_cut(path, place, size)
    found, warned = said(caplog, path, layout)
    if found is None:
        assert fault is not trials_padded
        return
    expected = "" if fault is file_cut else OF_COUNTS[fault]
    assert expected is not None and expected in warned
    for key, sequence in (("spk1", found.running), ("spk2", found.frozen)):
        assert np.array_equal(sequence.spike_count, counts[key].transpose(0, 2, 1))


#: The same examples in every run; `derandomize=False` and more of them look for new faults.
FUZZ = settings(
    deadline=None, suppress_health_check=list(HealthCheck), max_examples=25, derandomize=True
)
LONG = settings(FUZZ, max_examples=60)
OF_TIMES = (
    st.sampled_from([*FAULTS, file_cut]),
    st.sampled_from(["running", "frozen"]),
    st.integers(0, 2000),
    st.floats(0, 1),
)
COUNTED = st.sampled_from([*OF_COUNTS, file_cut]), st.integers(0, 1600), st.floats(0, 1)


# pynwb writes and reads a file in the time in which others do it ten times.
@pytest.mark.parametrize("name", [name for name in TIME_FORMATS if name != "times.nwb"])
@given(*OF_TIMES)
@FUZZ
def test_faults_of_times(tmp_path, caplog, name, fault, where, place, size):
    check_times(tmp_path, caplog, name, fault, where, place, size)


@given(*OF_TIMES)
@settings(FUZZ, max_examples=8)
def test_faults_of_nwb(tmp_path, caplog, fault, where, place, size):
    check_times(tmp_path, caplog, "times.nwb", fault, where, place, size)


@pytest.mark.parametrize("name", COUNT_FORMATS)
@given(*COUNTED)
@FUZZ
def test_faults_of_counts(tmp_path, caplog, name, fault, place, size):
    check_counts(tmp_path, caplog, name, fault, place, size)


@pytest.mark.slow
@pytest.mark.parametrize("name", TIME_FORMATS)
@given(*OF_TIMES)
@LONG
def test_many_faults_of_times(tmp_path, caplog, name, fault, where, place, size):
    check_times(tmp_path, caplog, name, fault, where, place, size)


@pytest.mark.slow
@pytest.mark.parametrize("name", COUNT_FORMATS)
@given(*COUNTED)
@LONG
def test_many_faults_of_counts(tmp_path, caplog, name, fault, place, size):
    check_counts(tmp_path, caplog, name, fault, place, size)
