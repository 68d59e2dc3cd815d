"""How alike cells are: their subunits, wherever the cells lie, and their temporal filters."""

import math
from collections.abc import Sequence

import numpy as np
from scipy.ndimage import center_of_mass

from finefield.subunits.matching import matched_similarity


def subunit_similarity(subunits: Sequence[np.ndarray | None]) -> np.ndarray:
    """How alike the subunits of cells are, wherever the cells lie.

    Parameters
    ----------
    subunits : sequence of ndarray, shape (found, y, x), or None
        Subunits of each cell on its crop; crops may differ. None for a cell without a result.

    Returns
    -------
    ndarray, shape (cell, cell)
        As `matching.matched_similarity` of two cells after the centres of mass of their summed
        subunits are put on one another, to the pixel; NaN for cells without a result.
    """
    known = [one for one in subunits if one is not None]
    side = 2 * max((max(one.shape[1:]) for one in known), default=1) + 1
    centred = [None if one is None else _centred(one, side) for one in subunits]
    found = np.full((len(subunits), len(subunits)), np.nan)
    for one, first in enumerate(centred):
        for other, second in enumerate(centred[: one + 1]):
            if first is not None and second is not None:
                found[one, other] = found[other, one] = matched_similarity(first, second)
    return found


def temporal_similarity(filters: np.ndarray) -> np.ndarray:
    """Cosine of temporal filters (cell, lag), whatever their sign: (cell, cell) [1].

    Examples
    --------
    >>> temporal_similarity(np.array([[1.0, 0.0], [-2.0, 0.0], [1.0, 1.0]])).round(2)[0].tolist()
    [1.0, 1.0, 0.71]
    """
    unit = filters / np.linalg.norm(filters, axis=1, keepdims=True)
    return np.abs(unit @ unit.T)


def _centred(images: np.ndarray, side: int) -> np.ndarray:
    """Images (found, y, x) on a frame of `side` pixels, their centre of mass in its middle."""
    total = np.abs(images).sum(0)
    frame = np.zeros((len(images), side, side))
    if total.any():
        # Halves go up, wherever the cell lies; rounding errors must not decide.
        y, x = (math.floor(round(float(one), 6) + 0.5) for one in center_of_mass(total))
        top, left = side // 2 - y, side // 2 - x
        frame[:, top : top + images.shape[1], left : left + images.shape[2]] = images
    return frame
