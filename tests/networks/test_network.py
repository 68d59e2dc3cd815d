"""A network's prediction against PyTorch's convolution, and projections against numpy's."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from helpers.networks import deep_network, network
from scipy.signal import correlate

from finefield.base.errors import UserError
from finefield.networks.dynamics.model import Dynamics
from finefield.networks.network import drives_of
from finefield.networks.training.inputs import Lagged, Projected, project
from finefield.stimuli.movie import BinaryStimulus
from finefield.stimuli.window import Window


@pytest.fixture
def movie():
    return BinaryStimulus.from_frames(np.random.default_rng(0).integers(0, 2, (1300, 9, 8)))


@pytest.mark.parametrize("stride", [1, 2, 3])
def test_prediction_is_pytorchs(movie, stride):
    net = network(np.random.default_rng(1), stride=stride)
    newest = np.array([5, 6, 511, 512, 513, 1299])
    inputs = Lagged(movie, net.lags, net.stimulus_mean, net.stimulus_sd).batch(torch.tensor(newest))
    weight, bias, readout = (
        torch.tensor(a, dtype=torch.float32) for a in (net.weight, net.bias, net.readout)
    )
    output = torch.relu(
        torch.nn.functional.conv2d(inputs.permute(0, 3, 1, 2), weight, bias, stride)
    )
    drive = (output * readout).sum((1, 2, 3)) + net.readout_offset
    expected = net.rate_scale * torch.nn.functional.softplus(drive)
    assert np.allclose(net.predict(movie, newest), expected.numpy(), rtol=1e-4, atol=1e-4)


def test_prediction_with_a_hidden_layer_is_scipys(movie):
    net = deep_network(np.random.default_rng(5), stride=1)
    contrast = (movie.frames() - net.stimulus_mean) / net.stimulus_sd
    for newest in (5, 512, 1299):
        past = contrast[newest - 5 : newest + 1][::-1]
        first = [correlate(past, weight, "valid")[0] for weight in net.weight]
        first = np.maximum(0, np.stack(first) + net.bias[:, None, None])
        second = [correlate(first, weight, "valid")[0] for weight in net.hidden_weight]
        second = np.maximum(0, np.stack(second) + net.hidden_bias[:, None, None])
        drive = (second * net.readout).sum() + net.readout_offset
        expected = net.rate_scale * np.log1p(np.exp(drive))
        assert net.predict(movie, np.array([newest]))[0] == pytest.approx(expected, rel=1e-5)


def test_prediction_without_rectification_is_linear_up_to_the_softplus(movie):
    net = replace(network(np.random.default_rng(6)), nonlinearity="linear")
    inputs = Lagged(movie, net.lags, net.stimulus_mean, net.stimulus_sd)
    newest = np.arange(700, 720)
    contrast = inputs.batch(torch.tensor(newest)).numpy()
    # Filters summed with their readout, at every position, are one filter.
    whole = np.zeros((6, 9, 8))
    for f, row, column in np.ndindex(net.readout.shape):
        part = np.s_[:, 2 * row : 2 * row + 4, 2 * column : 2 * column + 4]
        whole[part] += net.readout[f, row, column] * net.weight[f]
    constant = net.readout_offset + (net.bias * net.readout.sum((1, 2))).sum()
    drive = np.einsum("nyxl,lyx->n", contrast, whole) + constant
    expected = net.rate_scale * np.logaddexp(0, drive)
    assert net.predict(movie, newest) == pytest.approx(expected, rel=1e-4)


def test_a_crop_of_another_size_is_refused(movie):
    with pytest.raises(UserError, match="9 x 8 pixels"):
        network(np.random.default_rng(0), height=8).predict(movie, np.array([10]))


def test_influence_without_a_hidden_layer_is_the_readouts_size():
    net = network(np.random.default_rng(7))
    assert np.array_equal(net.influence(), np.abs(net.readout))


def test_influence_sums_all_ways_through_a_hidden_layer():
    net = deep_network(np.random.default_rng(8), stride=1)
    expected = np.zeros((3, 6, 5))
    for hidden, f, y, x in np.ndindex(net.hidden_weight.shape):
        for row, column in np.ndindex(net.readout.shape[1:]):
            way = net.hidden_weight[hidden, f, y, x] * net.readout[hidden, row, column]
            expected[f, row + y, column + x] += abs(way)
    assert net.influence() == pytest.approx(expected)


@pytest.mark.parametrize("make", [network, deep_network])
def test_influence_is_what_a_pixel_does_to_the_drive_of_an_excitatory_network(make):
    rng = np.random.default_rng(9)
    # Filters of one pixel and one frame, which see the pixel at their position.
    net = make(rng, lags=1, stride=1, height=5, width=6, size=1)
    names = [name for name in ("readout", "hidden_weight") if getattr(net, name) is not None]
    positive = {name: np.abs(getattr(net, name)) for name in names}
    biases = {"bias": np.full(3, 0.1), "hidden_bias": None if net.hidden_bias is None else [1, 2]}
    net = replace(net, **positive, **biases, readout_offset=0.0)
    frames = np.vstack([np.zeros((1, 30)), np.eye(30)]).reshape(31, 5, 6)
    stimulus = BinaryStimulus.from_frames(frames, low=0.0, high=0.5)
    for f in range(3):
        weight = np.where(np.arange(3) == f, 0.9, 0.0).reshape(3, 1, 1, 1)
        one = replace(net, weight=weight, stimulus_mean=0.0, stimulus_sd=1.0)
        output = one.predict(stimulus, np.arange(31)) / one.rate_scale
        drive = output + np.log(-np.expm1(-output))  # the inverse of the softplus
        found = (drive[1:] - drive[0]) / (0.9 * 0.5)
        assert found.reshape(5, 6) == pytest.approx(net.influence()[f], abs=1e-6)


@pytest.mark.parametrize("make", [network, deep_network])
def test_keeping_filters_removes_all_that_the_others_do(movie, make):
    net = make(np.random.default_rng(10), stride=1)
    chosen = np.array([True, False, True])
    kept = net.keeping(chosen)
    assert np.array_equal(kept.influence()[chosen], net.influence()[chosen])
    assert not kept.influence()[1].any() and net.influence()[1].all()
    # What the removed filter does no longer matters, what the others do does.
    newest, before = np.arange(10, 60), kept.predict(movie, np.arange(10, 60))
    for f in range(3):
        weight = net.weight.copy()
        weight[f] *= -2
        after = replace(net, weight=weight).keeping(chosen).predict(movie, newest)
        assert np.allclose(after, before, rtol=1e-9) == (f == 1)
    assert np.array_equal(net.keeping(np.ones(3, bool)).predict(movie, newest),
                          net.predict(movie, newest))  # fmt: skip


@pytest.mark.parametrize("make", [network, deep_network])
@pytest.mark.parametrize("most_pixels", [2**20, 1])
def test_windows_of_a_field_are_predicted_as_their_crops(make, most_pixels, monkeypatch):
    monkeypatch.setattr("finefield.networks.network.MOST_PIXELS", most_pixels)
    bits = np.random.default_rng(0).integers(0, 2, (700, 30, 25))
    field, later = (BinaryStimulus.from_frames(bits[first:]) for first in (0, 37))
    net = make(np.random.default_rng(2), stride=1)
    net = net.keeping(np.array([True, False, True]))
    windows = [Window(3, 2, 9, 8), Window(3, 2, 9, 8), Window(20, 16, 9, 8)]
    newest = np.array([699, 0, 4, 5, 31, 32, 33, 511, 512, 513, 4])
    found = net.drives_at(field, newest, windows)
    for one, window in zip(found, windows, strict=True):
        assert np.allclose(one, net.drives(field.crop(window), newest), rtol=1e-9, atol=1e-9)
    # Blocks of frames begin elsewhere.
    whole = newest >= 37 + net.lags - 1
    moved = net.drives_at(later, newest[whole] - 37, windows)
    assert np.allclose(moved, found[:, whole], rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("make", [network, deep_network])
def test_networks_of_one_training_are_predicted_as_each_alone(movie, make):
    networks = [make(np.random.default_rng(seed), stride=1) for seed in range(3)]
    networks[1] = replace(networks[1], exponent=1.4).keeping(np.array([True, False, True]))
    networks[2] = networks[2].keeping(np.zeros(3, bool))
    dynamics = Dynamics(integration=0.3, integration_frames=4.0, mean_output=0.2)
    networks.append(replace(networks[0], dynamics=dynamics))
    newest = np.array([40, 41, 42, 7, 1299, 512, 511])
    together = drives_of(networks, movie, newest)
    for one, found in zip(networks, together, strict=True):
        assert np.allclose(found, one.drives(movie, newest), rtol=1e-9, atol=1e-9)
    assert not np.allclose(together[3], together[0])


def test_projection_is_a_convolution_in_time(movie):
    basis = np.random.default_rng(3).normal(size=(3, 7)) / 3
    values = project(movie, basis, mean=0.2, sd=2.0)
    contrast = (movie.frames()[:, 4, 5] - 0.2) / 2.0
    for one, function in enumerate(basis):
        expected = np.convolve(contrast, function)[: len(contrast)]
        assert np.allclose(values[:, 4, 5, one], expected, atol=2e-3)


def test_projected_and_lagged_inputs_agree(movie):
    basis = np.linalg.qr(np.random.default_rng(4).normal(size=(6, 6)))[0].astype(np.float32)
    newest = torch.tensor([20, 700, 1299])
    lagged = Lagged(movie, 6, 0.0, 1.0).batch(newest)
    projected = Projected(movie, basis, 0.0, 1.0).batch(newest)
    assert torch.allclose(
        torch.einsum("cl,nyxl->nyxc", torch.tensor(basis), lagged), projected, atol=2e-3
    )
