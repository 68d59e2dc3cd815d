"""A salamander ganglion cell of one compartment (Fohlmeister and Miller 1997), integrated."""

import numpy as np

from finefield.base.compiling import compiled
from finefield.simulation.mechanisms import Membrane

#: Reversal potentials of sodium and potassium [mV].
SODIUM, POTASSIUM = 35.0, -75.0
#: Calcium outside, and inside at rest [mM]; inside, half of what opens its potassium channels [mM].
CALCIUM_OUTSIDE, CALCIUM_REST, CALCIUM_HALF = 1.8, 1e-4, 1e-3
#: R T / (2 F) at 22 °C [mV], and the time constant with which calcium is removed [ms].
NERNST, REMOVAL = 12.7168, 50.0
FARADAY = 96485.33  # [C/mol]
#: Potentials whose rates are tabulated: first and last [mV], and their number per mV.
LOWEST, HIGHEST, PER_MV = -120.0, 80.0, 10
#: A spike is an upward crossing of this potential [mV].
SPIKE = -10.0
#: Time without input after which the cell is at rest [ms].
SETTLING = 1000.0


def rates(potential: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Opening and closing rates of all gates.

    Parameters
    ----------
    potential : ndarray of float64, shape (potential,)
        Membrane potential [mV].

    Returns
    -------
    opening, closing : ndarray of float64, shape (potential, gate)
        Of the gates m, h (sodium), c (calcium), n (potassium), a and its inactivation [1/ms].

    Notes
    -----
    Fohlmeister and Miller 1997 (J. Neurophysiol. 78:1935), table 1, salamander at 22 °C.
    """
    v = np.asarray(potential, float)
    opening = [
        _linear(0.6, v + 30),
        0.4 * np.exp(-(v + 50) / 20),
        _linear(0.3, v + 13),
        _linear(0.02, v + 40),
        _linear(0.006, v + 90),
        0.04 * np.exp(-(v + 70) / 20),
    ]
    closing = [
        20 * np.exp(-(v + 55) / 18),
        6 / (1 + np.exp(-(v + 20) / 10)),
        10 * np.exp(-(v + 38) / 18),
        0.4 * np.exp(-(v + 50) / 80),
        0.1 * np.exp(-(v + 30) / 10),
        0.6 / (1 + np.exp(-(v + 40) / 10)),
    ]
    return np.stack(opening, 1), np.stack(closing, 1)


def _linear(slope: float, above: np.ndarray) -> np.ndarray:
    """slope * above / (1 - exp(-above / 10)), also where it is 0 / 0."""
    near = np.abs(above) < 1e-7
    return np.where(near, 10 * slope, slope * above / -np.expm1(-np.where(near, 1, above) / 10))


class FohlmeisterMillerCell:
    """Cells of one kind that are driven by conductances.

    Parameters
    ----------
    membrane : Membrane
        Channels, leak and reversal potentials.
    sample : float
        Duration of a sample [ms]; it is cut into steps of at most the membrane's.

    Notes
    -----
    Potential and gates are half a step apart. Each is solved exactly over a step, the other being
    constant: gates as by Rush and Larsen 1978 (IEEE Trans. Biomed. Eng. 25:389). Calcium, which
    changes slowly, is extrapolated by a step. The error falls with the square of the step.
    Rates are tabulated every 0.1 mV and interpolated.
    """

    def __init__(self, membrane: Membrane, sample: float):
        membrane = membrane.of("fohlmeister_miller")
        channels = membrane.fohlmeister_miller
        self.n_steps = int(np.ceil(sample / channels.step - 1e-9))
        #: Time between values of the potential [ms].
        self.step = sample / self.n_steps
        grid = LOWEST + np.arange(round((HIGHEST - LOWEST) * PER_MV) + 2) / PER_MV
        opening, closing = rates(grid)
        self._steady, keep = opening / (opening + closing), np.exp(-self.step * (opening + closing))
        kept_and_added = np.concatenate([keep, self._steady * (1 - keep)], 1)
        # Each row has the values and how much they change up to the next row.
        self._table = np.concatenate([kept_and_added[:-1], np.diff(kept_and_added, axis=0)], 1)
        names = "sodium", "calcium", "potassium", "a_type", "calcium_activated"
        # A current through the surface of a sphere fills its volume: 3 / radius [1/cm], and mM/ms
        # are 1e-6 (uA) 1e3 (cm3 to l) 1e3 (mM) 1e-3 (s to ms) mol.
        influx = 3 / (channels.radius * 1e-4) / (2 * FARADAY) * 1e-3
        self._numbers = np.array(
            [
                *(getattr(channels, name) for name in names),
                *(membrane.leak, membrane.leak_reversal),
                *(membrane.excitation_reversal, membrane.inhibition_reversal),
                *(influx * REMOVAL, np.exp(-self.step / REMOVAL), self.step),
            ]
        )
        self.rest = self._at_rest(membrane.leak_reversal)

    def _at_rest(self, potential: float) -> np.ndarray:
        """State without input: potential, six gates, calcium, its reversal a step before."""
        row = round((potential - LOWEST) * PER_MV)
        reversal = NERNST * np.log(CALCIUM_OUTSIDE / CALCIUM_REST)
        state = np.array([potential, *self._steady[row], CALCIUM_REST, reversal])
        none = np.zeros(int(np.ceil(SETTLING / (self.step * self.n_steps))), np.float32)
        self.run(none, none, none, state)
        return state

    def run(
        self,
        excitation: np.ndarray,
        inhibition: np.ndarray,
        current: np.ndarray,
        state: np.ndarray,
        n_kept: int = 0,
    ) -> tuple[np.ndarray, np.ndarray]:
        """Integrate one cell.

        Parameters
        ----------
        excitation, inhibition : ndarray of float32, shape (sample,)
            Conductances [mS/cm2].
        current : ndarray of float32, shape (sample,)
            Current into the cell [uA/cm2].
        state : ndarray of float64, shape (9,)
            Where it begins, such as a copy of `rest`; where it ends afterwards.
        n_kept : int
            Number of steps after which the potential is kept.

        Returns
        -------
        times : ndarray of float64, shape (spike,)
            Times of the spikes [ms].
        potential : ndarray of float64, shape (kept,)
            Membrane potential [mV].
        """
        # No two spikes lie within a millisecond.
        times = np.empty(int(len(current) * self.n_steps * self.step) + 1)
        kept = np.empty(n_kept)
        inputs = excitation, inhibition, current
        n = compiled(_run)(*inputs, state, self._table, self._numbers, self.n_steps, times, kept)
        return times[:n].copy(), kept


def _run(excitation, inhibition, current, state, table, numbers, n_steps, times, kept):
    """As `FohlmeisterMillerCell.run`; the number of spikes."""
    sodium, calcium, potassium, a_type, activated, leak, leak_reversal = numbers[:7]
    excited, inhibited, influx, keep, step = numbers[7:]
    v, m, h, c, n, a, b, inside, before = state
    reversal = NERNST * np.log(CALCIUM_OUTSIDE / inside)
    opened = (inside / CALCIUM_HALF) ** 2
    bound = bound_before = activated * opened / (1 + opened)
    last, found = len(table) - 1, 0
    for sample in range(len(current)):
        outer = leak + excitation[sample] + inhibition[sample]
        drawn = leak * leak_reversal + excited * excitation[sample]
        drawn += inhibited * inhibition[sample] + current[sample]
        for one in range(n_steps):
            place = (v - LOWEST) * PER_MV
            row = min(max(int(place), 0), last)
            high = place - row
            at = table[row]
            m = m * (at[0] + high * at[12]) + at[6] + high * at[18]
            h = h * (at[1] + high * at[13]) + at[7] + high * at[19]
            old = c
            c = c * (at[2] + high * at[14]) + at[8] + high * at[20]
            n = n * (at[3] + high * at[15]) + at[9] + high * at[21]
            a = a * (at[4] + high * at[16]) + at[10] + high * at[22]
            b = b * (at[5] + high * at[17]) + at[11] + high * at[23]
            # With calcium extrapolated, the potential does not wait for the logarithm.
            ahead = reversal + (reversal - before)
            by_sodium = sodium * m**3 * h
            by_calcium = calcium * c**3
            by_potassium = potassium * n**4 + a_type * a**3 * b + bound + (bound - bound_before)
            total = outer + by_sodium + by_calcium + by_potassium
            target = drawn + SODIUM * by_sodium + ahead * by_calcium + POTASSIUM * by_potassium
            target /= total
            new = target + (v - target) * np.exp(-step * total)
            middle = (c + old) / 2
            inward = calcium * middle**3 * (v - 1.5 * reversal + 0.5 * before)
            inside = CALCIUM_REST + (inside - CALCIUM_REST) * keep - influx * inward * (1 - keep)
            inside = max(inside, 1e-6)
            before, reversal = reversal, NERNST * np.log(CALCIUM_OUTSIDE / inside)
            opened = (inside / CALCIUM_HALF) ** 2
            bound_before, bound = bound, activated * opened / (1 + opened)
            if v < SPIKE <= new:
                times[found] = (sample * n_steps + one + (SPIKE - v) / (new - v)) * step
                found += 1
            v = new
            if sample * n_steps + one < len(kept):
                kept[sample * n_steps + one] = v
    state[:] = v, m, h, c, n, a, b, inside, before
    return found
