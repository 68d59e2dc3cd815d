"""Gaussian filters: their images, and which of them stay once they have moved."""

import numpy as np
import pytest
import torch
from scipy.optimize import approx_fprime
from tests.helpers.samples import gaussians, sample_of

from finefield.networks.positions.filters import Filters
from finefield.networks.positions.gaussians import Gaussians, derivatives, images, settle
from finefield.networks.positions.pooling import Pooling
from finefield.networks.positions.simplify import simplify

SIDE = 8
KNOWN = [(2.4, 2.4), (2.6, 5.5), (5.4, 3.5)]


def test_derivatives_of_gaussians_are_those_of_differences():
    own = np.array([2.1, 3.3, 0.2, 0.3, -0.2])
    for parameters in (own, own * [1, 1, 1, 0, 0]):
        found = derivatives(torch.tensor(parameters[None]), (6, 7), 5)[0].numpy()
        image = lambda p: images(torch.tensor(p[None]), (6, 7))[0].numpy()  # noqa: E731
        expected = approx_fprime(parameters, image, 1e-3).T
        assert np.allclose(found, expected, atol=2e-3)


def test_an_elongated_gaussian_has_the_moments_it_says():
    (image,) = images(torch.tensor([[20.0, 18, np.log(3), 0.3, 0.2]]), (41, 37)).numpy()
    rows, columns = (
        part.ravel() - at for part, at in zip(np.indices((41, 37)), (20, 18), strict=True)
    )
    moments = [[image @ (a * b) for a in (rows, columns)] for b in (rows, columns)]
    length = np.hypot(0.3, 0.2)
    axis = np.array([[0.3, 0.2], [0.2, -0.3]]) / length
    expected = 9 * (np.cosh(2 * length) * np.eye(2) + np.sinh(2 * length) * axis)
    assert np.allclose(np.array(moments) / image.sum(), expected, rtol=1e-3)


def test_gaussians_hold_no_numbers_that_slow_products():
    of_all_sizes = torch.tensor([[9.0, 9.0, np.log(size), 0.0, 0.0] for size in (0.4, 0.8, 2, 9)])
    tiny = np.finfo(np.float32).tiny
    for image in (images(of_all_sizes, (40, 40)), derivatives(of_all_sizes, (40, 40), 5)):
        size = image.abs().numpy()
        assert not ((size > 0) & (size < tiny)).any()


def around(places, sample):
    """Gaussians on the pixels beside places, each with a part of its weight."""
    own = {(y + dy, x + dx) for y, x in np.round(places) for dy, dx in ((0, 0), (0, 1), (1, 0))}
    parameters = torch.tensor([[y, x, 0.0, 0.0, 0.0] for y, x in sorted(own)])
    pooling = Pooling(np.full(len(own), 0.4), log_scale=sample.log_rate)
    return Gaussians(parameters, torch.ones(len(own)), pooling, (SIDE, SIDE))


@pytest.mark.parametrize("n_free", [2, 3, 5])
def test_gaussians_go_if_others_can_move_to_do_their_work(n_free):
    sample = sample_of(gaussians(KNOWN).numpy(), np.ones(3))
    start = around(KNOWN, sample)
    # Where they are, more of them are needed.
    assert len(simplify(Filters.of(start), sample, join=False)) > 3
    found = settle(start, sample, n_free)
    assert len(found) == 3
    centres = found.parameters[found.parameters[:, 1].argsort(), :2].numpy()
    assert np.abs(centres - np.array(KNOWN)[[0, 2, 1]]).max() < 0.1
    assert found.pooling.weight.min() > 0.8 * found.pooling.weight.max()


def test_gaussians_that_are_all_needed_stay():
    sample = sample_of(gaussians(KNOWN).numpy(), np.array([1.0, 0.3, 1.0]))
    start = around(KNOWN, sample).keeping(np.array([0, 3, 6]))
    found = settle(start, sample, 5)
    assert len(found) == 3
    assert found.parameters[:, 2].abs().max() < 0.1


def test_of_no_gaussians_there_are_none():
    sample = sample_of(gaussians(KNOWN).numpy(), np.ones(3), n=1000)
    assert len(settle(around(KNOWN, sample).keeping(np.zeros(9, bool)), sample, 5)) == 0
