"""A fitted readout is the likeliest one, whatever the drives, and says what it cannot do."""

from itertools import product

import numpy as np
import pytest
from scipy.optimize import approx_fprime, minimize, nnls

from finefield.networks.readout import Readout, _objective, fit_readout


def loss(readout, drives, count, exposure=1.0):
    """Poisson loss per spike."""
    rate = readout.rate(drives, exposure)
    return (rate - count * np.log(rate)).sum() / count.sum()


def data(n_samples=4000, n_features=5, seed=0, weight=None):
    """Rectified drives that are alike in part, weights with some zeros, and Poisson counts."""
    rng = np.random.default_rng(seed)
    drives = rng.normal(size=(n_samples, n_features)) + rng.normal(size=(n_samples, 1))
    drives = np.maximum(0, drives) * rng.uniform(0.1, 30, n_features)
    known = rng.uniform(0, 2, n_features) / drives.std(0)
    known[1::3] = 0
    known = Readout(known if weight is None else weight / drives.std(0), -2.0, 0.3)
    return drives, rng.poisson(known.rate(drives)), known


def test_known_weights_are_recovered_from_many_spikes():
    drives, count, known = data(200_000)
    assert count.sum() > 50_000
    found, sd = fit_readout(drives, count), drives.std(0)
    assert np.abs((found.weight - known.weight) * sd).max() < 0.1
    error = found.rate(drives) / known.rate(drives) - 1
    assert np.abs(error).mean() < 0.02


@pytest.mark.parametrize(("nonnegative", "with_exposure"), [*product([True, False], repeat=2)])
def test_the_optimum_is_that_of_another_method(nonnegative, with_exposure):
    drives, count, _ = data(1500, 4, seed=1, weight=np.array([1.0, -0.7, 0.4, 0]))
    exposure = (
        np.random.default_rng(0).uniform(0.5, 2, len(count))
        if with_exposure
        else np.ones(len(count))
    )
    found = fit_readout(drives, count, exposure, nonnegative=nonnegative)
    sd = drives.std(0)

    def plain(values):
        weight = values[:4] ** 2 if nonnegative else values[:4]
        return loss(Readout(weight / sd, values[4], np.exp(values[5])), drives, count, exposure)

    best = np.r_[np.full(4, 0.5), 0.0, np.log(count.mean())]
    for _ in range(6):
        best = minimize(plain, best, method="Powell", options={"xtol": 1e-8, "ftol": 1e-13}).x
        # Simplices need no gradient either, and get out of where Powell's lines end.
        best = minimize(plain, best, method="Nelder-Mead", options={"maxfev": 4000}).x
    assert loss(found, drives, count, exposure) <= plain(best) + 1e-6
    other = best[:4] ** 2 if nonnegative else best[:4]
    assert found.weight * sd == pytest.approx(other, abs=0.02)
    assert (found.weight.min() == 0) == nonnegative


@pytest.mark.parametrize("seed", range(5))
def test_no_small_change_that_is_allowed_makes_it_better(seed):
    """Karush, Kuhn and Tucker, by differences of the plain loss with a scale of its own."""
    drives, count, _ = data(2000, 8, seed=seed)
    exposure = np.random.default_rng(seed).uniform(0.5, 2, len(count))
    found, sd = fit_readout(drives, count, exposure), drives.std(0)

    def plain(values):
        one = Readout(values[:8] / sd, values[8], np.exp(values[9]))
        return loss(one, drives, count, exposure)

    best = np.r_[found.weight * sd, found.offset, np.log(found.scale)]
    steps = 1e-5 * np.eye(10)
    slope = np.array([plain(best + one) - plain(best - one) for one in steps]) / 2e-5
    assert best[:8].min() >= 0
    free = np.r_[best[:8] > 0, True, True]
    assert np.abs(slope[free]).max() < 1e-5
    assert slope[~free].min(initial=0) > -1e-5


