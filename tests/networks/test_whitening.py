"""Correlated stimuli: covariances, coordinates in which they are white, and what that gains."""

import numpy as np
import pytest
import torch
from helpers.cells import YAN2020, noise, settings

from finefield.averages.sta import spike_triggered_average
from finefield.networks.training.basis import orthonormal_basis, temporal_basis
from finefield.networks.training.inputs import Projected
from finefield.networks.training.module import Module
from finefield.networks.training.train import train
from finefield.networks.training.whitening import lag_covariance, pixel_whitening
from finefield.responses.responses import Responses
from finefield.responses.samples import TrainingData
from finefield.responses.scores import correlation
from finefield.simulation.cell import build_cell
from finefield.simulation.spikes import firing_rate, simulate_responses
from finefield.simulation.temporal_filter import difference_of_gammas
from finefield.stimuli.movie import GreyStimulus

HELD = 5
#: Of a cell that fires often.
BUSY = {"output": {"threshold": 1.0, "gain": 2}, "spikes": "poisson"}


def pink(n_frames, seed=0, side=8, wide=32):
    """Grey noise of natural amplitudes, 1 / frequency, that stands still for a few frames."""
    drawn = np.random.default_rng(seed).normal(size=(-(-n_frames // HELD), wide, wide))
    frequency = np.hypot(*np.meshgrid(np.fft.fftfreq(wide), np.fft.fftfreq(wide)))
    spectrum = np.fft.fft2(drawn) / np.maximum(frequency, 1 / wide)
    smooth = np.fft.ifft2(spectrum).real[:, :side, :side]
    frames = (smooth / smooth.std()).repeat(HELD, axis=0)[:n_frames]
    codes = np.clip(np.round(frames * 25) + 128, 0, 255).astype(np.uint8)
    return GreyStimulus(np.ascontiguousarray(np.moveaxis(codes, 0, -1)), n_frames, -1.28, 0.01)


def test_covariance_in_time_is_that_of_frames_that_stand_still():
    movie = pink(40_000)
    found = lag_covariance(movie, np.arange(9, 40_000), 10, *movie.mean_and_sd())
    expected = np.maximum(0, 1 - np.abs(np.subtract.outer(range(10), range(10))) / HELD)
    assert found == pytest.approx(expected, abs=0.02)


def test_frames_of_no_training_sample_do_not_count():
    movie, other = pink(30_000), pink(30_000, seed=5)
    changed = np.concatenate([movie.codes[:, :, :20_000], 3 * other.codes[:, :, 20_000:]], axis=2)
    newest, scale = np.arange(9, 20_000), movie.mean_and_sd()
    found = [
        lag_covariance(GreyStimulus(codes, 30_000, -1.28, 0.01), newest, 10, *scale)
        for codes in (movie.codes, changed)
    ]
    assert np.array_equal(*found)


def test_white_noise_is_left_as_it_is():
    movie = noise(20_000)
    newest = np.arange(19, 20_000)
    assert lag_covariance(movie, newest, 20, *movie.mean_and_sd()) is None
    basis = orthonormal_basis(difference_of_gammas(20, 30.0), 4)
    inputs = Projected(movie, basis, *movie.mean_and_sd())
    assert pixel_whitening(inputs, torch.from_numpy(newest), (8, 8), 1) is None


def test_few_samples_of_white_noise_are_white_too():
    movie, newest = noise(400, side=24), np.arange(19, 400)
    assert lag_covariance(movie, newest[:200], 20, *movie.mean_and_sd()) is None
    inputs = Projected(movie, np.eye(1, dtype=np.float32), *movie.mean_and_sd())
    for size in ((24, 24), (9, 9), (1, 1)):
        assert pixel_whitening(inputs, torch.from_numpy(newest), size, 2) is None


def test_few_frames_that_hardly_change_have_a_basis():
    still = np.repeat(pink(300).codes[:, :, ::HELD], 50, axis=2)[:, :, :300]
    movie = GreyStimulus(np.ascontiguousarray(still), 300, -1.28, 0.01)
    covariance = lag_covariance(movie, np.arange(19, 300), 20, *movie.mean_and_sd())
    assert np.linalg.eigvalsh(covariance).min() > -1e-9
    basis = orthonormal_basis(difference_of_gammas(20, 30.0), 4, covariance)
    assert np.isfinite(basis).all()


@pytest.mark.parametrize("size, stride", [((8, 8), 1), ((4, 5), 2)])
def test_pixels_are_uncorrelated_and_equal_after_whitening(size, stride):
    movie = pink(40_000)
    inputs = Projected(movie, np.eye(1, dtype=np.float32), *movie.mean_and_sd())
    matrix = pixel_whitening(inputs, torch.arange(40_000), size, stride)
    assert np.allclose(matrix, matrix.T)
    pixels = movie.frames()[:, : size[0], : size[1]].reshape(40_000, -1)
    covariance = np.cov(pixels @ matrix, rowvar=False)
    covariance /= np.diag(covariance).mean()
    assert covariance == pytest.approx(np.eye(len(matrix)), abs=0.12)
    assert np.abs(np.corrcoef(pixels, rowvar=False) - np.eye(len(matrix))).max() > 0.4


def test_a_basis_sees_the_stimulus_as_uncorrelated():
    movie, leading = pink(40_000), difference_of_gammas(12, 30.0)
    mean, sd = movie.mean_and_sd()
    basis = orthonormal_basis(
        leading, 4, lag_covariance(movie, np.arange(11, 40_000), 12, mean, sd)
    )
    assert np.corrcoef(basis[0], leading)[0, 1] == pytest.approx(1)
    contrast = (movie.frames()[:, 3, 3] - mean) / sd
    seen = [np.convolve(contrast, function)[11:40_000] for function in basis]
    assert np.cov(seen) == pytest.approx(np.eye(4), abs=0.15)


def basis_of(movie, spikes, seed):
    """The temporal basis of a cell, and its samples."""
    data = TrainingData.of(Responses(spikes, [0], 30.0), settings())
    rng = np.random.default_rng(seed)
    return temporal_basis(movie, data, np.ones(1), settings(), rng), data


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_basis_of_a_correlated_stimulus_begins_with_the_filters_time_course(seed):
    cell, movie = build_cell(YAN2020.changed(**BUSY), 30.0), pink(40_000, seed)
    rng = np.random.default_rng(seed)
    spikes = simulate_responses(cell, movie, 1, 30.0, rng).spike_count
    basis, data = basis_of(movie, spikes, seed)
    average = spike_triggered_average(movie, data.newest, data.count, 20) - movie.mean_and_sd()[0]
    smeared, known = average.sum((1, 2)), cell.temporal_filter
    assert abs(np.corrcoef(smeared, known)[0, 1]) < 0.95
    assert abs(np.corrcoef(basis[0], known)[0, 1]) > 0.99


def test_spikes_of_chance_on_a_correlated_stimulus_have_a_basis():
    movie, rng = pink(20_000), np.random.default_rng(0)
    basis, _ = basis_of(movie, rng.poisson(0.02, (1, 20_000)), 0)
    assert basis.shape == (4, 20) and np.isfinite(basis).all()


def test_whitened_weights_are_the_filters_they_stand_for():
    rng = np.random.default_rng(2)
    chosen, start = settings(filters=3, filter_size=4), rng.normal(size=(2, 3, 4, 4, 2))
    matrix = rng.normal(size=(16, 16))
    module = Module(start, (8, 8), chosen, 0.1, np.random.default_rng(0), matrix)
    filters = np.einsum("pq,sfqc->sfpc", matrix, start.reshape(2, 3, 16, 2)).reshape(start.shape)
    plain = Module(filters, (8, 8), chosen, 0.1, np.random.default_rng(0))
    inputs = torch.tensor(rng.normal(size=(30, 8, 8, 2)), dtype=torch.float32)
    with torch.no_grad():
        assert torch.allclose(module(inputs), plain(inputs), rtol=1e-4)
    basis = rng.normal(size=(2, 5))
    pairs = zip(*(one.networks(basis, 0, 1, (8, 8), 30) for one in (module, plain)), strict=True)
    for one, other in pairs:
        assert np.allclose(one.weight, other.weight, rtol=1e-4, atol=1e-5)


def test_a_network_of_white_noise_is_the_same_either_way():
    cell, movie = (
        build_cell(YAN2020.changed(output={"threshold": 1, "gain": 2}), 30.0),
        noise(8_000),
    )
    spikes = simulate_responses(cell, movie, 1, 30.0, np.random.default_rng(0)).spike_count
    one, other = (
        train(movie, Responses(spikes, [0], 30.0), settings(steps=20, decorrelate=way), 0).network
        for way in (False, True)
    )
    assert np.array_equal(one.weight, other.weight)


def scores_for_white_noise(seed):
    """Correlations on white noise of two networks of a correlated stimulus: plain, decorrelated."""
    cell, movie, test = (
        build_cell(YAN2020.changed(**BUSY), 30.0),
        pink(60_000, seed),
        noise(3_000, seed),
    )
    spikes = simulate_responses(cell, movie, 1, 30.0, np.random.default_rng(seed)).spike_count
    rate, newest = firing_rate(cell, test), np.arange(19, 3_000)
    for way in (False, True):
        chosen = settings(filter_size="crop", steps=1500, decorrelate=way)
        network = train(movie, Responses(spikes, [0], 30.0), chosen, seed).network
        yield correlation(network.predict(test, newest), rate[newest])


@pytest.mark.slow
def test_cells_are_learned_from_a_correlated_stimulus_well_enough_for_white_noise():
    # A single training ends 0.02 higher or lower on another processor, by rounding alone.
    without, decorrelated = np.mean([list(scores_for_white_noise(seed)) for seed in range(1, 7)], 0)
    assert decorrelated > 0.87 and decorrelated > without + 0.03, (without, decorrelated)
