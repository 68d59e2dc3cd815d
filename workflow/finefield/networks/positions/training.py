"""Networks whose filters start from positions, for all starts of a training."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from scipy.optimize import linear_sum_assignment

from finefield.base.progress import Progress
from finefield.networks.dynamics.fitting import with_dynamics
from finefield.networks.network import Network
from finefield.networks.positions.course import LEAST_FALL, Stage, find
from finefield.networks.positions.draw import Drawn, View, draw, enough, filtering
from finefield.networks.positions.filters import Filters
from finefield.networks.positions.pooling import nats
from finefield.networks.positions.sample import Sample
from finefield.networks.settings import NetworkSettings
from finefield.networks.training.result import Training
from finefield.responses.samples import TrainingData
from finefield.stimuli.movie import Stimulus
from finefield.stimuli.window import Window


def train_positions(
    stimulus: Stimulus,
    data: TrainingData,
    gain: np.ndarray,
    share: np.ndarray,
    basis: np.ndarray,
    settings: NetworkSettings,
    frame_rate: float,
    rng: np.random.Generator,
) -> Training:
    """Find the filters of one cell, for each start.

    Parameters
    ----------
    stimulus : Stimulus
        Training sequence on the cell's crop.
    data, gain, share
        The cell's samples, drift of its rate (trial,), and how much each sample counts for each
        start (sample, start), as from `resampling.shares`.
    basis : ndarray, shape (function, lag)
        Temporal functions.
    settings : NetworkSettings
        The keys of ``models.<name>`` in the config.
    frame_rate : float
        Frames per second [Hz].
    rng : numpy.random.Generator
        Source of the silent samples.
    """
    mean, sd = stimulus.mean_and_sd()
    seen = enough(data, rng)
    few = data.keeping(seen)
    view = View.of(stimulus, few, basis[0], mean, sd)
    filtered = filtering(stimulus, view.region, basis, mean, sd)
    courses, curves = _all_starts(view, few, gain[few.trial], share[seen], filtered, settings, rng)
    placed = Placing(stimulus.shape[1:], view.region, basis, mean, sd, frame_rate)
    most = max(1, *(len(course[-1].filters) for course in courses))
    networks = [placed.network(course[-1].filters, most) for course in courses]
    for number, (network, curve) in enumerate(zip(networks, curves, strict=True)):
        before = after = [one[-1] for one in curve]
        if number < settings.seeds and courses[number][-1].filters:
            known = stimulus, data, gain[data.trial], share[:, number], frame_rate
            networks[number], before, after = with_dynamics(network, *known, LEAST_FALL)
        # Stages are scored on drawn samples, dynamics on all: the stages move to where these lie.
        for one, static, last in zip(curve, before, after, strict=True):
            one[:] = [score + static - one[-1] for score in one] + [last]
    return _training(networks, courses, curves, gain, placed.film, settings)


def _training(networks, courses, curves, gain, film, settings: NetworkSettings) -> Training:
    """The result of all starts; `film` makes the images of a course's stages."""
    train_loss, validation_loss, validation_correlation = np.array(curves).swapaxes(0, 1)
    selected = int(validation_loss[: settings.seeds, -1].argmin())
    n_stages = len(courses[0]) + 1
    return Training(
        networks=networks,
        n_starts=settings.n_starts,
        best_step=np.full(len(courses), n_stages),
        selected=selected,
        step=np.arange(1, n_stages + 1),
        train_loss=train_loss,
        validation_loss=validation_loss,
        validation_correlation=validation_correlation,
        # Dynamics leave filters as they are.
        film=film([*courses[selected], courses[selected][-1]], len(networks[0].weight)),
        gain=gain,
    )


def _all_starts(
    view: View, data: TrainingData, gain: np.ndarray, share: np.ndarray, filtered, settings, rng
) -> tuple[list[list[Stage]], list]:
    """The courses of all starts, and their curves; only seeds draw samples of their own."""
    kinds, rows, courses, curves = settings.kinds, None, [], []
    progress = Progress("start", len(kinds))
    for number, (kind, own) in enumerate(zip(kinds, rng.spawn(len(kinds)), strict=True)):
        if kind == "seeds":
            rows = draw(data, view, filtered, own)
        counted = _times(share[:, number], kind)
        drawn = rows.samples(data, gain, counted, own)
        courses.append(find(view, drawn))
        constant = np.log(np.maximum(gain, 1e-30)) * counted * data.count
        curves.append(_curves(courses[-1], drawn, data, constant))
        found = f"; {len(courses[-1][-1].filters)} filters, validation loss {curves[-1][1][-1]:.4f}"
        progress.tell(number + 1, found)
    progress.end(len(kinds), found)
    return courses, curves


