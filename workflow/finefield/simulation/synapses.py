"""What bipolar cells release: gain control and synaptic depression of their output."""

import numpy as np

from finefield.base.compiling import compiled
from finefield.simulation.mechanisms import Depression, GainControl

SECOND = 1000.0


class Synapses:
    """Synapses of bipolar cells that carry their state from block to block.

    Parameters
    ----------
    n_cells : int
        Number of bipolar cells.
    sample : float
        Duration of a sample [ms].
    gain_control, depression : GainControl, Depression or None
        Which mechanisms they have.

    Notes
    -----
    With output u, gain control gives y = u / (1 + v), where T dv/dt = s y - v (time constant T,
    strength s), a feedback as in Berry et al. 1999 (Nature 398:334). Depression gives p y, where
    dp/dt = (1 - p) / T - r y p (pool p, release r), the depletion of Tsodyks and Markram 1997
    (PNAS 94:719). Output is constant within a sample: y follows v by the midpoint rule, and p is
    the exact mean over the sample.
    """

    def __init__(
        self,
        n_cells: int,
        sample: float,
        gain_control: GainControl | None = None,
        depression: Depression | None = None,
    ):
        self._numbers = np.zeros(4)
        if gain_control:
            half = np.exp(-sample / gain_control.time_constant / 2)
            self._numbers[:2] = half, gain_control.strength
        if depression:
            release = depression.release * sample / SECOND
            self._numbers[2:] = sample / depression.time_constant, release
        self._state = np.stack([np.zeros(n_cells), np.ones(n_cells)])
        self._idle = gain_control is None and depression is None

    def release(self, output: np.ndarray) -> np.ndarray:
        """What is released (sample, bipolar cell), for an output of the same shape, 0 or more."""
        if self._idle:
            return output
        return compiled(_release)(np.ascontiguousarray(output), self._state, *self._numbers)


def _release(output, state, half, strength, refill, release):
    """As `Synapses.release`; the state (2, bipolar cell) is changed."""
    released = np.empty_like(output)
    for sample in range(output.shape[0]):
        for cell in range(output.shape[1]):
            average, pool, out = state[0, cell], state[1, cell], output[sample, cell]
            middle = half * average + (1 - half) * strength * out / (1 + average)
            out /= 1 + middle
            state[0, cell] = half * half * average + (1 - half * half) * strength * out
            if release > 0:
                speed = refill + release * out
                level, rest = refill / speed, np.exp(-speed)
                out *= level + (pool - level) * (1 - rest) / speed
                state[1, cell] = level + (pool - level) * rest
            released[sample, cell] = out
    return released
