"""Halves and bootstraps: which samples count for which start."""

import numpy as np
import pytest

from finefield.base.errors import CellError
from finefield.networks.settings import Starts
from finefield.networks.training.resampling import shares
from finefield.responses.samples import TrainingData, spread_blocks

SETTINGS = Starts(seeds=2, halves=True, bootstraps=30)


def data(n_samples=100_000):
    count = np.ones(n_samples, np.float32)
    index = np.arange(n_samples)
    return TrainingData(index, count, index * 0, spread_blocks(n_samples, 0.1))


def share(**changes):
    known, settings = data(), SETTINGS.changed(**changes)
    return known, shares(known, settings, np.random.default_rng(0))


def test_seeds_see_all_samples_alike():
    _, share_ = share(halves=False, bootstraps=0)
    assert share_.shape == (100_000, 2) and (share_ == 1).all()


def test_halves_share_no_sample_and_miss_none():
    known, share_ = share(bootstraps=0)
    first, second = share_[:, 2], share_[:, 3]
    assert np.array_equal(first > 0, second == 0)
    for part in (known.held_out, ~known.held_out):
        assert (first[part] > 0).mean() == pytest.approx(0.5, abs=0.02)
        assert first[part].mean() == pytest.approx(1) and second[part].mean() == pytest.approx(1)


def test_halves_are_whole_blocks():
    known, share_ = share(bootstraps=0)
    training = share_[~known.held_out, 2] > 0
    changes = np.flatnonzero(np.diff(training.astype(int))) + 1
    assert (changes % 500 == 0).all() and len(changes) > 100


def test_bootstraps_draw_blocks_as_poisson_counts():
    known, share_ = share(halves=False)
    drawn = share_[~known.held_out, 2:].reshape(-1, 500, 30)
    assert (drawn == drawn[:, :1]).all()
    counts = drawn[:, 0]
    # 180 blocks, 30 draws: a Poisson number of mean 1 is 0 in 36.8% of them, and has variance 1.
    assert (counts == 0).mean() == pytest.approx(np.exp(-1), abs=0.03)
    assert counts.var() == pytest.approx(1, abs=0.1)
    assert np.corrcoef(counts[:, 0], counts[:, 1])[0, 1] == pytest.approx(0, abs=0.25)
    assert (share_[known.held_out, 2:] == 1).all()


def test_the_number_of_starts():
    assert SETTINGS.n_starts == {"seeds": 2, "halves": 2, "bootstraps": 30}
    assert shares(data(2000), SETTINGS, np.random.default_rng(0)).shape == (2000, 34)


def test_bootstraps_change_no_other_start():
    rng, other = np.random.default_rng(0), np.random.default_rng(0)
    with_bootstraps = shares(data(), SETTINGS, rng)
    assert np.array_equal(
        with_bootstraps[:, :4], shares(data(), SETTINGS.changed(bootstraps=0), rng)
    )
    assert rng.random() == other.random()


def test_halves_of_short_responses_have_spikes_of_both_parts():
    """Validation samples would fill less than one block."""
    found = shares(data(4000), SETTINGS, np.random.default_rng(0))
    held_out = data(4000).held_out
    assert held_out.sum() < 500
    assert (found[held_out].sum(0) > 0).all() and (found[~held_out].sum(0) > 0).all()


def test_a_half_without_a_spike_is_refused_by_name():
    known = data(4000)
    known.count[known.held_out] = 0
    known.count[np.flatnonzero(known.held_out)[:3]] = 1
    with pytest.raises(CellError, match="one of the halves: got no spike"):
        shares(known, SETTINGS, np.random.default_rng(0))
