"""Dynamics fitted to a cell's spikes, part by part, as far as the validation data agree."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from finefield.base.compiling import compiled
from finefield.networks.dynamics import recursions
from finefield.networks.dynamics.model import Dynamics, begins
from finefield.networks.network import Network
from finefield.networks.scoring import Information, fisher_scoring
from finefield.responses.samples import TrainingData
from finefield.responses.scores import correlation
from finefield.stimuli.movie import Stimulus

#: Parameters: strengths of the three parts, each with the logarithm of its time constant [frame];
#: the weight of all drives, the offset, and the logarithm of the output's scale [spikes per frame].
INTEGRATION, LOG_INTEGRATION, GAIN_CONTROL, LOG_GAIN_CONTROL, FEEDBACK, LOG_FEEDBACK = range(6)
WEIGHT, OFFSET, LOG_SCALE = OUTPUT = range(6, 9)
STRENGTHS, LOG_FRAMES = slice(0, 6, 2), slice(1, 6, 2)
#: Parts that are tried one after the other. Gain control is in units of the mean drive.
PARTS = (
    [GAIN_CONTROL, LOG_GAIN_CONTROL],
    [INTEGRATION, LOG_INTEGRATION, GAIN_CONTROL, LOG_GAIN_CONTROL, FEEDBACK, LOG_FEEDBACK],
)
#: Time constants that are expected [s], of integration, gain control and feedback, and the SD of
#: their logarithms: of a membrane (tens of ms), of contrast gain control (Baccus and Meister 2002,
#: Neuron 36:909) and of refractoriness (Berry and Meister 1998, J. Neurosci. 18:2200).
SECONDS, LOG_SD = (0.03, 0.5, 0.05), 0.7
#: SD of the prior on each part's strength and on the log scale.
STRENGTH_SD, SCALE_SD = (1.0, 2.0, 3.0), 3.0
#: Where the fit starts from for parameters of 0, and the largest change of each in a step.
FIRST = np.array([0.0, 0.0, 0.3, 0.0, 0.3, 0.0, 0.0, 0.0, 0.0])
LARGEST = np.array([0.3, 0.5, 1.0, 0.5, 1.0, 0.5, np.inf, np.inf, np.inf])
#: Time constants at least and at most [frame].
SHORTEST, LONGEST = 0.3, 200.0
#: Samples that the fit sees at most; validation samples are beside them.
MOST_SAMPLES = 300_000
TINY = 1e-30

#: Training and validation loss a spike, and correlation on the validation data.
Scores = tuple[float, float, float]


@dataclass(frozen=True)
class Seen:
    """What the fit sees: consecutive samples.

    Attributes
    ----------
    first : ndarray of bool, shape (sample,)
        Where runs of consecutive frames begin.
    drives : ndarray, shape (sample,)
        Sum of the filters' drives [1].
    count, exposure : ndarray, shape (sample,)
        Spikes, and the drift of the cell's rate.
    weight : ndarray, shape (sample,)
        How often each sample counts; 0 for validation.
    held_out : ndarray of bool, shape (sample,)
        Validation samples.
    """

    first: np.ndarray
    drives: np.ndarray
    count: np.ndarray
    exposure: np.ndarray
    weight: np.ndarray
    held_out: np.ndarray

    @classmethod
    def of(
        cls, drives: np.ndarray, data: TrainingData, gain: np.ndarray, share: np.ndarray
    ) -> "Seen":
        """Of all samples; as for `with_dynamics`."""
        return cls(
            first=begins(data.newest),
            drives=np.ascontiguousarray(drives, float),
            count=data.count.astype(float),
            exposure=np.maximum(gain, TINY),
            weight=share * ~data.held_out,
            held_out=data.held_out,
        )

    def log_rates(self, parameters: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Logarithm of spikes per frame without the drift (sample,), derivatives (sample, 9)."""
        mean, bounded = max(self.drives.mean(), TINY), _bounded(parameters)
        return compiled(recursions.log_rates)(self.drives, self.first, mean, bounded)

    def loss(self, log_rate: np.ndarray, weight: np.ndarray) -> float:
        """Poisson loss a spike, without the term of the counts alone."""
        rate = np.exp(log_rate) * self.exposure
        loss = weight @ (rate - self.count * (log_rate + np.log(self.exposure)))
        return float(loss / (weight @ self.count))

    def scores(self, parameters: np.ndarray) -> Scores:
        """Scores of parameters (9,)."""
        (log_rate, _), part = self.log_rates(parameters), self.held_out
        train, validation = self.loss(log_rate, self.weight), self.loss(log_rate, part)
        rate = np.exp(log_rate[part]) * self.exposure[part]
        return train, validation, correlation(rate, self.count[part])


