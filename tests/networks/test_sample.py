"""Samples on other functions of time, and the nonlinearity of what filters see in them."""

from dataclasses import replace

import numpy as np
import torch

from finefield.networks.positions.pooling import Pooling
from finefield.networks.positions.sample import Sample

N, FUNCTIONS, PIXELS, FILTERS = 50, 3, 10, 4


def turned():
    """A turned sample, and one whose stimulus was turned by hand."""
    torch.manual_seed(0)
    rng = np.random.default_rng(0)
    seen = rng.normal(size=(N, FUNCTIONS, PIXELS)).astype(np.float32)
    turn = np.linalg.qr(rng.normal(size=(FUNCTIONS, FUNCTIONS)))[0].astype(np.float32)
    one, by_hand = (
        Sample(torch.from_numpy(part), torch.zeros(N), torch.ones(N))
        for part in (seen, np.einsum("nf,sfp->snp", turn, seen))
    )
    return one.turned(torch.from_numpy(turn)), by_hand


def test_a_turned_sample_gives_what_the_turned_stimulus_gives():
    one, by_hand = turned()
    filters, by_drives = torch.randn(FILTERS, FUNCTIONS, PIXELS), torch.randn(N, FILTERS)
    for some in (filters, filters[:, :1]):
        torch.testing.assert_close(one.drives(some), by_hand.drives(some))
        torch.testing.assert_close(one.leading().drives(some[:, :1]), by_hand.drives(some[:, :1]))
    torch.testing.assert_close(one.by_filters(by_drives), by_hand.by_filters(by_drives))
    torch.testing.assert_close(one.through(filters[:, 0]), by_hand.through(filters[:, 0]))
    twice, back = one.turned(one.turn.T), replace(one, turn=None)
    torch.testing.assert_close(twice.drives(filters), back.drives(filters))


def test_derivatives_by_filters_are_those_of_pytorch():
    one, _ = turned()
    filters, by_drives = torch.randn(FILTERS, FUNCTIONS, PIXELS), torch.randn(N, FILTERS)
    filters.requires_grad_()
    by_hand = torch.einsum("sfp,nf,knp->sk", one.seen, one.turn, filters)
    (by_hand * by_drives).sum().backward()
    torch.testing.assert_close(one.by_filters(by_drives), filters.grad)


def test_the_nonlinearity_is_a_power_above_the_threshold():
    drives = torch.linspace(-2, 2, 41)[:, None]
    above = (drives - 0.3).clamp(min=0)
    for exponent in (0.7, 1.0, 1.6):
        pooling = Pooling(np.ones(1), exponent=exponent, threshold=0.3)
        torch.testing.assert_close(pooling.rectified(drives), above**exponent, atol=1e-5, rtol=1e-5)
        slope = torch.where(above > 0, exponent * above ** (exponent - 1), 0.0)
        kept = (above[:, 0] > 1e-6) | (above[:, 0] == 0)
        torch.testing.assert_close(pooling.slope(drives)[kept], slope[kept], atol=1e-5, rtol=1e-4)
