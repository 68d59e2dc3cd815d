"""One cell's network asked to predict other cells."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace

import numpy as np
import xarray as xr
from scipy.stats import rankdata

from finefield.base.progress import Progress
from finefield.networks.network import Network
from finefield.networks.readout import fit_readout
from finefield.responses.scores import correlation
from finefield.stimuli.movie import Stimulus
from finefield.stimuli.window import Window
from finefield.transfer.targets import Target, aligned_window, best_windows


@dataclass(frozen=True)
class Transfer:
    """How well one cell's network predicts another cell.

    Attributes
    ----------
    correlation : float
        Of the unchanged network's prediction with the measured rate ("zero-shot").
    rank_correlation : float
        The same of their ranks, which no output nonlinearity changes (Spearman).
    shift_y, shift_x : int
        How far the network's window is to be moved for its cell's spike-triggered average to match
        the target's best [pixels].
    aligned_correlation : float
        Correlation with the window moved so.
    flipped_correlation : float
        Correlation of the network that sees the inverted contrast, its window moved to where the
        inverted average matches best: high for a cell of the other polarity.
    refit_correlation : ndarray, shape (amount,)
        Correlation with output gain and threshold fitted on some of the target's training samples.
    readout_correlation : ndarray, shape (amount,)
        Correlation with the weight of each filter fitted as well.
    """

    correlation: float
    rank_correlation: float
    shift_y: int
    shift_x: int
    aligned_correlation: float
    flipped_correlation: float
    refit_correlation: np.ndarray
    readout_correlation: np.ndarray


def transfer(
    network: Network,
    source: Target,
    targets: Mapping[str, Target],
    first: Mapping[str, Target],
    frozen: Stimulus,
    running: Stimulus,
    amounts: Sequence[int],
    max_shift: int,
) -> dict[str, Transfer]:
    """Let a network predict target cells, unchanged and with a new output or readout.

    Parameters
    ----------
    network : Network
        The source cell's network.
    source : Target
        The source cell, on the dataset's first stimulus.
    targets : dict of str to Target
        Cells by name, on the stimulus that they are tested on.
    first : dict of str to Target
        The same cells on the first stimulus, as far as they have responses to it. The
        spike-triggered averages on it tell the best shifts; best white noise, as those of natural
        images are blurred.
    frozen, running : Stimulus
        Frozen sequence, and the training sequence as far as `amounts` reach, on the whole field.
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
    field, cells = frozen.shape[1:], targets.values()
    windows = [aligned_window(one.window, network.height, network.width, field) for one in cells]
    averages = [first.get(name, one) for name, one in targets.items()]
    best = [
        best_windows(source, one, window, field, max_shift)
        for one, window in zip(averages, windows, strict=True)
    ]
    aligned, flipped = zip(*best, strict=True)
    newest = [one.newest for one in cells]
    seen = _drives(network, frozen, [*windows, *aligned], 2 * newest)
    drives, moved = seen[: len(targets)], seen[len(targets) :]
    inverted = _drives(replace(network, weight=-network.weight), frozen, flipped, newest)
    known = _drives(network, running, windows, [one.refit_newest for one in cells])
    used, found, progress = network.readout.any((1, 2)), {}, Progress("cell", len(targets))
    for number, (name, target) in enumerate(targets.items()):
        progress.tell(number)
        rate, window, best = network.rate(drives[number]), windows[number], aligned[number]
        fits = [
            _refit_scores(part, test, target, amounts)
            for part, test in (
                (known[number].sum(1, keepdims=True), drives[number].sum(1, keepdims=True)),
                (known[number][:, used], drives[number][:, used]),
            )
        ]
        found[name] = Transfer(
            correlation(rate, target.rate),
            correlation(rankdata(rate), rankdata(target.rate)),
            best.y - window.y,
            best.x - window.x,
            correlation(network.rate(moved[number]), target.rate),
            correlation(network.rate(inverted[number]), target.rate),
            *fits,
        )
    return found


def _drives(
    network: Network, stimulus: Stimulus, windows: Sequence[Window], newest: Sequence[np.ndarray]
) -> list[np.ndarray]:
    """Drives (sample, filter) at each window, each at newest frames of its own."""
    every = np.unique(np.concatenate(newest))
    places = list(dict.fromkeys(windows))
    drives = dict(zip(places, network.drives_at(stimulus, every, places), strict=True))
    return [
        drives[window][np.searchsorted(every, own)]
        for window, own in zip(windows, newest, strict=True)
    ]


def _refit_scores(
    known: np.ndarray, test: np.ndarray, target: Target, amounts: Sequence[int]
) -> np.ndarray:
    """Correlation (amount,) with a readout fitted to the first samples of drives."""
    scores, fit = np.full(len(amounts), np.nan), None
    for number, amount in enumerate(amounts):
        count = target.refit_count[:amount]
        if count.any():
            fit = fit_readout(known[:amount], count, start=fit)
            scores[number] = correlation(fit.rate(test), target.rate)
    return scores


def transfer_dataset(
    found: Mapping[tuple[str, str], Transfer],
    train_stimulus: str,
    source: str,
    stimuli: Sequence[str],
    cells: Sequence[str],
    amounts: Sequence[int],
) -> xr.Dataset:
    """One network's row of the transfer grid.

    Parameters
    ----------
    found : dict of (stimulus, cell) to Transfer
        Its scores; cells that are not in it were dropped, their scores are NaN.
    train_stimulus, source : str
        What the network was trained on.
    stimuli, cells : sequence of str
        All of the dataset.
    amounts : sequence of int
        Numbers of training samples of the fits.
    """
    missing = np.full(len(amounts), np.nan)
    none = Transfer(*[np.nan] * 6, missing, missing)
    rows = [[found.get((stimulus, cell), none) for cell in cells] for stimulus in stimuli]
    coordinates = {
        "train_stimulus": [train_stimulus],
        "test_stimulus": list(stimuli),
        "source_cell": [source],
        "target_cell": list(cells),
    }
    values = {}
    for name in (field.name for field in fields(Transfer)):
        column = np.array([[getattr(one, name) for one in row] for row in rows], float)
        dimensions = (*coordinates, *(["amount"] if column.ndim == 3 else []))
        values[name] = (dimensions, column[None, :, None])
    return xr.Dataset(values, coordinates | {"amount": list(amounts)})
