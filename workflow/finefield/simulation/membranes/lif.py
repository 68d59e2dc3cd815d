"""A leaky integrate-and-fire cell, solved exactly between the samples of its input."""

import numpy as np

from finefield.base.compiling import compiled
from finefield.simulation.mechanisms import Membrane


class LifCell:
    """Cells of one kind that are driven by conductances.

    Parameters
    ----------
    membrane : Membrane
        Threshold, leak and reversal potentials; the capacitance is 1 uF/cm2.
    sample : float
        Duration of a sample [ms].

    Notes
    -----
    Input is constant within a sample, so that the potential is an exponential and the time at which
    it meets the threshold a logarithm: there is no step of integration. Dayan and Abbott 2001,
    Theoretical neuroscience, sec. 5.4.
    """

    def __init__(self, membrane: Membrane, sample: float):
        membrane = membrane.of("lif")
        own = membrane.lif
        #: Time between values of the potential [ms].
        self.step = sample
        potentials = membrane.excitation_reversal, membrane.inhibition_reversal
        leak = membrane.leak, membrane.leak_reversal
        spiking = own.threshold, own.reset, own.refractory
        self._numbers = np.array([*leak, *potentials, *spiking, sample])
        #: State of a cell without input: potential, and what is left of the refractory time.
        self.rest = np.array([membrane.leak_reversal, 0.0])

    def run(
        self,
        excitation: np.ndarray,
        inhibition: np.ndarray,
        current: np.ndarray,
        state: np.ndarray,
        n_kept: int = 0,
    ) -> tuple[np.ndarray, np.ndarray]:
        """Solve one cell; parameters and results as for `FohlmeisterMillerCell.run`."""
        inputs, kept = (excitation, inhibition, current), np.empty(n_kept)
        begin, times = state.copy(), np.empty(len(current) + 1)
        n = compiled(_run)(*inputs, state, self._numbers, times, kept)
        if n > len(times):
            # Several spikes a sample: once more, with room for them.
            state[:], times = begin, np.empty(n)
            compiled(_run)(*inputs, state, self._numbers, times, kept)
        return times[:n].copy(), kept


def _run(excitation, inhibition, current, state, numbers, times, kept):
    """As `LifCell.run`; the number of spikes, of which those that fit are in `times`."""
    leak, leak_reversal, excited, inhibited, threshold, reset, refractory, duration = numbers
    v, pause = state
    found = 0
    for sample in range(len(current)):
        total = leak + excitation[sample] + inhibition[sample]
        target = leak * leak_reversal + excited * excitation[sample]
        target = (target + inhibited * inhibition[sample] + current[sample]) / total
        left = duration
        while left > 0:
            held = min(pause, left)
            pause -= held
            left -= held
            until = np.inf
            if target > threshold:
                until = max(0.0, np.log((target - v) / (target - threshold)) / total)
            if until >= left:
                v = target + (v - target) * np.exp(-left * total)
                break
            left -= until
            if found < len(times):
                times[found] = (sample + 1) * duration - left
            found += 1
            v, pause = reset, refractory
        if sample < len(kept):
            kept[sample] = v
    state[:] = v, pause
    return found
