"""The course from positions to filters of free shape, and the networks that it ends in."""

import logging
from dataclasses import dataclass, replace

import numpy as np
import torch

from finefield.networks.positions.draw import Drawn, View
from finefield.networks.positions.filters import Filters
from finefield.networks.positions.gaussians import Gaussians, settle
from finefield.networks.positions.grid import best_grid
from finefield.networks.positions.pooling import least_gain
from finefield.networks.positions.sample import Sample
from finefield.networks.positions.shaping import shape
from finefield.networks.positions.simplify import simplify
from finefield.networks.positions.time_courses import OWN_SD, common_course, fit_courses

log = logging.getLogger(__name__)

#: The first steps, which see few samples, remove what gains less than this part of what a filter
#: must gain.
EARLY = 0.25
#: Filters are believed if they raise the log likelihood of the validation data by more [nats], a
#: ratio of 20; filters of chance lower it on average.
LEAST_VALIDATION = 3.0
#: Stages are kept if the validation loss falls by more a spike.
LEAST_FALL = 0.002
#: Rounds of free shapes at most.
ROUNDS = 4


@dataclass(frozen=True)
class Stage:
    """Filters at the end of a stage of the course, and its name."""

    name: str
    filters: Filters


def find(view: View, drawn: Drawn) -> list[Stage]:
    """Find a cell's filters.

    Parameters
    ----------
    view : View
        Where the cell looks.
    drawn : Drawn
        Its samples.

    Returns
    -------
    list of Stage
        The last has the result: no filter, if they predict no better than the mean rate.

    Notes
    -----
    1. *Grid.* Gaussians of one width at every position, of either polarity, weights of 0 or more.
    2. *Positions.* Gaussians not missed are removed. The others move, and take widths of their own.
    3. *Gaussians.* They take elongations of their own, on all samples.
    4. *Nonlinearity.* An exponent and a threshold, the same for all filters.
    5. *Subunits.* Filters that are as good as their sum are joined.
    6. *Time courses*, if the validation loss falls.
    7. *Shapes*, as long as the validation loss falls.
    """
    few, training = drawn.few.leading(), drawn.training.leading()
    now = best_grid(view.inside, few)
    stages = [Stage("grid", Filters.of(now))]
    now = _without_idle(now, few)
    for n_free in (2, 3):
        now = settle(now, few, n_free, EARLY)
    stages.append(Stage("positions", Filters.of(now)))
    now = settle(now, training, 5)
    stages.append(Stage("Gaussians", Filters.of(now)))
    now = replace(now, pooling=_refitted(Filters.of(now), training).pooling)
    now = settle(now, training, 5)
    stages.append(Stage("nonlinearity", Filters.of(now)))
    filters = simplify(Filters.of(now), training)
    stages.append(Stage("subunits", filters))
    filters, turned, turn = _with_common_course(filters, drawn)
    for name, stage in (("time courses", _with_courses), ("shapes", _shaped)):
        filters = stage(filters, turned)
        stages.append(Stage(name, filters.turned(turn)))
    if not _tuned(stages[-1].filters, drawn):
        log.info("no filter predicts the validation data better than the mean rate")
        stages[-1] = replace(stages[-1], filters=stages[-1].filters.silent(drawn.training))
    return stages


def _without_idle(gaussians: Gaussians, sample: Sample) -> Gaussians:
    """Gaussians without those that are not missed where the others are."""
    number = replace(Filters.of(gaussians), number=np.arange(len(gaussians)))
    kept = simplify(number, sample, join=False, part=EARLY)
    return replace(gaussians.keeping(kept.number), pooling=kept.pooling)


def _with_common_course(filters: Filters, drawn: Drawn) -> tuple[Filters, Drawn, torch.Tensor]:
    """Filters and samples on functions that begin with the filters' common time course.

    The average's course is theirs but for noise, and but for what the rectification does to a
    correlated stimulus. The functions are returned, too, as from `common_course`.
    """
    if not len(filters):
        return filters, drawn, torch.eye(drawn.training.n_functions)
    turn = common_course(filters, drawn.training)
    turned = drawn.turned(turn)
    refitted = _refitted(filters, turned.training.leading())
    if refitted.loss(turned.validation) < filters.loss(drawn.validation):
        return refitted, turned, turn
    return filters, drawn, torch.eye(len(turn))


def _with_courses(filters: Filters, drawn: Drawn) -> Filters:
    """Filters with time courses of their own, if these predict better."""
    if not len(filters) or drawn.training.n_functions == 1:
        return filters
    own = fit_courses(filters, drawn.training, OWN_SD)
    own = simplify(own, drawn.training, nonlinearity=True)
    return own if _gain(filters, own, drawn.validation) > LEAST_FALL else filters


def _shaped(filters: Filters, drawn: Drawn) -> Filters:
    """Filters of free shape, round by round, as long as they predict better."""
    parts = drawn.training, drawn.validation
    if filters.image.shape[1] == 1:
        parts = [part.leading() for part in parts]
    training, validation = parts
    for _ in range(ROUNDS if len(filters) else 0):
        trial = simplify(shape(filters, training, validation), training, nonlinearity=True)
        if _gain(filters, trial, validation) < LEAST_FALL:
            break
        filters = trial
    return filters


def _refitted(filters: Filters, sample: Sample) -> Filters:
    """Filters with their pooling, the nonlinearity included, fitted anew."""
    return filters.refitted(sample.drives(filters.image), sample)


def _gain(before: Filters, after: Filters, sample: Sample) -> float:
    """How much less is lost a spike [nats]."""
    return (before.loss(sample) - after.loss(sample)) / sample.spikes


def _tuned(filters: Filters, drawn: Drawn) -> bool:
    """Whether filters predict training and validation data better than the mean rate."""
    silent, loss = filters.silent(drawn.training), filters.loss(drawn.training)
    training = silent.loss(drawn.training) - loss
    validation = silent.loss(drawn.validation) - filters.loss(drawn.validation)
    return training > least_gain(loss, drawn.training) and validation > LEAST_VALIDATION
