"""Gains of blocks of trials against the drift that made the counts."""

import numpy as np
import pytest
from scipy.stats import gamma, poisson

from finefield.responses.drift import block_gain

N_TRIALS, FRAMES = 40, 500
DRIFTS = {
    "none": np.ones(N_TRIALS),
    "step": np.repeat([4 / 3, 2 / 3], N_TRIALS // 2),
    "line": np.linspace(0.4, 1.6, N_TRIALS),
}


def drifting(gain, seed, mean=0.2):
    """Counts (sample,) of a drifting cell, their trials, and which are known."""
    rng = np.random.default_rng(seed)
    trial = np.repeat(np.arange(len(gain)), FRAMES)
    count = rng.poisson(mean * gain[trial]).astype(np.float32)
    return count, trial, rng.random(count.size) < 0.9


@pytest.mark.parametrize("drift", DRIFTS)
@pytest.mark.parametrize("block", [1, 5, 10])
def test_a_known_drift_is_recovered_within_the_noise_of_the_counts(drift, block):
    true = DRIFTS[drift].reshape(-1, block).mean(1)  # the mean of a line over a block's trials
    expected = 0.9 * 0.2 * FRAMES * block
    scores = []
    for seed in range(30):
        found = block_gain(*drifting(DRIFTS[drift], seed), block)
        assert found.shape == (N_TRIALS,)
        blocks = found.reshape(-1, block)
        assert (blocks == blocks[:, :1]).all()
        # Counts have a variance of gain x expected; 20 prior spikes pull towards 1.
        mean = (expected * true + 20) / (expected + 20)
        scores.append((blocks[:, 0] - mean) / (np.sqrt(true * expected) / (expected + 20)))
    scores = np.array(scores)
    assert np.abs(scores).max() < 4.5
    # The mean over all blocks is 1, which takes a degree of freedom.
    assert np.mean(scores**2) == pytest.approx(1 - block / N_TRIALS, abs=0.25)


@pytest.mark.parametrize(("spikes", "prior"), [(0, 20), (37, 20), (400, 5)])
def test_a_gain_is_the_mean_of_its_posterior(spikes, prior):
    """Integrated on a grid: a Gamma prior of mean 1, and the likelihood of the block's counts."""
    rng = np.random.default_rng(0)
    trial = np.repeat([0, 1], 1000)
    count = np.concatenate([np.zeros(1000), rng.poisson(0.1, 1000)])
    count[rng.permutation(1000)[:spikes]] = 1
    found = block_gain(count, trial, np.ones(2000, bool), 1, prior)[0]
    gain = np.linspace(1e-6, 20, 400_001)
    likely = poisson.logpmf(spikes, gain * 1000 * count.mean()) + gamma.logpdf(
        gain, prior, scale=1 / prior
    )
    weight = np.exp(likely - likely.max())
    assert found == pytest.approx((weight @ gain) / weight.sum(), rel=1e-4)


def test_no_blocks_give_ones():
    count, trial, known = drifting(DRIFTS["step"], 0)
    assert block_gain(count, trial, known, 0).tolist() == [1.0] * N_TRIALS


def test_a_single_trial_has_a_gain_of_one():
    count, trial, known = drifting(np.ones(1), 0)
    assert block_gain(count, trial, known, 10) == pytest.approx(1)


def test_samples_that_may_not_be_used_do_not_matter():
    count, trial, known = drifting(DRIFTS["line"], 0)
    before = block_gain(count, trial, known, 5)
    assert np.array_equal(block_gain(np.where(known, count, 99), trial, known, 5), before)
    count[np.flatnonzero(known)[0]] += 99
    assert block_gain(count, trial, known, 5)[0] > before[0]


def test_a_silent_block_is_pulled_up_by_the_prior():
    count, trial, known = drifting(DRIFTS["none"], 0)
    count[trial < 10] = 0
    found = block_gain(count, trial, known, 10)
    expected = known[trial < 10].sum() * count[known].mean()
    assert found[:10] == pytest.approx(np.full(10, 20 / (20 + expected)))
    assert 0 < found[0] < 0.1 and (found[10:] > 1.2).all()


def test_a_block_of_unknown_samples_alone_has_a_gain_of_one():
    count, trial, known = drifting(DRIFTS["line"], 0)
    assert block_gain(count, trial, known & (trial >= 10), 10)[:10].tolist() == [1.0] * 10


def test_a_last_block_may_be_shorter():
    gain = np.repeat([1.5, 0.5, 1.0], [10, 10, 5])
    found = block_gain(*drifting(gain, 0, mean=2.0), 10)
    assert found.shape == (25,) and len(set(found[20:])) == 1
    # About 900 expected spikes a trial.
    assert np.allclose(found, gain, atol=4 * np.sqrt(1.5 / 4500) + 0.005)


def test_the_networks_rates_stay_right_on_average():
    count, trial, known = drifting(DRIFTS["step"], 1)
    found = block_gain(count, trial, known, 10, prior_spikes=0)
    per_sample = found[trial[known]] * count[known].mean()
    assert per_sample.sum() == pytest.approx(count[known].sum())


def test_pieces_of_trials_form_blocks_as_long_as_those_of_whole_trials():
    """The first twenty trials are each in five pieces."""
    whole = np.arange(N_TRIALS) >= 20
    lengths = np.concatenate([np.full(100, 100), np.full(20, FRAMES)])
    count, trial, known = drifting(DRIFTS["step"], 0)
    piece = np.where(whole[trial], trial + 80, np.arange(count.size) // 100)
    found = block_gain(count, piece, known, 10, lengths=lengths)
    expected = block_gain(count, trial, known, 10)
    assert found[:100] == pytest.approx(expected[:20].repeat(5))
    assert found[100:] == pytest.approx(expected[20:])
