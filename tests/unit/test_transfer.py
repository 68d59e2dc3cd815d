"""Transfer between identical cells at different places, and aligned windows."""

import numpy as np
import pytest
from test_network import network

from finefield.responses import Responses
from finefield.scores import correlation
from finefield.stimulus import BinaryStimulus, Window
from finefield.transfer import aligned_window, zero_shot


@pytest.mark.parametrize("target", [Window(0, 0, 9, 8), Window(5, 9, 9, 8), Window(11, 12, 9, 8)])
def test_a_copy_of_the_cell_elsewhere_is_predicted_as_well(target):
    field = BinaryStimulus.from_frames(np.random.default_rng(0).integers(0, 2, (300, 20, 20)))
    net = network(np.random.default_rng(1))
    rate = net.predict(field.crop(target), np.arange(300))
    counts = np.random.default_rng(2).poisson(np.tile(rate, (50, 1)))
    responses = Responses(counts, np.zeros(50, int), 30.0)
    expected = correlation(rate[net.lags - 1 :], counts.mean(0)[net.lags - 1 :])
    assert zero_shot(net, target, field, responses) == pytest.approx(expected)
    assert expected > 0.9


def test_windows_share_their_centre_where_the_field_allows():
    assert aligned_window(Window(4, 4, 8, 8), 4, 4, (20, 20)) == Window(6, 6, 4, 4)
    assert aligned_window(Window(0, 16, 4, 4), 8, 8, (20, 20)) == Window(0, 12, 8, 8)
