"""One cell's network asked to predict another cell."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace

import numpy as np
import xarray as xr
from scipy.stats import rankdata

from finefield.network import Network
from finefield.readout import fit_readout
from finefield.scores import correlation
from finefield.stimulus import Stimulus, Window
from finefield.targets import Target, aligned_window, best_windows


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
    target: Target,
    frozen: Stimulus,
    running: Stimulus,
    seen: tuple[Target, Target],
    amounts: Sequence[int],
    max_shift: int,
) -> Transfer:
    """Let a network predict a target cell, unchanged and with a new output or readout.

    Parameters
    ----------
    network : Network
        The source cell's network.
    target : Target
        The target cell, on the stimulus that it is tested on.
    frozen, running : Stimulus
        Frozen sequence, and the training sequence as far as `amounts` reach, on the whole field.
    seen : (Target, Target)
        Source and target cell on one stimulus, whose spike-triggered averages tell the best shift;
        best white noise, as those of natural images are blurred.
    amounts : sequence of int
        Numbers of the target's training samples for the fits.
    max_shift : int
        Furthest shift of the window [pixels].

    Returns
    -------
    Transfer
        NaN where `correlation` is, and for a fit to samples without a spike. The shifts are found
        from spike-triggered averages, so that no test data choose them.
    """
    window = aligned_window(target.window, network.height, network.width, frozen.shape[1:])
    drives = network.drives(frozen.crop(window), target.newest)
    rate = network.rate(drives)

    def seen_at(shifted: Window, one: Network) -> float:
        return correlation(one.predict(frozen.crop(shifted), target.newest), target.rate)

    aligned, flipped = best_windows(*seen, window, frozen.shape[1:], max_shift)
    score = correlation(rate, target.rate)
    known = network.drives(running.crop(window), target.refit_newest)
    used = np.abs(network.readout).any((1, 2))
    fits = [
        _refit_scores(part, test, target, amounts)
        for part, test in (
            (known.sum(1, keepdims=True), drives.sum(1, keepdims=True)),
            (known[:, used], drives[:, used]),
        )
    ]
    return Transfer(
        score,
        correlation(rankdata(rate), rankdata(target.rate)),
        aligned.y - window.y,
        aligned.x - window.x,
        score if aligned == window else seen_at(aligned, network),
        seen_at(flipped, replace(network, weight=-network.weight)),
        *fits,
    )


def _refit_scores(
    known: np.ndarray, test: np.ndarray, target: Target, amounts: Sequence[int]
) -> np.ndarray:
    """Correlation (amount,) with a readout fitted to the first samples of drives."""
    scores = np.full(len(amounts), np.nan)
    for number, amount in enumerate(amounts):
        count = target.refit_count[:amount]
        if count.any():
            fit = fit_readout(known[:amount], count)
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