def with_dynamics(
    network: Network,
    stimulus: Stimulus,
    data: TrainingData,
    gain: np.ndarray,
    share: np.ndarray,
    frame_rate: float,
    least: float,
) -> tuple[Network, Scores, Scores]:
    """The network with those dynamics that lower its validation loss, and its scores.

    Parameters
    ----------
    network : Network
        A network without dynamics.
    stimulus, data : Stimulus, TrainingData
        What it was trained on.
    gain, share : ndarray, shape (sample,)
        Drift of the cell's rate, and how often each sample counts.
    frame_rate : float
        Frames per second [Hz].
    least : float
        Fall of the validation loss a spike for which a part is added.

    Returns
    -------
    network : Network
    before, after : tuple of float
        Scores without and with dynamics.
    """
    used = data.held_out | (np.cumsum(~data.held_out) <= MOST_SAMPLES)
    data = data.keeping(used)
    by_filter = network.drives(stimulus, data.newest)
    seen = Seen.of(by_filter.sum(1), data, gain[used], share[used])
    now = _first(network, frame_rate)
    before = scores = seen.scores(now)
    for parts in PARTS:
        found = fit(now, seen, parts, frame_rate)
        after = seen.scores(found)
        if scores[1] - after[1] > least:
            now, scores = found, after
    if now[STRENGTHS].any():
        network = _network(network, now, by_filter.mean(0), frame_rate)
    return network, before, scores


def fit(start: np.ndarray, seen: Seen, parts: Sequence[int], frame_rate: float) -> np.ndarray:
    """Fit the parameters (9,) of some parts, and those of the output."""
    free = [*parts, *OUTPUT]
    at = start.copy()
    at[free] = np.where(start == 0, FIRST, start)[free]
    prior, centre = np.zeros((2, len(at)))
    prior[STRENGTHS] = 1 / np.square(STRENGTH_SD)
    prior[LOG_FRAMES], centre[LOG_FRAMES] = LOG_SD**-2, _expected(frame_rate)
    prior[LOG_SCALE] = SCALE_SD**-2
    centre[LOG_SCALE] = np.log((seen.weight @ seen.count) / (seen.weight @ seen.exposure))
    bounded, spikes = np.isin(free, (GAIN_CONTROL, FEEDBACK, WEIGHT)), seen.weight @ seen.count

    def curvature(own: np.ndarray) -> tuple[float, np.ndarray, Information]:
        now = at.copy()
        now[free] = own
        log_rate, by_all = seen.log_rates(now)
        rate, by_all = seen.weight * np.exp(log_rate) * seen.exposure, by_all[:, free]
        deviation = (now - centre)[free]
        loss = spikes * seen.loss(log_rate, seen.weight) + prior[free] @ deviation**2 / 2
        gradient = (rate - seen.weight * seen.count) @ by_all + prior[free] * deviation
        whole = (by_all * rate[:, None]).T @ by_all + np.diag(prior[free])
        return loss, gradient, lambda chosen: whole[np.ix_(chosen, chosen)]

    at[free] = fisher_scoring(at[free], curvature, bounded, LARGEST[free], steps=15).parameters
    return at


def _expected(frame_rate: float) -> np.ndarray:
    """Logarithms of the time constants that are expected [frame]."""
    return np.log(np.multiply(SECONDS, frame_rate))


def _first(network: Network, frame_rate: float) -> np.ndarray:
    """Parameters without dynamics."""
    parts = np.column_stack([np.zeros(3), _expected(frame_rate)]).ravel()
    scale = np.log(network.rate_scale / frame_rate)
    return np.append(parts, [1.0, network.readout_offset, scale])


def _bounded(parameters: np.ndarray) -> np.ndarray:
    """Parameters whose time constants are not beyond their limits."""
    bounded = parameters.copy()
    bounded[LOG_FRAMES] = np.clip(bounded[LOG_FRAMES], *np.log([SHORTEST, LONGEST]))
    return bounded


def _dynamics(parameters: np.ndarray, mean: float) -> Dynamics:
    """The dynamics of parameters; gain control is in units of a mean drive."""
    strength, frames = parameters[STRENGTHS], np.exp(_bounded(parameters)[LOG_FRAMES])
    return Dynamics(
        integration=strength[0], integration_frames=frames[0],
        gain_control=strength[1] / mean, gain_control_frames=frames[1],
        feedback=strength[2], feedback_frames=frames[2],
    )  # fmt: skip


def _network(
    network: Network, parameters: np.ndarray, mean: np.ndarray, frame_rate: float
) -> Network:
    """The network with the dynamics of parameters; `mean` drives (filter,)."""
    weight, offset, log_scale = parameters[WEIGHT:]
    total = network.readout.sum((1, 2))
    output = np.divide(mean, total, out=np.zeros(len(mean)), where=total > 0)
    dynamics = _dynamics(parameters, max(mean.sum(), TINY))
    # The readout takes the weight of all drives, and so does what gain control sees.
    dynamics = replace(dynamics, gain_control=dynamics.gain_control / weight, mean_output=output)
    return replace(
        network,
        readout=network.readout * np.float32(weight),
        readout_offset=float(offset),
        rate_scale=float(np.exp(log_scale)) * frame_rate,
        dynamics=dynamics,
    )
