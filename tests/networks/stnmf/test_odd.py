"""Cells with few spikes or none, and a Python that does not factorise."""

import logging
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from helpers.stnmf import samples, settings, unit

from finefield.base.errors import UserError
from finefield.networks.stnmf.fitting import train_stnmf
from finefield.networks.stnmf.running import localised_modules
from finefield.responses.samples import spread_blocks


def test_a_cell_without_any_module_gets_its_mean_rate_and_a_warning(toy, fake, caplog):
    _, movie, responses = toy
    python = fake({0.0: np.zeros((0, 8, 8)), 1.5: np.zeros((0, 8, 8))})
    chosen = settings(sparsity=[0.0, 1.5], drift_trials=0)
    with caplog.at_level(logging.INFO):
        training = train_stnmf(movie, responses, chosen, 0, python)
    (warning,) = [one for one in caplog.records if one.levelno == logging.WARNING]
    assert "no localised module" in warning.getMessage()
    assert "sparsity 1.5: 0 modules" in caplog.text
    assert "factorised" in caplog.messages  # what STNMF's own program says
    network = training.network
    assert network.weight.shape == (1, 20, 8, 8) and not network.weight.any()
    newest, count = responses.samples(20)
    rate = network.predict(movie, newest)
    assert np.ptp(rate) == 0
    assert rate[0] / 30 == pytest.approx(count[~spread_blocks(len(count), 0.1)].mean(), rel=1e-5)
    assert not training.collapsed


def test_few_spikes_allow_few_modules(toy, fake):
    cell, movie, responses = toy
    counts, (held_out, trial, frame) = np.zeros_like(responses.spike_count), samples(responses)
    chosen = np.r_[np.flatnonzero(held_out)[:1], np.flatnonzero(~held_out)[:8000:1000]]
    counts[trial[chosen], frame[chosen]] = 1
    few = replace(responses, spike_count=counts)
    python = fake({1: unit(cell.subunits)})
    train_stnmf(movie, few, settings(sparsity=[1]), 0, python)
    assert np.load(python.parent / "given.npy").shape[2] == 8
    assert (python.parent / "said.txt").read_text().split()[2] == "14"


def test_the_seed_and_the_number_of_modules_are_passed_on(toy, fake):
    cell, movie, responses = toy
    python = fake({1: unit(cell.subunits)})
    for seed in (1, 1, 2):
        train_stnmf(movie, responses, settings(sparsity=[1], filters=12), seed, python)
    one, same, other = (python.parent / "said.txt").read_text().splitlines()
    isolated, program, *rest = one.split()
    assert isolated == "-I" and Path(program).name == "program.py"
    assert rest[0] == "12" and rest[2:] == ["1.0"]
    assert one == same != other


def test_a_python_that_is_not_there_is_named_with_its_fix(toy, tmp_path):
    _, movie, responses = toy
    with pytest.raises(UserError, match=r"^stnmf_python: got .*no-such.*Fix: make stnmf"):
        train_stnmf(movie, responses, settings(), 0, tmp_path / "no-such")
    with pytest.raises(UserError, match=r"^stnmf_python: got .*Permission denied"):
        train_stnmf(movie, responses, settings(), 0, tmp_path)


def test_the_last_words_of_a_failed_factorisation_are_passed_on(tmp_path):
    filtered = np.zeros((2, 2, 9), np.float32)
    with pytest.raises(UserError, match=r"No module named 'stnmf'.*Fix: make stnmf"):
        localised_modules(filtered, 2, [1], sys.executable)
    silent = tmp_path / "python"
    silent.write_text("#!/bin/sh\nexit 3\n")
    silent.chmod(0o755)
    with pytest.raises(UserError, match="got exit status 3; expected a factorisation"):
        localised_modules(filtered, 2, [1], silent)


def test_a_cell_without_spikes_cannot_be_factorised(toy, tmp_path):
    _, movie, responses = toy
    silent = replace(responses, spike_count=0 * responses.spike_count)
    with pytest.raises(UserError, match="no spike"):
        train_stnmf(movie, silent, settings(), 0, tmp_path)
