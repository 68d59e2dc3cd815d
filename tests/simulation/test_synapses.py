"""Gain control and depression of bipolar cells against closed forms and finely solved equations."""

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from finefield.simulation.mechanisms import Depression, GainControl
from finefield.simulation.synapses import Synapses

SAMPLE = 2.0


def steps_of_output():
    """Output of one bipolar cell: none, weak, strong and weak again, 300 ms each."""
    return np.repeat([0.0, 0.5, 3.0, 0.5], 150)[:, None]


def test_gain_control_follows_its_equation():
    own = GainControl(time_constant=80, strength=1.5)
    output = steps_of_output()

    def change(time, average):
        now = output[min(int(time / SAMPLE), len(output) - 1), 0]
        return (1.5 * now / (1 + average) - average) / 80

    middles = (np.arange(len(output)) + 0.5) * SAMPLE
    exact = solve_ivp(change, (0, middles[-1]), [0.0], t_eval=middles, max_step=0.5, rtol=1e-8)
    released = Synapses(1, SAMPLE, gain_control=own).release(output)[:, 0]
    assert np.allclose(released, output[:, 0] / (1 + exact.y[0]), atol=2e-3)


def test_gain_control_settles_where_its_equation_says():
    own = GainControl(time_constant=50, strength=2)
    released = Synapses(1, SAMPLE, gain_control=own).release(np.full((1000, 1), 3.0))
    assert released[-1, 0] == pytest.approx((-1 + np.sqrt(1 + 4 * 2 * 3)) / (2 * 2))


def test_depression_is_the_exponential_of_its_closed_form():
    own = Depression(time_constant=200, release=5)
    released = Synapses(1, SAMPLE, depression=own).release(np.full((500, 1), 2.0))[:, 0]
    speed = 1 / 200 + 5e-3 * 2
    level = (1 / 200) / speed
    edges = np.arange(501) * SAMPLE
    pool = np.diff(level * edges - (1 - level) / speed * np.exp(-speed * edges)) / SAMPLE
    assert np.allclose(released, 2 * pool)


def test_both_together_depress_what_gain_control_leaves():
    settings = GainControl(), Depression()
    output = steps_of_output()
    first = Synapses(1, SAMPLE, gain_control=settings[0]).release(output)
    then = Synapses(1, SAMPLE, depression=settings[1]).release(first)
    assert np.allclose(Synapses(1, SAMPLE, *settings).release(output), then)


def test_state_is_carried_from_block_to_block():
    output = np.random.default_rng(0).random((400, 3))
    whole = Synapses(3, SAMPLE, GainControl(), Depression()).release(output)
    parts = Synapses(3, SAMPLE, GainControl(), Depression())
    assert np.array_equal(
        np.concatenate([parts.release(output[:77]), parts.release(output[77:])]), whole
    )
