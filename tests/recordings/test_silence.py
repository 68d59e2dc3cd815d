"""Trials in which no cell fires are named, and left out if the layout says so."""

import numpy as np
import pytest

from finefield.recordings.data import Sequence
from finefield.recordings.read import read_recording
from finefield.recordings.settings import CountsLayout
from finefield.recordings.silence import fired_frames
from finefield.responses.responses import Responses
from finefield.responses.scores import noise_ceiling


@pytest.fixture
def path(tmp_path):
    """Three cells; of 20 repeats of the frozen sequence, the last five were not recorded."""
    rng = np.random.default_rng(0)
    rate = rng.gamma(1.0, 0.4, (3, 100, 1))
    frozen = rng.poisson(np.repeat(rate, 20, 2))
    frozen[:, :, 15:] = 0
    running = rng.poisson(0.3, (3, 60, 4))
    np.savez(tmp_path / "cells.npz", spk1=running, spk2=frozen)
    return tmp_path / "cells.npz"


def read(path, **layout):
    return read_recording(path, CountsLayout(**layout), 30.0)


def test_silent_trials_are_named_with_the_setting_that_leaves_them_out(path, caplog):
    assert read(path).frozen.spike_count.shape == (3, 20, 100)
    assert "frozen sequence: no cell fires in trials 16, 17, 18, 19, 20 of 20" in caplog.text
    assert "layout.silent_trials: leave_out" in caplog.text
    assert "running" not in caplog.text


def test_left_out_they_lower_no_noise_ceiling(path):
    ceilings = []
    for choice in ("keep", "leave_out"):
        frozen = read(path, silent_trials=choice).frozen
        responses = Responses(frozen.spike_count[0], frozen.first_frame, 30.0)
        ceilings.append(noise_ceiling(responses.frozen(1)[1]))
    assert ceilings[0] < ceilings[1] - 0.01
    assert read(path, silent_trials="leave_out").frozen.spike_count.shape == (3, 15, 100)


def test_a_repeat_that_was_recorded_in_part_is_no_whole_one(path, caplog):
    counts = dict(np.load(path))
    counts["spk2"][:, 40:, 14] = 0
    np.savez(path, **counts)
    assert read(path).frozen.n_frames.tolist() == [100] * 20
    said = "frozen sequence: no cell fires in trials 16, 17, 18, 19, 20, and to the end of 15 of 20"
    assert said in caplog.text
    left = read(path, silent_trials="leave_out").frozen
    assert left.n_frames[:14].tolist() == [100] * 14 and 30 < left.n_frames[14] <= 40
    assert "14 whole repeats of 100 frames among 15 trials" in caplog.text
    assert left.spike_count.sum() == counts["spk2"].sum()


def test_activity_of_one_repeat_makes_no_others_strange(path, caplog):
    counts = dict(np.load(path))
    counts["spk2"] = counts["spk2"][:, :, :15].copy()
    counts["spk2"][:, 60:] = 0
    counts["spk2"][:, 60:, 4] = 2
    np.savez(path, **counts)
    assert read(path, silent_trials="leave_out").frozen.n_frames.tolist() == [100] * 15
    assert not caplog.text


def test_a_running_trial_that_ended_early_is_cut(path, caplog):
    counts = dict(np.load(path))
    counts["spk1"] = np.random.default_rng(1).poisson(0.3, (3, 500, 4))
    counts["spk1"][:, 300:, 1] = 0
    np.savez(path, **counts)
    left = read(path, silent_trials="leave_out").running
    assert "running sequence: no cell fires to the end of trials 2 of 4" in caplog.text
    assert left.first_frame.tolist() == [0, 500, 1000, 1500]
    assert left.n_frames[[0, 2, 3]].tolist() == [500] * 3 and 290 < left.n_frames[1] <= 300


def test_a_silence_that_all_repeats_have_is_not_strange(tmp_path, caplog):
    """As in the dark at the end of a film."""
    frozen = np.random.default_rng(0).poisson(0.5, (3, 200, 20))
    frozen[:, 100:] = 0
    np.savez(tmp_path / "a.npz", spk1=frozen[:, :100], spk2=frozen)
    assert (
        read(tmp_path / "a.npz", silent_trials="leave_out").frozen.n_frames.tolist() == [200] * 20
    )
    assert not caplog.text


def test_frames_that_are_known_to_be_unobserved_are_not_strange():
    counts = np.random.default_rng(0).poisson(0.5, (3, 4, 200)).astype(np.uint8)
    counts[:, 2, 50:], observed = 0, np.ones((3, 4, 200), bool)
    observed[:, 2, 50:] = False
    frames = np.zeros(4, int), np.full(4, 200)
    assert fired_frames(Sequence(counts, *frames)).tolist() == [200, 200, 50, 200]
    assert fired_frames(Sequence(counts, *frames, observed)).tolist() == [200] * 4


def test_a_quiet_trial_of_one_cell_is_not_strange(tmp_path, caplog):
    counts = np.random.default_rng(0).poisson(0.02, (1, 60, 12))
    counts[:, :, 3] = 0
    np.savez(tmp_path / "a.npz", spk1=counts, spk2=counts)
    read(tmp_path / "a.npz", silent_trials="leave_out")
    assert not caplog.text
