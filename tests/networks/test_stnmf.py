"""STNMF's modules become a network that predicts, its sparsity chosen by the validation data."""

import logging
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from helpers.cells import YAN2020, noise

from finefield.base.errors import UserError
from finefield.files import store
from finefield.files.model import read_network, read_starts, write_training
from finefield.networks.settings import NetworkSettings
from finefield.networks.stnmf.ensembles import ensemble, time_course
from finefield.networks.stnmf.fitting import train_stnmf
from finefield.networks.stnmf.running import localised_modules
from finefield.responses.responses import Responses
from finefield.responses.samples import spread_blocks
from finefield.responses.testing import CellTest
from finefield.simulation.cell import build_cell
from finefield.simulation.spikes import firing_rate, simulate_responses
from finefield.stimuli.movie import BinaryStimulus, GreyStimulus
from finefield.subunits.matching import match

PYTHON = Path(__file__).parents[2] / ".venv-stnmf/bin/python"
needs_stnmf = pytest.mark.skipif(not PYTHON.exists(), reason="no .venv-stnmf: make stnmf")
#: A Python that has the modules of each sparsity in a file, and keeps what it was given.
FAKE = """#!{python}
import shutil, sys
import numpy as np
isolated, program, source, target, n_modules, seed, *sparsities = sys.argv[1:]
shutil.copy(source, "{folder}/given.npy")
with open("{folder}/said.txt", "a") as said:
    print(isolated, program, n_modules, seed, *sparsities, file=said)
images = np.load("{folder}/modules.npz")
found = {{f"images_{{i}}": images[str(float(sparsity))] for i, sparsity in enumerate(sparsities)}}
np.savez(target, **found, **{{f"seconds_{{i}}": 1.5 for i in range(len(found))}})
print("factorised")
"""


def settings(**changes):
    return NetworkSettings(network="stnmf", **changes)


@pytest.fixture(scope="module")
def toy():
    """A cell that fires in a fifth of the frames, a movie, and its responses."""
    output = {"threshold": 1.0, "gain": 4}
    cell = build_cell(YAN2020.changed(output=output, spikes="poisson"), 30.0)
    movie = noise(40_000)
    spikes = simulate_responses(cell, movie, 1, 30.0, np.random.default_rng(0)).spike_count
    return cell, movie, Responses(spikes.reshape(40, -1), 1000 * np.arange(40), 30.0)


@pytest.fixture
def fake(tmp_path):
    """Make a Python whose STNMF finds, at each sparsity, what it is told to."""

    def make(found):
        images = {str(float(sparsity)): np.float32(one) for sparsity, one in found.items()}
        np.savez(tmp_path / "modules.npz", **images)
        path = tmp_path / "python"
        path.write_text(FAKE.format(python=sys.executable, folder=tmp_path))
        path.chmod(0o755)
        return path

    return make


def unit(images):
    return images / np.linalg.norm(images, axis=(1, 2), keepdims=True)


def found_in(cell):
    """The cell's subunits at sparsity 1, noise at 0.5 and nothing at 2."""
    images = np.random.default_rng(0).uniform(0, 1, (3, 8, 8))
    return {0.5: unit(images), 1: unit(cell.subunits), 2: np.zeros((0, 8, 8))}


def samples(responses):
    """Whether each sample is held out, its trial and its frame."""
    trial, frame = np.nonzero(np.arange(1000) >= np.full((40, 1), 19))
    return spread_blocks(len(trial), 0.1), trial, frame


@pytest.fixture
def trained(toy, fake):
    cell, movie, responses = toy
    python = fake(found_in(cell))
    training = train_stnmf(movie, responses, settings(sparsity=[0.5, 1, 2]), 0, python)
    return training, python.parent


# The ensemble


