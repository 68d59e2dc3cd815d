"""STNMF's modules become a network that predicts, its sparsity chosen by the validation data."""

from dataclasses import replace

import numpy as np
import pytest
from helpers.stnmf import found_in, samples, settings, unit

from finefield.files import store
from finefield.files.model import read_network, read_starts, write_training
from finefield.networks.stnmf.ensembles import time_course
from finefield.networks.stnmf.fitting import train_stnmf
from finefield.responses.samples import spread_blocks
from finefield.responses.testing import CellTest


def test_the_sparsity_of_the_lowest_validation_loss_is_selected(toy, trained):
    training, _ = trained
    assert training.validation_loss.shape == training.train_loss.shape == (3, 1)
    assert training.selected == training.validation_loss.argmin() == 1
    assert training.n_starts == {"seeds": 3, "halves": 0, "bootstraps": 0}
    # Without modules there is the mean rate, which only the drift's gain changes.
    assert training.validation_correlation[1] > 0.3 > abs(training.validation_correlation[2]) * 4


def test_filters_are_modules_times_the_time_course(toy, trained):
    cell, movie, responses = toy
    training, _ = trained
    known = ~spread_blocks(len(responses.samples(20)[1]), 0.1)
    temporal = time_course(movie, *(one[known] for one in responses.samples(20)), 20)
    network, images = training.network, unit(cell.subunits)
    assert network.weight == pytest.approx(temporal[:, None, None] * images[:, None], abs=1e-6)
    assert network.readout.shape == (4, 1, 1) and network.readout.min() > 0
    assert network.bias.tolist() == [0] * 4
    assert training.film == pytest.approx(images[None], abs=1e-6)
    # A sparsity with fewer modules has filters of zeros, which read out nothing.
    fewer = training.networks[0]
    assert fewer.weight.shape == network.weight.shape
    assert not fewer.weight[3].any() and fewer.readout[3] == 0


def test_the_network_predicts_as_its_readout_says(toy, trained):
    cell, movie, responses = toy
    network = trained[0].network
    newest, count = responses.samples(20)
    mean, sd = movie.mean_and_sd()
    contrast, drive = (movie.frames() - mean) / sd, 0
    for number, image in enumerate(unit(cell.subunits)):
        seen = contrast.reshape(len(contrast), -1) @ image.ravel()
        course = network.weight[number].reshape(20, -1) @ image.ravel()
        filtered = sum(course[lag] * seen[newest - lag] for lag in range(20))
        drive = drive + network.readout[number, 0, 0] * np.maximum(0, filtered)
    expected = network.rate_scale * np.log1p(np.exp(drive + network.readout_offset))
    found = network.predict(movie, newest)
    assert found == pytest.approx(expected, rel=1e-3, abs=1e-3)
    known = ~spread_blocks(len(count), 0.1)
    assert found[known].sum() / 30 == pytest.approx(count[known].sum(), rel=0.02)


def test_the_curves_are_the_losses_of_the_networks(toy, trained):
    _, movie, responses = toy
    training, _ = trained
    newest, count = responses.samples(20)
    held_out, trial = spread_blocks(len(count), 0.1), responses.trials(20)
    for network, train, validation in zip(
        training.networks, training.train_loss, training.validation_loss, strict=True
    ):
        rate = network.predict(movie, newest) / 30 * training.gain[trial]
        loss = rate - count * np.log(rate)
        for found, part in ((validation, held_out), (train, ~held_out)):
            assert found == pytest.approx(loss[part].sum() / count[part].sum(), abs=1e-5)


def test_the_readout_is_the_best_one_on_the_training_samples(toy, fake):
    cell, movie, responses = toy
    python, chosen = fake(found_in(cell)), settings(sparsity=[1], drift_trials=0)
    network = train_stnmf(movie, responses, chosen, 0, python).network
    newest, count = responses.samples(20)
    known = ~spread_blocks(len(count), 0.1)
    newest, count = newest[known], count[known]

    def loss(changed):
        rate = changed.predict(movie, newest) / 30
        return (rate - count * np.log(rate)).mean()

    best = loss(network)
    for factor in (0.97, 1.03):
        for number in range(4):
            readout = network.readout.copy()
            readout[number] *= factor
            assert loss(replace(network, readout=readout)) > best
        assert loss(replace(network, rate_scale=factor * network.rate_scale)) > best
        offset = network.readout_offset + factor - 1
        assert loss(replace(network, readout_offset=offset)) > best


def test_a_training_becomes_a_file_like_any_other(toy, trained, tmp_path):
    (training, _), (_, movie, responses) = trained, toy
    test = CellTest.of(movie, responses, 20)
    write_training(tmp_path / "a.nc", "a", training, test, {})
    assert store.attributes(tmp_path / "a.nc")["selected_seed"] == 1
    assert len(read_starts(tmp_path / "a.nc")["seeds"]) == 3
    assert np.array_equal(read_network(tmp_path / "a.nc").weight, training.network.weight)
    assert training.step.tolist() == [0] and training.best_step.tolist() == [0] * 3
    assert not training.collapsed


def test_stnmf_sees_spikes_of_training_samples_alone(toy, trained, fake):
    cell, movie, responses = toy
    _, folder = trained
    given = np.load(folder / "given.npy")
    counts, (held_out, trial, frame) = responses.spike_count.copy(), samples(responses)
    assert given.shape == (8, 8, counts[trial[~held_out], frame[~held_out]].sum())
    counts[trial[held_out], frame[held_out]] = 5
    changed = replace(responses, spike_count=counts)
    train_stnmf(movie, changed, settings(sparsity=[1]), 0, fake(found_in(cell)))
    assert np.array_equal(np.load(folder / "given.npy"), given)


def test_a_drift_of_the_rate_is_followed(toy, fake):
    cell, movie, responses = toy
    rng, counts = np.random.default_rng(1), responses.spike_count.copy()
    counts[20:] = rng.binomial(counts[20:], 0.3)
    drifting, python = replace(responses, spike_count=counts), fake(found_in(cell))
    steady, followed = (
        train_stnmf(movie, drifting, settings(sparsity=[1], drift_trials=block), 0, python)
        for block in (0, 10)
    )
    assert steady.gain.tolist() == [1] * 40
    assert followed.gain[:20].min() > 1.3 and followed.gain[20:].max() < 0.7
    assert followed.validation_loss[0, 0] < steady.validation_loss[0, 0] - 0.05
