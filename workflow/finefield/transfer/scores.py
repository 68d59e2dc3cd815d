"""Scores of one network on one cell."""

from dataclasses import dataclass

import numpy as np


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
