"""Cells as targets of transfer, and where a network's window lies on them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from finefield.responses.responses import Responses
from finefield.responses.samples import of_one_part
from finefield.stimuli.window import Window


@dataclass(frozen=True)
class Target:
    """A cell whose responses to one stimulus are to be predicted.

    Attributes
    ----------
    window : Window
        Its crop.
    newest : ndarray of int, shape (frame,)
        Newest stimulus frame of each tested frame.
    rate : ndarray, shape (frame,)
        Measured firing rate there, the mean over repeats if there are any [Hz].
    refit_newest, refit_count : ndarray, shape (sample,)
        Newest stimulus frame and spikes of the first training samples.
    temporal, spatial : ndarray, shapes (lag,) and (y, x)
        The separable spike-triggered average on the crop [1].
    noise_ceiling, ln_correlation : float
        The best that a prediction can reach, NaN if unknown, and what its LN model reaches [1].
    cell_type : str or None
        Known type of a simulated cell, if it has one; None for a recorded cell.
    """

    window: Window
    newest: np.ndarray
    rate: np.ndarray
    refit_newest: np.ndarray
    refit_count: np.ndarray
    temporal: np.ndarray
    spatial: np.ndarray
    noise_ceiling: float = float("nan")
    ln_correlation: float = float("nan")
    cell_type: str | None = None


def refit_samples(
    responses: Responses, lags: int, number: int, held_out: np.ndarray | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """The first training samples of a cell, to which readouts are fitted.

    Parameters
    ----------
    responses : Responses
        Responses to the training sequence.
    lags : int
        Stimulus frames that a prediction may use.
    number : int
        Samples to take.
    held_out : ndarray of bool or None, shape (stimulus frame,)
        Frames that are kept for validation, which no sample reaches.

    Returns
    -------
    newest : ndarray of int64, shape (sample,)
        Newest stimulus frame of each sample.
    count : ndarray of float64, shape (sample,)
        Spikes.

    Examples
    --------
    >>> cell = Responses(np.array([[0, 1, 2, 3, 4]]), np.array([0]), 30.0)
    >>> newest, count = refit_samples(cell, 2, 9, np.array([0, 0, 1, 0, 0], bool))
    >>> newest.tolist(), count.tolist()
    ([1, 4], [1.0, 4.0])
    """
    newest, count = responses.samples(lags)
    if held_out is not None:
        known = of_one_part(newest, lags, held_out) & ~held_out[newest]
        newest, count = newest[known], count[known]
    return newest[:number], count[:number].astype(float)


def reach(targets: Mapping[str, Target]) -> int:
    """Frames of the training sequence that the targets' samples for refits reach."""
    return 1 + int(max(one.refit_newest.max(initial=0) for one in targets.values()))


def aligned_window(target: Window, height: int, width: int, field: tuple[int, int]) -> Window:
    """Window of a source network's size around the centre of a target cell's crop.

    Parameters
    ----------
    target : Window
        The target cell's crop.
    height, width : int
        Size of the source network's crop [pixels].
    field : (int, int)
        Rows and columns of the stimulus field.

    Returns
    -------
    Window
        Shifted to lie on the field where it would leave it.

    Raises
    ------
    UserError
        If the network's crop is larger than the field.

    Examples
    --------
    >>> aligned_window(Window(0, 4, 4, 4), 2, 6, field=(10, 10))
    Window(y=1, x=3, height=2, width=6)
    """
    y = min(max(0, target.y + (target.height - height) // 2), field[0] - height)
    x = min(max(0, target.x + (target.width - width) // 2), field[1] - width)
    window = Window(y, x, height, width)
    window.check_inside(*field, name="source network's crop")
    return window


def best_windows(
    source: Target, target: Target, window: Window, field: tuple[int, int], max_shift: int
) -> tuple[Window, Window]:
    """Where a source cell's spike-triggered average matches a target's best, and its inverse.

    Parameters
    ----------
    source, target : Target
        Their averages are compared.
    window : Window
        Of the size of the source's crop; the shift is counted from it.
    field : (int, int)
        Rows and columns of the stimulus field.
    max_shift : int
        Furthest shift along either axis [pixels].

    Returns
    -------
    aligned, flipped : Window
        Of the largest and of the smallest (most negative) product of both averages among the
        windows on the field; of equal ones the nearest.
    """
    pad = max_shift + max(window.height, window.width)
    image = np.zeros((field[0] + 2 * pad, field[1] + 2 * pad))
    rows, columns = target.window.slices
    image[pad:-pad, pad:-pad][rows, columns] = target.spatial
    moves = range(-max_shift, max_shift + 1)
    top, left = window.y + pad - max_shift, window.x + pad - max_shift
    size = window.height + 2 * max_shift, window.width + 2 * max_shift
    part = image[top : top + size[0], left : left + size[1]]
    views = sliding_window_view(part, (window.height, window.width))
    product = np.tensordot(views, source.spatial, 2) * (source.temporal @ target.temporal)
    inside = [
        (abs(dy) + abs(dx), dy, dx)
        for dy in moves
        for dx in moves
        if 0 <= window.y + dy <= field[0] - window.height
        and 0 <= window.x + dx <= field[1] - window.width
    ]
    nearest_first = [(dy, dx) for _, dy, dx in sorted(inside)]
    values = np.array([product[dy + max_shift, dx + max_shift] for dy, dx in nearest_first])
    # Rounding must not prefer a shift to none.
    largest = np.abs(values).max()
    values = np.round(values / (largest or 1.0), 12)
    places = (nearest_first[int(values.argmax())], nearest_first[int(values.argmin())])
    return tuple(replace(window, y=window.y + dy, x=window.x + dx) for dy, dx in places)
