"""One simulated recording, and what must be read of it in whatever format."""

from dataclasses import dataclass
from itertools import product

import h5py
import numpy as np
import pytest

from finefield.base.errors import UserError
from finefield.recordings import read
from finefield.recordings.settings import CountsLayout, NwbLayout, PhyLayout, SpikeTimesLayout

RATE = 30.0
CELLS = ("2", "10", "ON_a")
#: What the same cells are called in phy, which numbers clusters.
CLUSTERS = ("2", "10", "31")
TRIALS, RUNNING, FROZEN = 4, 25, 12
COUNTS = {
    "format": "counts",
    "running_key": "spk1",
    "frozen_key": "spk2",
    "axes": ["cell", "frame", "trial"],
    "names_key": None,
    "trials": None,
    "running_frames": None,
    "frozen_frames": None,
}
SPIKE_TIMES = {
    "format": "spike_times",
    "spikes_key": "spike_times",
    "names_key": None,
    "running_times_key": "running_frame_times",
    "frozen_times_key": "frozen_frame_times",
    "seconds_per_unit": 1,
    "spikes_outside": "error",
}
NWB = {
    "format": "nwb",
    "units": "units",
    "names_key": "unit_name",
    "running_series": "running",
    "frozen_series": "frozen",
    "spikes_outside": "error",
}


LAYOUTS = {
    "counts": CountsLayout,
    "spike_times": SpikeTimesLayout,
    "nwb": NwbLayout,
    "phy": PhyLayout,
}


def _layout(keys):
    """A layout given as in a config; also of trials that are shorter than a config's may be."""
    return LAYOUTS[keys["format"]].model_construct(**keys)


def read_recording(path, layout, frame_rate):
    """Read a recording whose layout is given as in a config."""
    return read.read_recording(path, _layout(layout), frame_rate)


def cell_names(path, layout):
    """Names of the cells of such a recording."""
    return read.cell_names(path, _layout(layout))


@dataclass
class Simulated:
    """A recording as it happened.

    `running_times` and `frozen_times` (trial, frame) are onsets, NaN where no frame was shown;
    `spikes` are spike times by cell. `running` and `frozen` tell what must be read: a list of
    trials (first frame, counts (cell, frame)).
    """

    running_times: np.ndarray
    frozen_times: np.ndarray
    spikes: dict[str, np.ndarray]
    running: list[tuple[int, np.ndarray]]
    frozen: list[tuple[int, np.ndarray]]


def simulate(dropped: bool = False) -> Simulated:
    """Running and frozen trials by turns; spikes drawn inside known frames, and in the pauses.

    With `dropped`, frame 10 of running trial 1 comes a frame late, frame 5 of frozen trial 2 is
    not recorded, and the last frozen trial stops after 9 frames.
    """
    rng = np.random.default_rng(1)
    spikes = {cell: [] for cell in CELLS}
    expected = {"running": [], "frozen": []}
    times = {"running": np.zeros((TRIALS, RUNNING)), "frozen": np.zeros((TRIALS, FROZEN))}
    now = 5.0
    for row, name in product(range(TRIALS), times):
        n = times[name].shape[1]
        steps = (1 + rng.uniform(-0.05, 0.05, n)) / RATE
        pieces = [(0, n)]
        if dropped and (name, row) == ("running", 1):
            pieces = [(0, 10), (10, n)]
            steps[9] += 1 / RATE
        elif dropped and (name, row) == ("frozen", 2):
            pieces = [(0, 5), (6, n)]
        elif dropped and (name, row) == ("frozen", 3):
            pieces = [(0, 9)]
        onset = now + np.cumsum(steps) - steps
        times[name][row] = np.nan
        for first, end in pieces:
            times[name][row, first:end] = onset[first:end]
            ends = np.append(onset[first + 1 : end], onset[end - 1] + 1 / RATE)
            counts = rng.poisson(0.8, (len(CELLS), end - first))
            expected[name].append((first + row * n * (name == "running"), counts))
            for cell, count in zip(CELLS, counts, strict=True):
                start, length = np.repeat(
                    [onset[first:end], ends - onset[first:end]], count, axis=1
                )
                spikes[cell].append(start + length * rng.uniform(0.001, 0.999, len(start)))
        if (name, row) != ("frozen", TRIALS - 1):
            # These belong to no frame.
            for cell in CELLS:
                spikes[cell].append(rng.uniform(onset[-1] + 2 / RATE, onset[-1] + 0.3, 2))
                if len(pieces) == 2:
                    spikes[cell].append(np.array([onset[pieces[1][0]] - 0.4 / RATE]))
        now = onset[-1] + rng.uniform(0.3, 0.6)
    spikes = {cell: np.sort(np.concatenate(parts)) for cell, parts in spikes.items()}
    return Simulated(times["running"], times["frozen"], spikes, **expected)