@pytest.mark.parametrize("kind", ["binary", "grey"])
def test_the_ensemble_is_what_was_seen_before_each_spike(kind):
    rng = np.random.default_rng(0)
    n_frames = 9001  # more than two blocks
    if kind == "binary":
        movie = BinaryStimulus.from_frames(rng.integers(0, 2, (n_frames, 3, 2)), -0.5, 2.0)
    else:
        movie = GreyStimulus(rng.integers(0, 256, (3, 2, n_frames), np.uint8), n_frames, -1, 0.01)
    newest = np.r_[rng.integers(4, n_frames, 300), 4, 4095, 4096, 4097, 8192, 9000]
    count, temporal = rng.integers(0, 3, len(newest)), rng.normal(size=5)
    frames = movie.frames().astype(float)
    contrast = (frames - frames.mean()) / frames.std()
    expected = [
        sum(temporal[lag] * contrast[one - lag] for lag in range(5))
        for one, times in zip(newest, count, strict=True)
        for _ in range(times)
    ]
    found = ensemble(movie, newest, count, temporal)
    assert found.shape == (3, 2, count.sum()) and found.dtype == np.float32
    assert np.moveaxis(found, -1, 0) == pytest.approx(np.array(expected), abs=1e-4)


def test_of_too_many_spikes_some_are_used_that_are_spread_evenly():
    movie, newest = noise(1000), np.arange(20, 1000)
    every = ensemble(movie, newest, np.ones(980), np.ones(20))
    some = ensemble(movie, newest, np.ones(980), np.ones(20), max_spikes=12)
    used = [int(np.flatnonzero((every == one[..., None]).all((0, 1)))[0])
            for one in np.moveaxis(some, -1, 0)]  # fmt: skip
    assert used[0] == 0 and used[-1] == 979
    assert set(np.diff(used)) == {89}


def test_the_time_course_is_that_of_the_cell(toy):
    cell, movie, responses = toy
    found = time_course(movie, *responses.samples(20), 20)
    assert np.linalg.norm(found) == pytest.approx(1)
    assert found @ cell.temporal_filter > 0.99


# The network


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
        loss = (rate - count * np.log(rate)) / count[~held_out].mean()
        assert validation == pytest.approx(loss[held_out].mean(), abs=1e-5)
        assert train == pytest.approx(loss[~held_out].mean(), abs=1e-5)


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


# What is odd, and what goes wrong


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


# STNMF itself


@needs_stnmf
@pytest.mark.slow
def test_stnmf_finds_the_subunits_of_the_simulated_cell():
    cell, movie = build_cell(YAN2020, 30.0), noise(200_000)
    spikes = simulate_responses(cell, movie, 1, 30.0, np.random.default_rng(0)).spike_count
    assert 1500 < spikes.sum() < 4000
    responses = Responses(spikes, np.array([0]), 30.0)
    training = train_stnmf(movie, responses, settings(sparsity=[0, 0.5, 1]), 0, PYTHON)
    assert training.selected > 0
    images = training.network.weight[:, np.abs(training.network.weight).sum((0, 2, 3)).argmax()]
    used = images[training.network.readout[:, 0, 0] > 0]
    found = match(cell.subunits, unit(used * np.sign(used.sum((1, 2), keepdims=True))))[1]
    assert (found >= 0.9).sum() == 4
    newest = np.arange(19, movie.n_frames)
    rate = firing_rate(cell, movie)
    predicted = training.network.predict(movie, newest)
    assert np.corrcoef(predicted, rate[19:])[0, 1] > 0.9


@needs_stnmf
def test_stnmf_gives_the_same_modules_each_time(toy):
    cell, movie, responses = toy
    newest, count = responses.samples(20)
    temporal = time_course(movie, newest, count, 20)
    filtered = ensemble(movie, newest, count, temporal, max_spikes=2000)
    one, same, other = (
        localised_modules(filtered, 20, [1], PYTHON, seed)[0].images for seed in (1, 1, 2)
    )
    assert len(one) >= 4 and np.linalg.norm(one, axis=(1, 2)) == pytest.approx(1)
    # The default start draws no random numbers.
    assert np.array_equal(one, same) and np.array_equal(one, other)
    assert match(cell.subunits, one)[1].min() > 0.8


@needs_stnmf
def test_stnmf_takes_as_many_modules_as_there_are_spikes_for():
    rng = np.random.default_rng(0)
    for n_spikes in (2, 5):
        filtered = rng.normal(size=(8, 8, n_spikes)).astype(np.float32)
        localised_modules(filtered, 2 * (n_spikes - 1), [0.5], PYTHON)