@pytest.mark.parametrize("level", [-40.0, -3.0, 0.5, 30.0])
def test_the_gradient_is_that_of_the_loss(level):
    drives, count, _ = data(300, 3)
    drives = drives / drives.std(0)
    exposure = np.random.default_rng(0).uniform(0.5, 2, len(count))
    point = np.array([0.3, 0.8, -0.2, level])
    added = np.linspace(-1, 0, len(count))
    arguments = drives, count.astype(float), exposure, added
    numeric = approx_fprime(point, lambda at: _objective(at, *arguments)[0], 1e-6)
    assert _objective(point, *arguments)[1] == pytest.approx(numeric, abs=2e-5)


def test_the_spikes_predicted_are_as_many_as_those_counted():
    drives, count, _ = data()
    exposure = np.random.default_rng(0).uniform(0.5, 2, len(count))
    found = fit_readout(drives, count, exposure)
    assert found.rate(drives, exposure).sum() == pytest.approx(count.sum())
    assert np.allclose(found.rate(drives, exposure), found.rate(drives) * exposure, rtol=1e-14)


def test_units_of_the_drives_do_not_matter():
    drives, count, _ = data()
    unit = np.array([1e-6, 1e4, 1, 7, 0.1])
    one, other = fit_readout(drives, count), fit_readout(drives * unit, count)
    assert other.weight * unit == pytest.approx(one.weight, rel=1e-4, abs=1e-4)
    assert other.rate(drives * unit) == pytest.approx(one.rate(drives), rel=1e-3)


def test_where_it_starts_does_not_matter():
    drives, count, known = data()
    far = Readout(known.weight[::-1] * 3, 1.0, 5.0)
    one, other = fit_readout(drives, count), fit_readout(drives, count, start=far)
    assert other.rate(drives) == pytest.approx(one.rate(drives), rel=1e-3)


def test_copies_of_a_drive_share_its_weight_and_a_constant_gets_none():
    drives, count, _ = data(weight=np.ones(5))
    more = np.column_stack([drives, drives[:, 0], np.zeros(len(count)), np.full(len(count), 0.1)])
    one, other = fit_readout(drives, count), fit_readout(more, count)
    assert other.weight[0] == pytest.approx(one.weight[0] / 2, rel=1e-2)
    assert other.weight[5] == pytest.approx(other.weight[0], rel=1e-2)
    assert other.weight[6:].tolist() == [0, 0]
    assert other.rate(more) == pytest.approx(one.rate(drives), rel=1e-3)


@pytest.mark.parametrize("n_features", [0, 2])
def test_without_drives_the_mean_rate_is_predicted(n_features):
    count, drives = np.array([0, 3, 1, 0]), np.zeros((4, n_features))
    assert fit_readout(drives, count).rate(drives).tolist() == pytest.approx([1.0] * 4)


def test_drives_that_only_inhibit_get_no_weight():
    drives, count, _ = data(weight=-np.ones(5))
    assert nnls(drives - drives.mean(0), count - count.mean())[0].tolist() == [0] * 5
    assert fit_readout(drives, count).weight.tolist() == [0] * 5
    assert fit_readout(drives, count, nonnegative=False).weight.max() < 0


@pytest.mark.parametrize("scale", [1.0, 1e-3])
def test_rates_that_are_exponential_or_linear_have_an_answer(scale):
    """The softplus tends to both at infinity only."""
    rng = np.random.default_rng(0)
    drives = rng.uniform(0, 2, (50_000, 1))
    for rate in (np.exp(drives[:, 0]), 1 + 3 * drives[:, 0]):
        found = fit_readout(drives, rng.poisson(scale * rate))
        assert np.isfinite([*found.weight, found.offset, found.scale]).all() and found.scale > 0
        tolerance = 0.03 if scale == 1 else 0.3
        assert found.rate(drives) == pytest.approx(scale * rate, rel=tolerance)


def test_a_single_spike_is_enough_and_none_is_not():
    drives, _, _ = data(500)
    one = np.zeros(500)
    one[7] = 1
    found = fit_readout(drives, one)
    assert np.isfinite(found.weight).all() and found.rate(drives).sum() == pytest.approx(1)
    with pytest.raises(ValueError, match="no spike in 500 samples"):
        fit_readout(drives, 0 * one)