def check(recording, simulated, cells=CELLS):
    """Check that a recording holds what was simulated, frame by frame."""
    assert recording.cells == tuple(cells)
    for sequence, trials in (
        (recording.running, simulated.running),
        (recording.frozen, simulated.frozen),
    ):
        assert sequence.spike_count.dtype == np.uint8
        assert sequence.first_frame.dtype == sequence.n_frames.dtype == np.int64
        assert sequence.first_frame.tolist() == [first for first, _ in trials]
        assert sequence.n_frames.tolist() == [counts.shape[1] for _, counts in trials]
        longest = max(counts.shape[1] for _, counts in trials)
        assert sequence.spike_count.shape == (len(cells), len(trials), longest)
        for trial, (_, counts) in enumerate(trials):
            n = counts.shape[1]
            np.testing.assert_array_equal(sequence.spike_count[:, trial, :n], counts)
            assert not sequence.spike_count[:, trial, n:].any()


def refused(path, layout, *words, frame_rate=RATE, names_too=False):
    """Check that reading (and naming) raises a UserError that says these words and a fix."""
    ways = [lambda: read_recording(path, layout, frame_rate), lambda: cell_names(path, layout)]
    for way in ways[: 1 + names_too]:
        with pytest.raises(UserError) as caught:
            way()
        message = str(caught.value)
        for word in (": got ", "; expected ", ". Fix: ", *words):
            assert word in message, message


def count_arrays(simulated):
    """Arrays (cell, frame, trial) of a recording without gaps."""
    running, frozen = (
        np.stack([counts for _, counts in trials], axis=2)
        for trials in (simulated.running, simulated.frozen)
    )
    return {"spk1": running, "spk2": frozen}


def objects(vectors):
    """What SciPy writes as a cell array."""
    array = np.empty(len(vectors), object)
    for n, vector in enumerate(vectors):
        array[n] = vector
    return array


def frame_times(simulated, unit=1.0):
    """Both arrays of frame times, in units of so many seconds."""
    return {
        "running_frame_times": simulated.running_times / unit,
        "frozen_frame_times": simulated.frozen_times / unit,
    }


def save_matlab73(path, variables):
    """Write a file as MATLAB 7.3 does; lists become cell arrays (1 x n), texts char arrays."""

    def put(group, name, value):
        if isinstance(value, str):
            kind, data = "char", np.array([[ord(letter)] for letter in value], np.uint16)
        elif isinstance(value, list):
            kind, data = "cell", np.empty((len(value), 1), h5py.ref_dtype)
            elements = file.require_group("#refs#")
            for n, element in enumerate(value):
                data[n, 0] = put(elements, f"{name}{n}", element).ref
        else:
            kind = {"f": "double", "b": "logical"}.get(value.dtype.kind, value.dtype.name)
            data = value.T.astype(np.uint8) if kind == "logical" else value.T
        empty = kind != "char" and data.size == 0
        if empty:
            data = np.array(data.shape[::-1], np.uint64)
        dataset = group.create_dataset(name, data=data)
        dataset.attrs["MATLAB_class"] = np.bytes_(kind)
        if empty:
            dataset.attrs["MATLAB_empty"] = np.uint8(1)
        return dataset

    with h5py.File(path, "w", userblock_size=512) as file:
        for name, value in variables.items():
            put(file, name, value)
    with path.open("r+b") as file:
        file.write(b"MATLAB 7.3 MAT-file".ljust(116) + bytes(8) + b"\x00\x02IM")


def save_hdf5(path, variables):
    """Write a plain HDF5 file; names with a slash make groups."""
    with h5py.File(path, "w") as file:
        for name, value in variables.items():
            file[name] = value


def save_text(folder, variables):
    """Write one text file for each variable; names with a slash make folders."""
    for name, value in variables.items():
        path = folder / f"{name}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        np.savetxt(path, value, fmt="%.17g")
