"""A training that is cut off and goes on ends as one never cut off; other states are ignored."""

import logging
from dataclasses import fields, replace

import numpy as np
import pytest
import torch
from helpers.cells import busy_cell, noise, settings

from finefield.networks.network import Network
from finefield.networks.training.checkpoint import Checkpoint
from finefield.networks.training.steps import Fit
from finefield.networks.training.train import train
from finefield.stimuli.window import Window

STEPS, EVERY = 60, 10
SETTINGS = {
    "plain": {},
    "noisy": {"conv_noise": 0.3, "temporal_basis": 0, "filter_size": 5, "filters": 4},
    "uniform": {"sampling": "uniform", "batch_size": 700, "learning_rate_decay": False},
    "several": {"seeds": 3, "network": "deep", "filter_size": 4, "hidden_size": 2, "l1_ramp": 0.2},
    "noisy seeds": {"seeds": 2, "conv_noise": 0.3, "sampling": "uniform", "l1_ramp": 0},
    "by correlation": {"filters": 3, "select_by": "correlation", "l1_ramp": 0},
}


class Cut(Exception):
    """The end of a job that was killed."""


@pytest.fixture(scope="module")
def small():
    return busy_cell(8_000, n_trials=20)[1:]


@pytest.fixture
def cut(monkeypatch):
    """Have the training cut off as it begins a step, counted from when it starts or goes on."""
    step = Fit._step
    taken = []

    def cut_after(n_steps=None):
        taken.clear()

        def one(self):
            if len(taken) == n_steps:
                raise Cut
            taken.append(self.done)
            step(self)

        monkeypatch.setattr(Fit, "_step", one)
        return taken

    return cut_after


def run(small, path=None, key="key", **changes):
    """A short training, with a checkpoint after every check if there is a path."""
    checkpoint = None if path is None else Checkpoint(path, key, interval=0)
    chosen = settings(steps=STEPS, check_every=EVERY, drift_trials=5, **changes)
    return train(*small, chosen, 1, checkpoint)


def same(one, other):
    """Whether two values of a training agree in every bit."""
    if isinstance(one, list):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, Network):
        names = [field.name for field in fields(Network)]
        return all(same(getattr(one, name), getattr(other, name)) for name in names)
    if isinstance(one, np.ndarray):
        return one.dtype == other.dtype and one.tobytes() == other.tobytes()
    return one == other


def unlike(one, other):
    """Names of what differs between two trainings."""
    names = [field.name for field in fields(one)]
    return [name for name in names if not same(getattr(one, name), getattr(other, name))]


@pytest.mark.parametrize("name", SETTINGS)
def test_a_training_cut_off_twice_ends_bit_for_bit_as_one_never_cut_off(small, tmp_path, cut, name):
    taken = cut()
    whole = run(small, **SETTINGS[name])
    assert taken == list(range(STEPS))
    for first, n_steps in ((0, 25), (20, 17)):
        taken = cut(n_steps)
        with pytest.raises(Cut):
            run(small, tmp_path / "state", **SETTINGS[name])
        assert taken == list(range(first, first + n_steps))
    taken = cut()
    resumed = run(small, tmp_path / "state", **SETTINGS[name])
    assert taken == list(range(30, STEPS))
    assert unlike(whole, resumed) == []


def test_a_training_cut_off_after_its_last_check_has_nothing_left_to_do(small, tmp_path, cut):
    whole = run(small, tmp_path / "state")
    taken = cut()
    assert unlike(run(small, tmp_path / "state"), whole) == [] and taken == []


def test_patience_counts_the_checks_before_the_cut(small, tmp_path, cut):
    rng = np.random.default_rng(0)
    stimulus, responses = small
    shuffled = replace(responses, spike_count=rng.permutation(responses.spike_count, axis=1))
    changes = {"l1_ramp": 0, "patience": 2, "learning_rate": 0.05}
    whole = run((stimulus, shuffled), **changes)
    assert whole.step[-1] < STEPS
    cut(whole.step[-1] - 5)
    with pytest.raises(Cut):
        run((stimulus, shuffled), tmp_path / "state", **changes)
    cut()
    assert unlike(whole, run((stimulus, shuffled), tmp_path / "state", **changes)) == []


def other_counts(stimulus, responses):
    counts = responses.spike_count.copy()
    counts[3, 100] += 1
    return stimulus, replace(responses, spike_count=counts)


