"""Networks that start from positions: each stage against something independent, and the whole."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from tests.helpers.cells import busy_cell, noise, settings
from tests.helpers.samples import gaussians, sample_of

from finefield.networks import train
from finefield.networks.positions import course, joining, shaping
from finefield.networks.positions.draw import MOST_SPIKES, View, draw, enough, filtering
from finefield.networks.positions.filters import Filters
from finefield.networks.positions.pooling import Pooling, fit_pooling
from finefield.networks.positions.sample import Sample, chances
from finefield.networks.positions.shaping import shape
from finefield.networks.positions.simplify import simplify
from finefield.networks.positions.time_courses import OWN_SD, common_course, fit_courses
from finefield.networks.positions.training import Placing
from finefield.networks.training.inputs import project
from finefield.responses.responses import Responses
from finefield.responses.samples import TrainingData
from finefield.stimuli.window import Window
from finefield.subunits.matching import match

SIDE = 8
POSITIONS = {"start": "positions"}


def filters_of(image, sample, weight=None):
    """Filters (filter, pixel) on one temporal function."""
    weight = np.ones(len(image)) if weight is None else weight
    pooling = Pooling(weight, log_scale=sample.log_rate)
    return Filters(image[:, None], pooling, (SIDE, SIDE))


def test_drawn_silent_samples_stand_for_all():
    rng = np.random.default_rng(0)
    expected = rng.gamma(1, 0.05, 50_000)
    fired = rng.random(50_000) < expected
    chance = chances(expected, fired, 4.0)
    assert (chance[fired] == 1).all() and chance.max() <= 1
    totals = [((rng.random(50_000) < chance) / chance) @ expected for _ in range(50)]
    assert np.mean(totals) == pytest.approx(expected.sum(), rel=0.01)
    # About as many silent ones a spike as asked for.
    assert (chance[~fired].sum() / fired.sum()) == pytest.approx(4, rel=0.25)


@pytest.mark.parametrize("busy", [1, 4])
def test_blocks_of_a_busy_cell_are_left_out_in_both_parts_alike(busy):
    n = 200_000
    count = np.full(n, busy * MOST_SPIKES / (0.9 * n), np.float32)
    data = TrainingData(np.arange(n), count, np.zeros(n, int), np.arange(n) % 10_000 < 1000)
    kept = enough(data, np.random.default_rng(0))
    for part in (data.held_out, ~data.held_out):
        assert kept[part].mean() == pytest.approx(1 / busy, abs=0.15)
        assert (kept[part] == kept[part].reshape(-1, 500)[:, :1].repeat(500, 1).ravel()).all()


def test_of_few_blocks_with_very_many_spikes_none_is_left_out():
    newest = np.arange(1000)
    data = TrainingData(newest, np.full(1000, 250, np.float32), newest * 0, newest < 100)
    for seed in range(5):
        kept = enough(data, np.random.default_rng(seed))
        assert kept[:100].any() and kept[100:].any()


def test_samples_are_what_the_movie_shows():
    _, movie, responses = busy_cell(4000)
    data = TrainingData.of(responses, settings(**POSITIONS))
    basis = np.random.default_rng(0).normal(size=(2, 20)).astype(np.float32)
    mean, sd = movie.mean_and_sd()
    view = View.of(movie, data, basis[0], mean, sd)
    gain, share = np.ones(len(data.count)), np.ones(len(data.count))
    filtered = filtering(movie, view.region, basis, mean, sd)
    rng = np.random.default_rng(1)
    drawn = draw(data, view, filtered, rng).samples(data, gain, share, rng)
    assert drawn.training.spikes == data.count[~data.held_out].sum()
    assert drawn.validation.spikes == data.count[data.held_out].sum()
    total = float(drawn.training.weight.sum())
    assert total == pytest.approx((~data.held_out).sum(), rel=0.05)
    whole = project(movie, basis, mean, sd)[data.newest][:, *view.region.slices]
    whole = np.moveaxis(whole, -1, 1).reshape(len(data.newest), 2, -1).astype(np.float32)
    spikes = drawn.training.seen[drawn.training.count > 0].numpy()
    expected = whole[~data.held_out & (data.count > 0)]
    assert np.allclose(spikes, expected, atol=2e-3)


def test_pooling_recovers_weights_and_exponent():
    known = gaussians([(2, 2), (2, 5), (5, 3)])
    sample = sample_of(known.numpy(), np.array([1.0, 0.5, 0.8]), exponent=2.0)
    drives = sample.drives(known[:, None])
    start = Pooling(np.ones(3), log_scale=sample.log_rate)
    pooling, _ = fit_pooling(drives, sample, start, shared=True, steps=20)
    assert pooling.exponent == pytest.approx(2, abs=0.25) and abs(pooling.threshold) < 0.25
    assert np.allclose(pooling.weight / pooling.weight[0], [1, 0.5, 0.8], atol=0.1)


def test_a_filter_that_is_split_is_joined_and_one_that_is_idle_goes():
    known = gaussians([(2, 2), (5, 5)], width=1.5)
    sample = sample_of(known.numpy(), np.ones(2))
    halves = (
        known[:1] * (torch.arange(SIDE * SIDE) % SIDE < 2),
        known[:1] * (torch.arange(SIDE * SIDE) % SIDE >= 2),
    )
    idle = gaussians([(1, 6)])
    split = torch.cat([*halves, known[1:], idle])
    weight = split.norm(dim=1).double().numpy() * [1, 1, 1, 0.1]
    start = filters_of(split / split.norm(dim=1, keepdim=True), sample, weight)
    found = simplify(start, sample)
    assert len(found) == 2
    assert (found.spatial() @ known.T).max(0).values.min() > 0.99
    alone = simplify(start, sample, join=False)
    assert len(alone) == 3


def test_filters_of_a_busy_cell_stay_though_each_spike_tells_little():
    image = gaussians([(2, 2), (2, 5), (5, 2), (5, 5), (0, 0), (7, 7)])
    rng = np.random.default_rng(0)
    seen = rng.normal(size=(20_000, 1, SIDE**2)).astype(np.float32)
    drive = np.maximum(seen[:, 0] @ image[:4].numpy().T, 0)
    counts = rng.poisson(3 + 0.19 * drive.sum(1)).astype(np.float32)
    sample = Sample(torch.from_numpy(seen), torch.from_numpy(counts), torch.ones(20_000))
    filters = filters_of(image, sample)
    kept = simplify(filters, sample, join=False)
    assert torch.equal(kept.image, filters.image[:4])
    # Each gains less than a thousandth of a nat a spike.
    gain = (filters.silent(sample).loss(sample) - kept.loss(sample)) / sample.spikes
    assert gain / 4 < 0.001


def test_copies_are_one_whatever_they_gain(monkeypatch):
    # Two copies that are rectified one by one are closer to a square than one filter is.
    copies, other = gaussians([(2, 2), (2, 2.95)], width=1.5), gaussians([(5, 5)], width=1.5)
    known = torch.cat([gaussians([(2, 2.475)], width=1.5), other])
    sample = sample_of(known.numpy(), np.ones(2), n=50_000, exponent=2.0)
    start = filters_of(torch.cat([copies, other]), sample)
    assert len(simplify(start, sample)) == 2
    monkeypatch.setattr(joining, "COPIES", 1.0)
    assert len(simplify(start, sample)) == 3


def test_filters_take_on_the_shapes_of_subunits():
    blocks = torch.zeros(2, SIDE, SIDE)
    blocks[0, 1:5, 1:3] = blocks[1, 3:7, 4:6] = 8**-0.5
    blocks = blocks.flatten(1)
    sample = sample_of(blocks.numpy(), np.ones(2), n=60_000)
    round_ones = filters_of(gaussians([(2.5, 1.5), (4.5, 4.5)], 1.2), sample)
    start = simplify(round_ones, sample)
    unseen = sample_of(blocks.numpy(), np.ones(2), n=60_000, seed=1)
    found = shape(start, sample, unseen)
    before, after = ((one.spatial() * blocks).sum(1).min() for one in (start, found))
    assert before < 0.93 and after > 0.97
    # A Gaussian that is right stays as it is.
    known = gaussians([(2, 2), (5, 5)])
    sample = sample_of(known.numpy(), np.ones(2), n=60_000)
    unseen = sample_of(known.numpy(), np.ones(2), n=60_000, seed=1)
    found = shape(simplify(filters_of(known, sample), sample), sample, unseen)
    assert (found.spatial() * known).sum(1).min() > 0.995


@pytest.mark.parametrize(("threshold", "exponent"), [(0.0, 1.0), (0.4, 1.5), (-0.4, 1.3)])
def test_the_gradient_of_free_shapes_is_that_of_differences(threshold, exponent):
    known = gaussians([(2, 2), (5, 5)])
    sample = sample_of(known.numpy(), np.ones(2), n=4000)
    start = simplify(filters_of(known, sample), sample)
    pooling = replace(start.pooling, threshold=threshold, exponent=exponent)
    start = replace(start, pooling=pooling)
    scaled = start.scaled()
    gradient, _ = shaping._gradient(start, shaping.Point.of(scaled, sample), sample)
    for direction in (scaled, torch.rand(scaled.shape, generator=torch.manual_seed(0)) - 0.5):
        losses = [
            shaping._loss(start, shaping.Point.of(scaled + step * direction, sample), sample)
            for step in (-1e-3, 1e-3)
        ]
        slope = (losses[1] - losses[0]) / 2e-3
        assert float((gradient * direction).sum()) == pytest.approx(slope, rel=0.02, abs=0.5)


def test_time_courses_are_found():
    known = gaussians([(2, 2), (5, 5)])
    courses = np.array([[0.8, 0.6], [0.6, -0.8]])
    sample = sample_of(known.numpy(), np.ones(2), courses=courses, n_functions=2)
    start = simplify(filters_of(known, sample), sample.leading())
    own = fit_courses(start, sample, OWN_SD)
    found = torch.einsum("kfp,kp->kf", own.image, known).numpy()
    assert np.allclose(found, courses, atol=0.06)
    sample = sample_of(known.numpy(), np.ones(2), courses=courses[:1].repeat(2, 0), n_functions=2)
    turn = common_course(simplify(filters_of(known, sample), sample.leading()), sample)
    assert np.allclose(turn @ turn.T, np.eye(2), atol=1e-5)
    assert np.allclose(turn[0], courses[0], atol=0.03)


def test_a_network_predicts_what_its_filters_do():
    movie, rng = noise(600), np.random.default_rng(0)
    region, basis = Window(1, 2, 5, 4), np.linalg.qr(rng.normal(size=(20, 2)))[0].T
    mean, sd = movie.mean_and_sd()
    image = torch.from_numpy(rng.normal(size=(3, 2, 20)).astype(np.float32))
    image /= image.flatten(1).norm(dim=1)[:, None, None]
    pooling = Pooling(np.array([1.0, 0.5, 2.0]), -1.0, 0.3, 1.6, 0.2)
    filters = Filters(image, pooling, (5, 4))
    network = Placing((SIDE, SIDE), region, basis, mean, sd, 30.0).network(filters, 5)
    newest = np.arange(19, 600)
    seen = filtering(movie, region, basis, mean, sd)(newest).float()
    sample = Sample(seen, torch.zeros(len(seen)), torch.ones(len(seen)))
    expected = 30 * filters.log_rate(sample).exp().numpy()
    assert network.weight.shape == (5, 20, SIDE, SIDE) and not network.readout[3:].any()
    assert np.allclose(network.predict(movie, newest), expected, rtol=0.01, atol=0.01)


def test_the_subunits_of_a_cell_are_found_and_no_others():
    cell, movie, responses = busy_cell(60_000)
    training = train(movie, responses, settings(**POSITIONS, halves=True), 0)
    for network in training.networks:
        used = network.readout[:, 0, 0] > 0
        _, cosine = match(cell.subunits, np.abs(network.weight).sum(1)[used])
        assert used.sum() == 4 and cosine.min() > 0.97
    assert (training.validation_loss[:, -1] <= training.validation_loss[:, 0]).all()
    assert training.film.shape == (len(training.step), len(training.network.weight), SIDE, SIDE)


def test_the_same_seed_gives_the_same_bits_and_another_nearly_the_same():
    _, movie, responses = busy_cell(20_000)
    one, again, other = (train(movie, responses, settings(**POSITIONS), s) for s in (0, 0, 1))
    assert np.array_equal(one.network.weight, again.network.weight)
    assert one.validation_loss[0, -1] == pytest.approx(other.validation_loss[0, -1], abs=0.02)


@pytest.mark.parametrize("seed", range(3))
def test_spikes_without_a_stimulus_have_no_filter(seed):
    movie, rng = noise(30_000, seed), np.random.default_rng(seed)
    counts = rng.poisson(0.1, (1, 30_000))
    training = train(movie, Responses(counts, np.zeros(1, int), 30.0), settings(**POSITIONS), seed)
    assert not training.network.readout.any()
    rate = training.network.predict(movie, np.arange(19, 100))
    assert np.allclose(rate, 3, rtol=0.1)
    assert np.isnan(training.validation_correlation[0, -1])


def test_a_course_that_loses_its_last_filter_ends_without_one(monkeypatch):
    best_grid = course.best_grid
    monkeypatch.setattr(course, "best_grid", lambda *given: best_grid(*given).keeping(np.arange(0)))
    _, movie, responses = busy_cell(5000)
    training = train(movie, responses, settings(**POSITIONS), 0)
    assert not training.network.readout.any() and np.isfinite(training.validation_loss).all()


def test_a_cell_of_one_filter_has_one():
    movie, rng = noise(30_000), np.random.default_rng(0)
    known = gaussians([(3.5, 3.5)], 1.4).numpy().reshape(1, SIDE, SIDE)
    seen = project(movie, np.ones((1, 1)))[..., 0].astype(float).reshape(30_000, -1)
    rate = 0.2 * np.maximum(4 * seen @ known.ravel() - 1, 0)
    responses = Responses(rng.poisson(rate)[None], np.zeros(1, int), 30.0)
    network = train(movie, responses, settings(**POSITIONS), 0).network
    used = network.readout[:, 0, 0] > 0
    assert used.sum() == 1
    assert match(known, np.abs(network.weight).sum(1)[used])[1][0] > 0.98


def test_both_polarities_are_found_in_one_cell():
    movie, rng = noise(60_000), np.random.default_rng(0)
    known = gaussians([(2, 2), (5, 2), (2, 5), (5, 5)]).numpy() * [[1], [-1], [1], [-1]]
    seen = project(movie, np.ones((1, 1)))[..., 0].astype(float).reshape(60_000, -1)
    total = np.maximum(seen @ known.T, 0).sum(1)
    rate = np.maximum(total - total.mean() - total.std() / 2, 0)
    responses = Responses(rng.poisson(rate)[None], np.zeros(1, int), 30.0)
    network = train(movie, responses, settings(**POSITIONS), 0).network
    used = network.readout[:, 0, 0] > 0
    profile = network.weight[used, 0].reshape(used.sum(), -1)
    cosine = known @ (profile / np.linalg.norm(profile, axis=1, keepdims=True)).T
    assert used.sum() == 4 and cosine.max(1).min() > 0.97
