"""Fisher scoring and its bounded steps: what a library finds."""

import numpy as np
import pytest
from scipy.optimize import lsq_linear, minimize

from finefield.networks.scoring import Scored, bounded_step, fisher_scoring, removable


def test_scoring_finds_what_a_library_does():
    rng = np.random.default_rng(0)
    matrix = rng.normal(size=(6, 6))
    matrix, centre = matrix @ matrix.T + np.eye(6), rng.normal(size=6)

    def curvature(x):
        twice = lambda chosen: 2 * matrix[np.ix_(chosen, chosen)]  # noqa: E731
        return (x - centre) @ matrix @ (x - centre), 2 * matrix @ (x - centre), twice

    bounded = np.arange(6) < 3
    found = fisher_scoring(np.ones(6), curvature, bounded, steps=100, tolerance=1e-12)
    bounds = [(0 if one else None, None) for one in bounded]
    expected = minimize(lambda x: curvature(x)[:2], np.ones(6), jac=True, bounds=bounds)
    assert found.loss == pytest.approx(expected.fun, rel=1e-5)
    assert np.allclose(found.parameters, expected.x, atol=1e-3)


def test_a_step_is_no_longer_than_allowed():
    curvature = lambda x: (float(x @ x), 2 * x, lambda kept: 2 * np.eye(kept.sum()))  # noqa: E731
    found = fisher_scoring(np.array([10.0, 10]), curvature, np.zeros(2, bool), largest=1.0, steps=1)
    assert np.abs(found.parameters - 10).max() == pytest.approx(1)


@pytest.mark.parametrize("seed", range(5))
def test_a_bounded_step_is_that_of_a_library(seed):
    rng = np.random.default_rng(seed)
    # Columns alike, as those of a grid are; half of the parameters are free.
    root = rng.normal(size=(200, 1)) + 0.3 * rng.normal(size=(200, 60))
    lowest = np.where(np.arange(60) % 2, -0.1 * rng.uniform(size=60), -np.inf)
    target = rng.normal(size=200)
    found = bounded_step(root.T @ root, root.T @ target, lowest)
    expected = lsq_linear(root, target, (lowest, np.full(60, np.inf)), "bvls", tol=1e-14).x
    assert (found == lowest).sum() > 5
    assert found == pytest.approx(expected, abs=1e-5)


@pytest.mark.parametrize("size", [1, 3])
def test_what_a_removal_costs_is_what_the_others_cannot_make_up_for(size):
    # A loss that is quadratic around its least, of four groups and two parameters more.
    rng, n_groups = np.random.default_rng(size), 4
    n = n_groups * size + 2
    root = rng.normal(size=(40, n)) + 0.5 * rng.normal(size=(40, 1))
    whole, least = root.T @ root, rng.uniform(0.5, 1.5, n)

    def without(parameters, one, gone):
        """Loss and parameters without a group; those that have gone, and the last, stay."""
        held = [number * size + at for number in (one, *gone) for at in range(size)]
        free, step = np.setdiff1d(np.arange(n - 1), held), parameters - least
        step[one * size] = -least[one * size]
        fixed = np.setdiff1d(np.arange(n), free)
        step[free] = np.linalg.solve(
            whole[np.ix_(free, free)], -whole[np.ix_(free, fixed)] @ step[fixed]
        )
        return step @ whole @ step / 2, least + step

    scored = Scored(least, 0.0, lambda chosen: whole[np.ix_(chosen, chosen)])
    found = removable(scored, n_groups, size, np.inf)
    assert len(found) == 2
    now, gone, costs = least, [], []
    for number, parameters in found:
        left = [one for one in range(n_groups) if one not in gone]
        losses = {one: without(now, one, gone)[0] for one in left}
        assert number == min(losses, key=losses.get)
        costs.append(losses[number])
        _, now = without(now, number, gone)
        assert parameters == pytest.approx(now, abs=1e-6)
        gone.append(number)
    assert not removable(scored, n_groups, size, 0.99 * costs[0])
