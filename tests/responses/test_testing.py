"""What predictions are tested on: kept apart from training to the last frame, and scored."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import pearsonr, poisson

from finefield.responses.responses import Responses
from finefield.responses.scores import bits_per_spike, single_correlation
from finefield.responses.testing import CellTest, with_test
from finefield.stimuli.movie import BinaryStimulus

LAGS = 5


def histories(responses):
    """Stimulus frames that the samples of responses are predicted from, each sample's a set."""
    return [set(range(newest + 1 - LAGS, newest + 1)) for newest in responses.samples(LAGS)[0]]


@settings(max_examples=30, deadline=None)
@given(
    lengths=st.lists(st.integers(1, 900), min_size=1, max_size=6),
    repeated=st.booleans(),
    fraction=st.sampled_from([None, 0.1, 0.25, 0.5]),
    delay=st.integers(0, 2),
)
def test_no_frame_of_a_test_is_seen_in_training(lengths, repeated, fraction, delay):
    first = np.zeros(len(lengths), int) if repeated else np.cumsum([0, *lengths[:-1]])
    count = np.random.default_rng(0).poisson(1, (len(lengths), max(lengths)))
    whole = Responses(count, first, 30.0, delay, np.array(lengths))
    found = with_test({"running": whole}, fraction)
    training, tested = (histories(found[name]) for name in ("running", "blocks"))
    assert not set().union(*training) & set().union(*tested)
    # Every response is in one part or in neither, at a border; none is in both or changed.
    parts = [dict(zip(*found[name].samples(1), strict=True)) for name in ("running", "blocks")]
    if not repeated:
        every = dict(zip(*whole.samples(1), strict=True))
        assert parts[0].items() | parts[1].items() <= every.items()
    assert not parts[0].keys() & parts[1].keys()


def test_a_tenth_is_kept_in_blocks_over_the_whole_recording():
    cell = Responses(np.ones((1, 100_000), int), np.zeros(1, int), 30.0)
    blocks = with_test({"running": cell}, None)["blocks"]
    assert blocks.n_frames.sum() == 10_000 and set(blocks.n_frames) == {500}
    assert np.ptp(np.diff(blocks.first_frame)) <= 500


def test_nothing_is_kept_where_repeats_test_unless_asked_for():
    cell = Responses(np.ones((1, 5000), int), np.zeros(1, int), 30.0)
    found = with_test({"running": cell, "frozen": cell}, None)
    assert found["running"] is cell and "blocks" not in found
    asked = with_test({"running": cell, "frozen": cell}, 0.2)
    assert asked["frozen"] is cell and asked["blocks"].n_frames.sum() == 1000


@pytest.fixture
def drawn():
    rng = np.random.default_rng(1)
    rate = rng.gamma(1, 0.5, 300)
    return rate, rng.poisson(rate, (7, 300))


def test_bits_per_spike_are_those_of_poisson_likelihoods(drawn):
    rate, counts = drawn
    for predicted in (rate, 3 * rate, rate[::-1]):
        gain = poisson.logpmf(counts, np.maximum(predicted, 1 / 300)).sum()
        gain -= poisson.logpmf(counts, counts.mean()).sum()
        expected = gain / np.log(2) / counts.sum()
        assert bits_per_spike(predicted, counts) == pytest.approx(expected)
    assert bits_per_spike(rate[::-1], counts) < 0 < bits_per_spike(rate, counts)
    assert np.isnan(bits_per_spike(rate, np.zeros((2, 300))))


def test_a_spike_where_none_is_predicted_costs_bits_but_not_all(drawn):
    _, counts = drawn
    assert np.isfinite(bits_per_spike(np.zeros(300), counts))


def test_single_counts_are_compared_trial_by_trial(drawn):
    rate, counts = drawn
    expected = pearsonr(np.concatenate(len(counts) * [rate]), counts.ravel()).statistic
    assert single_correlation(rate, counts) == pytest.approx(expected)


def test_blocks_beside_repeats_give_the_scores_of_single_counts(drawn):
    rate, counts = drawn
    movie = BinaryStimulus.from_frames(np.zeros((300, 1, 1)))
    frame = np.arange(300)
    repeats = CellTest(movie, frame, frame, counts, 1.0)
    one = CellTest(movie, frame, frame, counts[:1], 1.0, "blocks")
    both = CellTest(movie, frame, frame, counts, 1.0, blocks=one)

    def model(stimulus, newest):
        return rate[newest]

    alone, mixed, blocks = (test.score(model) for test in (repeats, both, one))
    assert mixed.correlation == alone.correlation
    assert mixed.single_correlation == blocks.single_correlation == blocks.correlation
    assert mixed.bits_per_spike == blocks.bits_per_spike != alone.bits_per_spike
    assert np.isnan(one.noise_ceiling) and alone.correlation > alone.single_correlation
