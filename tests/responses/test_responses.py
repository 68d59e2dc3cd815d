"""Which stimulus frames a response may be predicted from."""

import numpy as np

from finefield.responses.responses import Responses
from finefield.responses.testing import CellTest
from finefield.stimuli.movie import BinaryStimulus


def test_history_stays_inside_a_trial():
    counts = np.arange(2 * 30).reshape(2, 30)
    cell = Responses(counts, first_frame=np.array([0, 30]), frame_rate=30.0, delay=1)
    newest, count = cell.samples(lags=20)
    # Response t of trial k uses the stimulus frames [30 k + t - 20, 30 k + t), so t is at least 20.
    expected = [(30 * k + t - 1, counts[k, t]) for k in range(2) for t in range(20, 30)]
    assert list(zip(newest, count, strict=True)) == expected


def test_repeats_of_a_frozen_sequence_share_their_frames():
    cell = Responses(np.arange(12).reshape(2, 6), np.zeros(2, int), 30.0)
    newest, counts = cell.frozen(lags=3)
    assert newest.tolist() == [2, 3, 4, 5]
    assert counts.tolist() == [[2, 3, 4, 5], [8, 9, 10, 11]]


def test_history_stays_inside_trials_of_different_lengths():
    """Each sample by hand: trial k shows frames from first[k] and ends after length[k]."""
    rng = np.random.default_rng(0)
    first, length, lags, delay = [0, 7, 40, 41], [7, 12, 1, 20], 4, 2
    counts = rng.integers(0, 5, (4, 20))
    cell = Responses(counts, np.array(first), 30.0, delay, np.array(length))
    newest, count = cell.samples(lags)
    expected = [
        (first[k] + t - delay, counts[k, t], k)
        for k in range(4)
        for t in range(length[k])
        if t - delay - (lags - 1) >= 0
    ]
    assert list(zip(newest, count, cell.trials(lags), strict=True)) == expected


def test_only_whole_repeats_of_a_frozen_sequence_count():
    """The second was cut short; the third, cut by a gap, is two pieces."""
    counts = np.arange(24).reshape(4, 6)
    cell = Responses(counts, np.array([0, 0, 0, 3]), 30.0, 0, np.array([6, 4, 2, 3]))
    newest, repeats = cell.frozen(lags=3)
    assert newest.tolist() == [2, 3, 4, 5]
    assert repeats.tolist() == [[2, 3, 4, 5]]


def test_a_frozen_sequence_shorter_than_the_history_tests_no_frame():
    movie = BinaryStimulus.from_frames(np.zeros((60, 1, 1)))
    test = CellTest.of(movie, Responses(np.ones((2, 5), int), np.zeros(2, int), 30.0), lags=9)
    assert test.frame.shape == test.newest.shape == test.measured.shape == (0,)


def test_a_repeat_that_begins_as_the_others_and_is_longest_counts_as_whole():
    """Each of two repeats of six frames was cut by a gap, at other places."""
    counts = np.arange(24).reshape(4, 6)
    cell = Responses(counts, np.array([0, 2, 0, 4]), 30.0, 0, np.array([1, 4, 3, 2]))
    newest, repeats = cell.frozen(lags=2)
    assert newest.tolist() == [1, 2] and repeats.tolist() == [[13, 14]]
