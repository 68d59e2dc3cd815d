"""Small faults in a good recording: read as a plain reader reads it, refused, or warned of."""

import logging

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from finefield.base.errors import UserError
from finefield.recordings.read import read_recording
from finefield.recordings.settings import CountsLayout, SpikeTimesLayout

PERIOD, CELLS = 1 / 30, ("a", "b")
RNG = np.random.default_rng(0)
RUNNING = 5.0 + PERIOD * np.arange(400)
FROZEN = 30.0 + 4 * np.arange(6)[:, None] + PERIOD * np.arange(60)
SPIKES = {
    cell: np.sort(RNG.choice(np.concatenate([RUNNING, FROZEN.ravel()]), 300, replace=False) + 0.011)
    for cell in CELLS
}


def plain(times, trials):
    """Spikes in each frame of each trial (trial, frame), a frame lasting to the next one."""
    counts = []
    for onset in trials:
        ends = np.append(onset[1:], onset[-1] + PERIOD)
        counts.append(
            [int(((times >= a) & (times < b)).sum()) for a, b in zip(onset, ends, strict=True)]
        )
    return counts


def trigger_moved(data, place, size):
    data["running"][place] += size * PERIOD


def trigger_too_many(data, place, size):
    time = data["running"][place] + (0.02 + 0.96 * size) * PERIOD
    data["running"] = np.insert(data["running"], place + 1, time)


def trigger_twice(data, place, _):
    data["running"] = np.insert(data["running"], place, data["running"][place])


def triggers_lost(data, place, size):
    data["running"] = np.delete(data["running"], slice(place, place + 1 + int(4 * size)))


def spike_moved(data, place, size):
    data["a"][place % 300] += size


def spike_twice(data, place, _):
    data["a"] = np.insert(data["a"], place % 300, data["a"][place % 300])


def unit_cut_off(data, place, _):
    data["b"] = data["b"][: place % 300]


def transposed(data, *_):
    data["frozen"] = data["frozen"].T


def other_type(data, _, size):
    kind = np.float32 if size < 0.5 else np.int64
    data["a"] = data["a"].astype(kind)


def milliseconds(data, *_):
    data["a"] = 1000 * data["a"]


FAULTS = (
    trigger_moved, trigger_too_many, trigger_twice, triggers_lost, spike_moved, spike_twice,
    unit_cut_off, transposed, other_type, milliseconds,
)  # fmt: skip


@given(st.sampled_from(FAULTS), st.integers(1, 390), st.floats(0, 1))
@settings(max_examples=500, deadline=None, suppress_health_check=list(HealthCheck))
def test_a_fault_is_read_as_it_is_or_refused_or_warned_of(tmp_path, caplog, fault, place, size):
    data = {"running": RUNNING.copy(), "frozen": FROZEN.copy()}
    data |= {cell: times.copy() for cell, times in SPIKES.items()}
    fault(data, place, size)
    arrays = {f"{name}_frame_times": data[name] for name in ("running", "frozen")}
    np.savez(tmp_path / "a.npz", **arrays, **{f"spike_times/{cell}": data[cell] for cell in CELLS})
    caplog.clear()
    try:
        with caplog.at_level(logging.WARNING):
            found = read_recording(tmp_path / "a.npz", SpikeTimesLayout(format="spike_times"), 30.0)
    except UserError:
        return
    if caplog.records:
        return
    # A frame too many or too few shifts all later ones: never in silence.
    assert fault not in (trigger_too_many, trigger_twice, triggers_lost)
    for row, cell in enumerate(CELLS):
        for sequence, trials in (
            (found.running, data["running"][None]),
            (found.frozen, data["frozen"]),
        ):
            assert sequence.spike_count[row].tolist() == plain(data[cell], trials)


@given(st.sampled_from(["transposed", "dtype", "cut", "padded"]), st.integers(1, 2000))
@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
def test_faults_of_counts(tmp_path, caplog, fault, place):
    counts = {"spk1": RNG.poisson(0.4, (2, 80, 7)), "spk2": RNG.poisson(0.4, (2, 60, 9))}
    path = tmp_path / "a.npz"
    if fault == "transposed":
        counts["spk2"] = counts["spk2"].transpose(2, 1, 0)
    elif fault == "dtype":
        counts["spk1"] = counts["spk1"].astype([np.int8, np.float64, np.uint16][place % 3])
    elif fault == "padded":
        counts["spk2"][:, :, -1 - place % 4 :] = 0
    np.savez(path, **counts)
    if fault == "cut":
        path.write_bytes(path.read_bytes()[: -(place % (path.stat().st_size - 10)) - 1])
    caplog.clear()
    try:
        with caplog.at_level(logging.WARNING):
            found = read_recording(path, CountsLayout(), 30.0)
    except UserError:
        return
    if caplog.records:
        return
    for name, sequence in (("spk1", found.running), ("spk2", found.frozen)):
        assert np.array_equal(sequence.spike_count, counts[name].transpose(0, 2, 1))
