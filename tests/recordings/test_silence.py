"""Trials in which no cell fires are named, and left out if the layout says so."""

import numpy as np
import pytest

from finefield.recordings.read import read_recording
from finefield.recordings.settings import CountsLayout
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


def test_a_quiet_trial_of_one_cell_is_not_strange(tmp_path, caplog):
    counts = np.random.default_rng(0).poisson(0.02, (1, 60, 12))
    counts[:, :, 3] = 0
    np.savez(tmp_path / "a.npz", spk1=counts, spk2=counts)
    read(tmp_path / "a.npz", silent_trials="leave_out")
    assert not caplog.text
