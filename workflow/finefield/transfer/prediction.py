"""One cell's network asked to predict other cells."""

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from finefield.base.progress import Progress
from finefield.networks.dynamics.model import Dynamics
from finefield.networks.network import Network
from finefield.networks.readout import fit_readout
from finefield.responses.scores import correlation
from finefield.stimuli.movie import Stimulus
from finefield.stimuli.window import Window
from finefield.transfer.scores import Transfer
from finefield.transfer.targets import Target, aligned_window, best_windows

log = logging.getLogger(__name__)


def transfer_row(
    network: Network,
    source: tuple[str, str],
    targets: Mapping[str, Mapping[str, Target]],
    movies: Iterable[tuple[str, Stimulus, Stimulus]],
    amounts: Sequence[int],
    max_shift: int,
) -> dict[tuple[str, str], Transfer]:
    """Let one cell's network predict every cell of a dataset, on every stimulus.

    Parameters
    ----------
    network : Network
        The cell's network.
    source : (str, str)
        Stimulus and cell that it was trained on.
    targets : dict of str to dict of str to Target
        Stimulus -> cell -> target; the best shifts are found on the first stimulus.
    movies : iterable of (str, Stimulus, Stimulus)
        Stimulus, the sequence that tests are part of, and its training sequence.
    amounts, max_shift
        As for `transfer`.

    Returns
    -------
    dict of (str, str) to Transfer
        Scores by stimulus and cell.
    """
    first, found = next(iter(targets.values())), {}
    stimulus, cell = source
    own = (first if cell in first else targets[stimulus])[cell]
    for tested, test, running in movies:
        cells = targets[tested]
        scores = transfer(network, own, cells, first, test, running, amounts, max_shift)
        found |= {(tested, name): one for name, one in scores.items()}
        log.info("%d targets, %s", len(cells), tested)
    return found


def transfer(
    network: Network,
    source: Target,
    targets: Mapping[str, Target],
    first: Mapping[str, Target],
    test: Stimulus,
    running: Stimulus,
    amounts: Sequence[int],
    max_shift: int,
) -> dict[str, Transfer]:
    """Let a network predict target cells, unchanged and with a new output or readout.

    Parameters
    ----------
    network, source
        The source cell's network, and the source cell on the dataset's first stimulus.
    targets : dict of str to Target
        Cells by name, on the stimulus that they are tested on.
    first : dict of str to Target
        The same cells on the first stimulus, as far as they have responses to it. The
        spike-triggered averages on it tell the best shifts; best white noise, as those of natural
        images are blurred.
    test, running : Stimulus
        The sequence that tests are part of, and the training sequence as far as `amounts` reach, on
        the whole field.
    amounts : sequence of int
        Numbers of the targets' training samples for the fits, from few to many.
    max_shift : int
        Furthest shift of the window [pixels].

    Returns
    -------
    dict of str to Transfer
        NaN where `correlation` is, and for a fit to samples without a spike. The shifts are found
        from spike-triggered averages, so that no test data choose them.
    """
    if not targets:
        return {}
    inputs = _seen(network, source, targets, first, test, running, max_shift)
    found, progress = {}, Progress("cell", len(targets))
    for number, ((name, target), one) in enumerate(zip(targets.items(), inputs, strict=True)):
        progress.tell(number)
        found[name] = _scores(network, target, one, amounts)
    return found


@dataclass(frozen=True)
class _Seen:
    """What a network's filters do on one target: windows, and drives (sample, filter) there."""

    window: Window
    aligned: Window
    drives: np.ndarray
    drives_aligned: np.ndarray
    drives_flipped: np.ndarray
    drives_refit: np.ndarray


def _seen(network, source, targets, first, test, running, max_shift) -> list[_Seen]:
    """What the network's filters do on each of the targets; see `transfer`."""
    field, cells = test.shape[1:], targets.values()
    windows = [aligned_window(one.window, network.height, network.width, field) for one in cells]
    averages = [first.get(name, one) for name, one in targets.items()]
    best = [
        best_windows(source, one, window, field, max_shift)
        for one, window in zip(averages, windows, strict=True)
    ]
    aligned, flipped = zip(*best, strict=True)
    newest = [one.newest for one in cells]
    unmoved_and_moved = _drives(network, test, [*windows, *aligned], 2 * newest)
    columns = (
        windows,
        aligned,
        unmoved_and_moved[: len(targets)],
        unmoved_and_moved[len(targets) :],
        _drives(replace(network, weight=-network.weight), test, flipped, newest),
        _drives(network, running, windows, [one.refit_newest for one in cells]),
    )
    return [_Seen(*each) for each in zip(*columns, strict=True)]


def _scores(network: Network, target: Target, seen: _Seen, amounts: Sequence[int]) -> Transfer:
    """Scores of a network on one target."""
    newest, used = target.newest, network.readout.any((1, 2))
    both, rate = (seen.drives_refit, seen.drives), network.rate(seen.drives, newest)
    sums = [one.sum(1, keepdims=True) for one in both]
    fed_back = [
        network.fed_back(*one) for one in zip(both, (target.refit_newest, newest), strict=True)
    ]
    ranks = [pd.Series(one).rank().values for one in (rate, target.rate)]
    return Transfer(
        correlation=correlation(rate, target.rate),
        rank_correlation=correlation(*ranks),
        shift_y=seen.aligned.y - seen.window.y,
        shift_x=seen.aligned.x - seen.window.x,
        aligned_correlation=correlation(network.rate(seen.drives_aligned, newest), target.rate),
        flipped_correlation=correlation(network.rate(seen.drives_flipped, newest), target.rate),
        refit_correlation=_refit_scores(*sums, *fed_back, target, amounts),
        readout_correlation=_refit_scores(
            *(one[:, used] for one in both), *fed_back, target, amounts
        ),
    )


def _drives(
    network: Network, stimulus: Stimulus, windows: Sequence[Window], newest: Sequence[np.ndarray]
) -> list[np.ndarray]:
    """Drives (sample, filter) at each window, each at newest frames of its own."""
    every = np.unique(np.concatenate(newest))
    places = list(dict.fromkeys(windows))
    # Averages begin anew where a target's own frames do, wherever those of others are.
    static = replace(network, dynamics=Dynamics())
    drives = dict(zip(places, static.drives_at(stimulus, every, places), strict=True))
    return [
        network.adapted(drives[window][None, np.searchsorted(every, own)], own)[0]
        for window, own in zip(windows, newest, strict=True)
    ]


def _refit_scores(
    known: np.ndarray,
    test: np.ndarray,
    known_fed_back: np.ndarray,
    test_fed_back: np.ndarray,
    target: Target,
    amounts: Sequence[int],
) -> np.ndarray:
    """Correlation (amount,) with a readout fitted to the first samples of drives."""
    scores, fit = np.full(len(amounts), np.nan), None
    for number, amount in enumerate(amounts):
        count = target.refit_count[:amount]
        if count.any():
            fit = fit_readout(known[:amount], count, start=fit, added=known_fed_back[:amount])
            scores[number] = correlation(fit.rate(test, added=test_fed_back), target.rate)
    return scores
