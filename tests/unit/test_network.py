"""A network's prediction against PyTorch's convolution, and projections against numpy's."""

import numpy as np
import pytest
import torch

from finefield.errors import UserError
from finefield.network import Network
from finefield.projection import Lagged, Projected, project
from finefield.stimulus import BinaryStimulus


def network(rng, lags=6, stride=2, height=9, width=8, size=4):
    positions = (height - size) // stride + 1, (width - size) // stride + 1
    return Network(
        rng.normal(size=(3, lags, size, size)), rng.normal(size=3),
        rng.normal(size=(3, *positions)),
        0.3, 2.0, 0.1, 0.9, stride, height, width,
    )  # fmt: skip


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
    output = torch.relu(torch.nn.functional.conv2d(inputs, weight, bias, stride))
    drive = (output * readout).sum((1, 2, 3)) + net.readout_offset
    expected = net.rate_scale * torch.nn.functional.softplus(drive)
    assert np.allclose(net.predict(movie, newest), expected.numpy(), rtol=1e-4, atol=1e-4)


def test_a_crop_of_another_size_is_refused(movie):
    with pytest.raises(UserError, match="9 x 8 pixels"):
        network(np.random.default_rng(0), height=8).predict(movie, np.array([10]))


def test_a_network_survives_being_written_down(movie):
    net = network(np.random.default_rng(2))
    again = Network.from_datasets(*net.to_datasets())
    assert np.array_equal(
        net.predict(movie, np.arange(10, 50)), again.predict(movie, np.arange(10, 50))
    )


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
        torch.einsum("cl,nlyx->ncyx", torch.tensor(basis), lagged), projected, atol=2e-3
    )
