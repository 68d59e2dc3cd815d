"""Spiking membranes against closed forms, an independent solver, and the published cell."""

from itertools import pairwise

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from finefield.simulation.mechanisms import Membrane
from finefield.simulation.membranes.fohlmeister_miller import FohlmeisterMillerCell
from finefield.simulation.membranes.lif import LifCell

#: Spikes per second of the published cell at constant currents [uA/cm2].
PUBLISHED = {0.5: 10, 1: 20, 2: 58, 3: 90, 5: 136, 10: 202}


def salamander(step, sample=1.0):
    return FohlmeisterMillerCell(Membrane(fohlmeister_miller={"step": step}), sample)


def driven(cell, current, n_samples, n_kept=0):
    """Spike times [ms] and potential of a cell at rest that gets a constant current."""
    none = np.zeros(n_samples, np.float32)
    return cell.run(none, none, none + np.float32(current), cell.rest.copy(), n_kept)


@pytest.mark.parametrize("step", [0.05, 0.025])
def test_the_salamander_cell_rests_and_fires_as_published(step):
    cell = salamander(step)
    assert cell.rest[0] == pytest.approx(-61.7, abs=0.05)
    for current, rate in PUBLISHED.items():
        times, potential = driven(cell, current, 1000, n_kept=20_000)
        assert abs(len(times) - rate) <= 2
        assert 20 < potential.max() < 40


def test_rates_hardly_change_with_half_the_step():
    for current in PUBLISHED:
        once, twice = (
            len(driven(salamander(step), current, 2000)[0]) / 2 for step in (0.05, 0.025)
        )
        assert abs(once - twice) <= 1


def test_the_error_falls_with_the_square_of_the_step():
    steps = 0.1, 0.05, 0.025
    exact = driven(salamander(0.002), 2.0, 60)[0]
    assert len(exact) >= 3
    errors = [np.abs(driven(salamander(step), 2.0, 60)[0] - exact).max() for step in steps]
    assert all(3 < coarse / fine < 5.5 for coarse, fine in pairwise(errors))


def published_equations(current):
    """The equations of Fohlmeister and Miller 1997 as printed, for scipy."""

    def over(factor, above):
        return factor * above / (np.exp(-0.1 * above) - 1)

    def change(_, state):
        v, m, h, c, n, a, b, inside = state
        nernst = 8.314 * 295.15 / (2 * 96485.33) * 1000 * np.log(1.8 / inside)
        calcium = 2.2 * c**3 * (v - nernst)
        opened = (inside / 0.001) ** 2
        total = (
            50 * m**3 * h * (v - 35)
            + calcium
            + (12 * n**4 + 36 * a**3 * b + 0.05 * opened / (1 + opened)) * (v + 75)
            + 0.05 * (v + 62)
        )
        gates = [
            (m, over(-0.6, v + 30), 20 * np.exp(-(v + 55) / 18)),
            (h, 0.4 * np.exp(-(v + 50) / 20), 6 / (1 + np.exp(-0.1 * (v + 20)))),
            (c, over(-0.3, v + 13), 10 * np.exp(-(v + 38) / 18)),
            (n, over(-0.02, v + 40), 0.4 * np.exp(-(v + 50) / 80)),
            (a, over(-0.006, v + 90), 0.1 * np.exp(-(v + 30) / 10)),
            (b, 0.04 * np.exp(-(v + 70) / 20), 0.6 / (1 + np.exp(-0.1 * (v + 40)))),
        ]
        # uA/cm2 into a sphere of 12.5 um: surface over volume is 3 / radius.
        influx = -calcium * 1e-6 * 3 / 12.5e-4 / (2 * 96485.33) * 1e6 / 1e3
        changes = [opening * (1 - gate) - closing * gate for gate, opening, closing in gates]
        return [current - total, *changes, influx - (inside - 1e-4) / 50]

    return change


def test_a_trace_of_200_ms_is_that_of_an_independent_solver():
    cell = salamander(0.01)
    start = cell.rest.copy()
    times, potential = driven(cell, 2.0, 200, n_kept=20_000)
    exact = solve_ivp(
        published_equations(2.0), (0, 200), start[:8], "LSODA", rtol=1e-9, atol=1e-11,
        t_eval=np.arange(1, 20_001) / 100, events=[spike],
    )  # fmt: skip
    expected = exact.t_events[0]
    assert len(times) == len(expected) >= 10
    assert np.abs(times - expected).max() < 0.05
    apart = np.abs(potential - exact.y[0])
    assert np.median(apart) < 0.05


def spike(_, state):
    return state[0] + 10


spike.direction = 1


def test_a_leaky_membrane_fires_at_the_rate_of_its_closed_form():
    membrane = Membrane(lif={"threshold": -50, "reset": -65, "refractory": 3})
    for current in (1.6, 2.0, 5.0, 30.0):
        times, _ = driven(LifCell(membrane, 1.96), current, 5000)
        interval = 3 + 10 * np.log((current / 0.1) / (current / 0.1 - 15))
        assert np.allclose(np.diff(times), interval)
    assert not len(driven(LifCell(membrane, 1.96), 1.49, 5000)[0])


def test_conductances_pull_a_membrane_towards_their_reversal_potentials():
    membrane = Membrane(leak=0.1, leak_reversal=-65, excitation_reversal=0, inhibition_reversal=-70)
    n = 300
    excitation, inhibition = np.full(n, 0.02, np.float32), np.full(n, 0.1, np.float32)
    cell = LifCell(membrane, 2.0)
    none = np.zeros(n, np.float32)
    _, potential = cell.run(excitation, inhibition, none, cell.rest.copy(), n)
    assert potential[-1] == pytest.approx((0.1 * -65 + 0.1 * -70) / 0.22, abs=1e-3)
    total = 0.22 * 2.0
    assert potential[0] == pytest.approx(
        potential[-1] + (-65 - potential[-1]) * np.exp(-total), abs=1e-3
    )