def _times(share: np.ndarray, kind: str) -> np.ndarray:
    """How often each sample counts, (sample,): shares of halves are of mean 1, too."""
    return (share > 0).astype(float) if kind == "halves" else share.astype(float)


def _curves(
    stages: Sequence[Stage], drawn: Drawn, data: TrainingData, constant: np.ndarray
) -> tuple[list[float], list[float], list[float]]:
    """Training and validation loss a spike, and validation correlation, after each stage."""
    parts = ((drawn.training, ~data.held_out), (drawn.validation, data.held_out))
    log_rates = [[stage.filters.log_rate(sample) for stage in stages] for sample, _ in parts]
    losses = [
        [(nats(one, sample) - constant[part].sum()) / sample.spikes for one in predicted]
        for (sample, part), predicted in zip(parts, log_rates, strict=True)
    ]
    correlations = [
        _correlation(one, drawn.validation) if len(stage.filters) else float("nan")
        for stage, one in zip(stages, log_rates[1], strict=True)
    ]
    return *losses, correlations


def _correlation(log_rate: torch.Tensor, sample: Sample) -> float:
    """Correlation of expected and counted spikes, each sample as often as it stands for others."""
    expected, count = log_rate.exp().double().numpy(), sample.count.double().numpy()
    covariance = np.cov(expected, count, aweights=sample.weight.double().numpy())
    size = covariance[0, 0] * covariance[1, 1]
    # A constant prediction has a variance of rounding alone.
    return float(covariance[0, 1] / np.sqrt(size)) if size > 0 else float("nan")


@dataclass(frozen=True)
class Placing:
    """Where filters lie, and through which functions of time they look.

    Attributes
    ----------
    shape : (int, int)
        Rows and columns of the crop [pixels].
    region : Window
        Part of the crop that filters lie on.
    basis : ndarray, shape (function, lag)
        Temporal functions.
    mean, sd : float
        The contrast is normalised as (contrast - mean) / sd.
    frame_rate : float
        Frames per second [Hz].
    """

    shape: tuple[int, int]
    region: Window
    basis: np.ndarray
    mean: float
    sd: float
    frame_rate: float

    def network(self, filters: Filters, n_filters: int) -> Network:
        """A network of filters; zeros are added up to a number, as all starts have the same."""
        pooling, n = filters.pooling, len(filters)
        by_function = self._on_crop(filters.image.numpy())
        weight = np.zeros((n_filters, self.basis.shape[1], *self.shape), np.float32)
        functions = self.basis[: by_function.shape[1]]
        weight[:n] = np.einsum("fcyx,cl->flyx", by_function, functions)
        bias, readout = np.zeros(n_filters), np.zeros((n_filters, 1, 1))
        bias[:n], readout[:n, 0, 0] = -pooling.threshold, pooling.weight
        return Network(
            weight=weight,
            bias=bias.astype(np.float32),
            readout=readout.astype(np.float32),
            readout_offset=pooling.offset,
            rate_scale=float(np.exp(pooling.log_scale)) * self.frame_rate,
            stimulus_mean=self.mean,
            stimulus_sd=self.sd,
            stride=1,
            height=self.shape[0],
            width=self.shape[1],
            exponent=pooling.exponent,
        )

    def film(self, stages: Sequence[Stage], n_filters: int) -> np.ndarray:
        """Spatial profiles (epoch, filter, y, x): in each stage, those most like the last one's."""
        film = np.zeros((len(stages), n_filters, *self.shape), np.float32)
        last = stages[-1].filters.spatial().numpy()
        for number, stage in enumerate(stages):
            profile = stage.filters.spatial().numpy()
            rows, columns = linear_sum_assignment(last @ profile.T, maximize=True)
            film[number, rows] = self._on_crop(profile[columns, None])[:, 0]
        return film

    def _on_crop(self, images: np.ndarray) -> np.ndarray:
        """Images (filter, function, pixel) on the crop, (filter, function, y, x)."""
        placed = np.zeros((*images.shape[:2], *self.shape), np.float32)
        side = self.region.height, self.region.width
        placed[(..., *self.region.slices)] = images.reshape(*images.shape[:2], *side)
        return placed
