"""Samples of the steps: all of them with uniform draws, none favoured with informed ones."""

import numpy as np
import pytest

from finefield.networks.training.sampling import Informed, Uniform

N, SIZE = 1003, 64


def passes(draws, n_passes):
    """Indices (pass, step of the pass, sample) of the first passes."""
    per_pass = N // SIZE
    steps = np.stack([draws(step)[0] for step in range(n_passes * per_pass)])
    return steps.reshape(n_passes, per_pass, SIZE)


def cell(share=0.05, n=N):
    """Which samples have spikes; at least one."""
    fired = np.random.default_rng(0).random(n) < share
    fired[3] = True
    return fired


def test_a_uniform_pass_has_each_sample_at_most_once_in_batches_of_one_size():
    for order in passes(Uniform(N, SIZE, seed=0), 3):
        assert len(set(order.ravel())) == order.size == N // SIZE * SIZE
        assert order.min() >= 0 and order.max() < N
    assert Uniform(N, SIZE, seed=0)(20)[1].tolist() == [1.0] * SIZE


def test_uniform_passes_come_in_different_orders_that_leave_out_different_samples():
    first, second = passes(Uniform(N, SIZE, seed=0), 2)
    # Two random orders agree in about one place.
    assert (first == second).mean() < 0.01
    assert set(first.ravel()) != set(second.ravel())
    # With 43 of 1003 left out each pass, 20 passes miss a sample with a chance of 1003 x 3e-28.
    assert len(np.unique(passes(Uniform(N, SIZE, seed=0), 20))) == N


def test_a_uniform_batch_is_no_larger_than_the_samples_there_are():
    draws = Uniform(10, 64, seed=0)
    for step in (0, 1, 7):
        assert sorted(draws(step)[0]) == list(range(10))


@pytest.mark.parametrize(
    "make", [lambda seed: Uniform(N, SIZE, seed), lambda seed: Informed(cell(), 2.0, SIZE, seed)]
)
def test_a_step_depends_on_seed_and_number_and_not_on_the_steps_before(make):
    draws = make(5)
    in_order = [draws(step) for step in range(140)]
    fresh, backwards = make(5), make(5)
    # The step 70 of a training that goes on there, without the 69 before it; then others again.
    for step in (70, 3, 139, 70, 64):
        for one, other in zip(fresh(step), in_order[step], strict=True):
            assert np.array_equal(one, other)
    for step in reversed(range(140)):
        assert np.array_equal(backwards(step)[0], in_order[step][0])
    assert len({index.tobytes() for index, _ in in_order}) == 140
    assert not np.array_equal(make(6)(70)[0], in_order[70][0])


BACKGROUNDS = (0.25, 2.0, 8.0)


@pytest.mark.parametrize("background", BACKGROUNDS)
def test_informed_weighted_means_are_unbiased(background):
    fired, rng = cell(), np.random.default_rng(1)
    # Any function will do; this one differs between samples with and without spikes.
    values = rng.normal(1.0, 1.0, N) + 4 * fired + np.linspace(0, 2, N)
    draws = Informed(fired, background, SIZE, seed=2)
    steps = [draws(step) for step in range(1280)]
    weighted = np.array([(weight * values[index]).mean() for index, weight in steps])
    plain = np.array([values[index].mean() for index, _ in steps])
    # Variance of a weighted draw: mean of (p / q) f^2 less the squared mean; strata only lower it.
    ratio = (1 + background) * fired.mean() / (fired + background * fired.mean())
    variance = (ratio * values**2).mean() - values.mean() ** 2
    error = np.sqrt(variance / (len(steps) * SIZE))
    assert abs(weighted.mean() - values.mean()) < 4 * error
    # The bound means something: without the weights the mean would be far off.
    assert abs(plain.mean() - values.mean()) > 12 * error


@pytest.mark.parametrize("background", BACKGROUNDS)
@pytest.mark.parametrize("share", [0.01, 0.3])
def test_informed_draws_have_the_share_of_spikes_they_promise(background, share):
    fired = cell(share)
    draws = Informed(fired, background, SIZE, seed=3)
    found = fired[np.concatenate([draws(step)[0] for step in range(640)])]
    expected = 1 / (1 + background) + background / (1 + background) * fired.mean()
    assert abs(found.mean() - expected) < 4 * np.sqrt(expected * (1 - expected) / found.size)


@pytest.mark.parametrize("background", BACKGROUNDS)
def test_informed_weights_are_bounded_and_the_inverse_of_how_often_samples_come(background):
    fired = cell(n=100)
    draws = Informed(fired, background, SIZE, seed=4)
    steps = [draws(step) for step in range(3200)]
    index, weight = (np.concatenate(part) for part in zip(*steps, strict=True))
    assert weight.max() <= (1 + background) / background * (1 + 1e-6)
    weights = np.zeros(100)
    weights[index] = weight
    times = np.bincount(index, minlength=100)
    expected = index.size / 100 / weights
    assert (np.abs(times - expected) < 4.5 * np.sqrt(expected)).all()
    # Two kinds of samples, two weights.
    assert len(np.unique(weights[fired])) == len(np.unique(weights[~fired])) == 1
    assert weights[fired][0] < 1 < weights[~fired][0]


def test_a_cell_that_always_fires_is_drawn_evenly():
    index, weight = Informed(np.ones(640, bool), 2.0, SIZE, seed=0)(0)
    assert np.allclose(weight, 1) and len(index) == SIZE
