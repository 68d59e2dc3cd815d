"""What a fit sees of a cell: where it looks, and the samples drawn from its responses."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from scipy.ndimage import gaussian_filter

from finefield.averages.ln import fit_ln
from finefield.averages.sta import spike_triggered_average
from finefield.networks.positions.sample import Sample, chances
from finefield.responses.samples import TrainingData
from finefield.stimuli.filtering import TimeFilter
from finefield.stimuli.movie import Stimulus
from finefield.stimuli.window import Window

#: Silent samples drawn for each spike, at most; and samples, about, at most. With eight, the
#: silent samples that are left out cost at most a ninth of what the spikes tell.
PER_SPIKE, MOST_SAMPLES = 8.0, 80_000
#: Spikes that a course sees, about: of a busier cell, blocks of samples are left out.
MOST_SPIKES = 100_000
#: The first steps see blocks with this many spikes, and so many silent samples for each.
FEW_SPIKES, FEW_PER_SPIKE = 10_000, 2.0
#: Samples in a block that is left out whole.
BLOCK = 500
#: Places to try: where the smoothed average is above a part of its peak and so many SDs of noise.
LEAST_AVERAGE, LEAST_NOISE = 0.05, 2.5
#: Pixels around them that filters may extend to.
MARGIN = 3


@dataclass(frozen=True)
class View:
    """Where a cell looks, and what a first model expects of it.

    Attributes
    ----------
    region : Window
        Part of the crop that filters lie on.
    inside : ndarray of bool, shape (y, x)
        Places to try, on the region.
    expected : ndarray of float64, shape (sample,)
        Spikes per frame that an LN model of the average expects.
    """

    region: Window
    inside: np.ndarray
    expected: np.ndarray

    @classmethod
    def of(
        cls, stimulus: Stimulus, data: TrainingData, leading: np.ndarray, mean: float, sd: float
    ) -> "View":
        """From the training samples; `leading` is the leading temporal function (lag,)."""
        known = ~data.held_out
        fired = data.newest[known], data.count[known]
        whole = spike_triggered_average(stimulus, *fired, len(leading)) - mean
        average = np.tensordot(leading, whole, axes=1) / sd
        ln = fit_ln(stimulus, *fired, leading, average, frame_rate=1.0)
        expected = ln.predict(stimulus, data.newest)
        smooth = gaussian_filter(average, 1)
        inside = _inside(smooth, data.count[known].sum())
        region = _around(inside)
        return cls(region, inside[region.slices], expected)


def _inside(smooth: np.ndarray, spikes: float) -> np.ndarray:
    """Places where the smoothed average (y, x) of a number of spikes is not negligible."""
    size = np.abs(smooth)
    # Of an average of unit SD; a Gaussian of SD 1 leaves this part of the noise.
    noise = 1 / (2 * np.sqrt(np.pi * spikes))
    return size >= max(LEAST_AVERAGE * size.max(), min(LEAST_NOISE * noise, size.max() / 2))


def _around(inside: np.ndarray) -> Window:
    """The smallest window that holds all places, and a margin."""
    sides = []
    for axis in (1, 0):
        used = np.flatnonzero(inside.any(axis))
        first = max(0, used[0] - MARGIN)
        sides.append((int(first), int(min(inside.shape[1 - axis], used[-1] + 1 + MARGIN) - first)))
    (y, height), (x, width) = sides
    return Window(y, x, height, width)


@dataclass(frozen=True)
class Drawn:
    """Samples of one fit: for training, few of them for its first steps, and for validation."""

    training: Sample
    few: Sample
    validation: Sample

    def turned(self, turn: torch.Tensor) -> "Drawn":
        """The same through other functions, as from `Sample.turned`."""
        training, validation = self.training.turned(turn), self.validation.turned(turn)
        return Drawn(training, self.few, validation)


@dataclass(frozen=True)
class Rows:
    """Samples drawn once, which fits on all data, on parts and on bootstraps share.

    Attributes
    ----------
    kept : ndarray of int64, shape (row,)
        Numbers of the samples.
    seen : Tensor of float16, shape (row, function, pixel)
        The stimulus through each temporal function [1].
    chance, fewer : ndarray of float64, shape (sample,)
        Probability with which each sample was drawn, and is drawn for the first steps.
    """

    kept: np.ndarray
    seen: torch.Tensor
    chance: np.ndarray
    fewer: np.ndarray

    def samples(
        self, data: TrainingData, gain: np.ndarray, share: np.ndarray, rng: np.random.Generator
    ) -> Drawn:
        """The samples of one fit.

        Parameters
        ----------
        data : TrainingData
            The cell's samples.
        gain, share : ndarray, shape (sample,)
            Drift of the cell's rate, and how often each sample counts.
        rng : numpy.random.Generator
            Source of the choice for the first steps.
        """
        kept, spikes = self.kept, float((share * data.count)[~data.held_out].sum())
        used, known = share[kept] > 0, ~data.held_out[kept]
        block = rng.random(len(self.chance) // BLOCK + 1) < FEW_SPIKES / max(spikes, 1)
        thinned = rng.random(len(kept)) < (self.fewer / self.chance)[kept]

        def sample(part: np.ndarray, chance: np.ndarray) -> Sample:
            rows = np.flatnonzero(part & used)
            chosen = kept[rows]
            count = share[chosen] * data.count[chosen]
            weight = share[chosen] * gain[chosen] / chance[chosen]
            parts = (torch.from_numpy(one.astype(np.float32)) for one in (count, weight))
            return Sample(self.seen[torch.from_numpy(rows)].float(), *parts)

        few = known & block[kept // BLOCK] & thinned
        if not data.count[kept[few & used]].any():
            # Of few blocks with very many spikes none may be drawn.
            few = known & thinned
        return Drawn(
            sample(known, self.chance), sample(few, self.fewer), sample(~known, self.chance)
        )


def enough(data: TrainingData, rng: np.random.Generator, most: float = MOST_SPIKES) -> np.ndarray:
    """Blocks of samples with about so many training spikes, or all samples of a quieter cell.

    Returns
    -------
    ndarray of bool, shape (sample,)
        Of validation samples as large a part; all, if the blocks chosen by `rng` had no spike.
    """
    block, spikes = data.blocks(BLOCK), data.count[~data.held_out].sum()
    kept = (rng.random(block.max() + 1) < most / max(spikes, 1))[block]
    both = all(data.count[kept & part].any() for part in (data.held_out, ~data.held_out))
    return kept if both else np.ones(len(kept), bool)


def draw(
    data: TrainingData,
    view: View,
    filtered: Callable[[np.ndarray], torch.Tensor],
    rng: np.random.Generator,
) -> Rows:
    """Draw samples: all with spikes, and silent ones in proportion to what they tell.

    Parameters
    ----------
    data : TrainingData
        The cell's samples.
    view : View
        What a first model expects of them.
    filtered : callable
        Takes stimulus frames, and returns what filters see with them as the newest, float16
        (frame, function, pixel).
    rng : numpy.random.Generator
        Source of the silent samples.
    """
    fired, spikes = data.count > 0, float(data.count[~data.held_out].sum())
    per_spike = min(PER_SPIKE, max(MOST_SAMPLES / spikes, FEW_PER_SPIKE))
    chance, fewer = (chances(view.expected, fired, number) for number in (per_spike, FEW_PER_SPIKE))
    kept = np.flatnonzero(rng.random(len(chance)) < chance)
    return Rows(kept, filtered(data.newest[kept]), chance, fewer)


def filtering(
    stimulus: Stimulus, region: Window, basis: np.ndarray, mean: float, sd: float
) -> Callable[[np.ndarray], torch.Tensor]:
    """What filters a movie in time on a region, at chosen frames alone, as `draw` takes it.

    Parameters
    ----------
    stimulus : Stimulus
        Movie on the cell's crop.
    region : Window
        Part of the crop.
    basis : ndarray, shape (function, lag)
        Temporal functions.
    mean, sd : float
        The contrast is normalised as (contrast - mean) / sd.
    """
    movie, in_time, size = stimulus.crop(region), TimeFilter(basis.astype(np.float32)), 2048

    def filtered(newest: np.ndarray) -> torch.Tensor:
        order = np.argsort(newest, kind="stable")
        shape = len(newest), len(basis), region.height * region.width
        seen = torch.empty(shape, dtype=torch.float16)
        ends = np.searchsorted(newest[order], np.arange(size, movie.n_frames + size, size))
        for number, chosen in enumerate(np.split(order, ends[:-1])):
            if len(chosen):
                start = number * size
                before = min(start, in_time.history)
                frames = movie.frames(start - before, start + size)
                block = in_time.normalised(frames, before, len(frames) - before, mean, sd)
                # PyTorch rounds to half precision in half of NumPy's time.
                own = torch.from_numpy(block[newest[chosen] - start]).half()
                seen[torch.from_numpy(chosen)] = own
        return seen

    return filtered