def other_drift(stimulus, responses):
    return stimulus, replace(responses, spike_count=responses.spike_count[::-1].copy())


def other_movie(stimulus, responses):
    return noise(8_000, seed=1), responses


def smaller_crop(stimulus, responses):
    return stimulus.crop(Window(0, 0, 7, 6)), responses


@pytest.mark.parametrize("change", [other_counts, other_drift, other_movie, smaller_crop])
def test_a_checkpoint_of_other_data_is_ignored(small, tmp_path, cut, change):
    cut(35)
    with pytest.raises(Cut):
        run(small, tmp_path / "state")
    data = change(*small)
    taken = cut()
    training = run(data, tmp_path / "state")
    assert taken == list(range(STEPS))
    assert unlike(training, run(data)) == []


def test_a_checkpoint_of_another_key_is_ignored(small, tmp_path, cut):
    cut(35)
    with pytest.raises(Cut):
        run(small, tmp_path / "state", filters=4)
    taken = cut()
    training = run(small, tmp_path / "state", key="another")
    assert taken == list(range(STEPS)) and unlike(training, run(small)) == []
    # Its own checkpoints have taken the other's place.
    assert Checkpoint(tmp_path / "state", "key").load() is None
    assert Checkpoint(tmp_path / "state", "another").load()["done"] == STEPS


def cut_off(path):
    path.write_bytes(path.read_bytes()[:-1000])


def emptied(path):
    path.write_bytes(b"")


def garbled(path):
    path.write_bytes(np.random.default_rng(0).bytes(5000))


def flipped(path):
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def of_another_kind(path):
    torch.save([1, 2, 3], path)


@pytest.mark.parametrize("damage", [cut_off, emptied, garbled, flipped, of_another_kind])
def test_a_damaged_checkpoint_is_ignored_and_said(small, tmp_path, cut, caplog, damage):
    cut(35)
    with pytest.raises(Cut):
        run(small, tmp_path / "state")
    damage(tmp_path / "state")
    taken = cut()
    with caplog.at_level(logging.WARNING):
        training = run(small, tmp_path / "state")
    assert taken == list(range(STEPS)) and unlike(training, run(small)) == []
    assert [str(tmp_path / "state") in record.getMessage() for record in caplog.records] == [True]


def test_a_state_comes_back_under_its_key_alone(tmp_path):
    path = tmp_path / "folder" / "state"
    assert Checkpoint(path, "a").load() is None
    Checkpoint(path, "a", interval=0).offer(lambda: {"done": 3, "weight": torch.arange(4.0)})
    state = Checkpoint(path, "a").load()
    assert state["done"] == 3 and state["weight"].tolist() == [0, 1, 2, 3]
    assert Checkpoint(path, "b").load() is None
    assert [found.name for found in path.parent.iterdir()] == ["state"]


def test_states_are_saved_from_time_to_time_only(tmp_path, monkeypatch):
    now = [100.0]
    monkeypatch.setattr("finefield.networks.training.checkpoint.time.monotonic", lambda: now[0])
    checkpoint = Checkpoint(tmp_path / "state", "a", interval=20)
    saved = []
    for second in range(100, 165):
        now[0] = float(second)
        checkpoint.offer(lambda: saved.append(now[0]) or {})
    assert saved == [120, 140, 160]


def test_a_state_that_cannot_be_saved_leaves_the_last_one(tmp_path):
    checkpoint = Checkpoint(tmp_path / "state", "a", interval=0)
    checkpoint.offer(lambda: {"done": 1})
    with pytest.raises(Cut):
        checkpoint.offer(lambda: (_ for _ in ()).throw(Cut))
    assert checkpoint.load() == {"done": 1}
    assert [found.name for found in tmp_path.iterdir()] == ["state"]


def test_remove_removes_the_file_and_may_be_called_again(tmp_path):
    checkpoint = Checkpoint(tmp_path / "state", "a", interval=0)
    checkpoint.offer(dict)
    assert (tmp_path / "state").exists()
    checkpoint.remove()
    assert list(tmp_path.iterdir()) == [] and checkpoint.load() is None
    checkpoint.remove()


def test_a_training_without_a_checkpoint_leaves_no_file(small, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    run(small)
    assert list(tmp_path.iterdir()) == []
