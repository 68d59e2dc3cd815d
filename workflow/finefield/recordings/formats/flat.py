"""Spikes of all cells in one vector, with the cell of each spike in another."""

import numpy as np

from finefield.base.errors import UserError
from finefield.recordings.names import as_names, check_names, natural_order


def cells_of(ids: np.ndarray, thing: str) -> list[str]:
    """Names of the cells that have spikes, in natural order.

    Parameters
    ----------
    ids : ndarray
        The cell of each spike, a whole number or text.
    thing : str
        What messages call them.

    Raises
    ------
    UserError
        As from `names.as_names` and `names.check_names`.

    Examples
    --------
    >>> cells_of(np.array([10, 9, 10]), "ids")
    ['9', '10']
    """
    return check_names(natural_order(_numbered(ids, thing)[0]), thing)


def by_cell(times: np.ndarray, ids: np.ndarray, thing: str) -> dict[str, np.ndarray]:
    """Spike times of each cell, in the order in which they lie.

    Parameters
    ----------
    times : ndarray
        Times of all spikes, along any one axis.
    ids, thing
        As in `cells_of`.

    Raises
    ------
    UserError
        If spikes and ids differ in number, or as from `cells_of`.

    Examples
    --------
    >>> by_cell(np.array([0.1, 0.2, 0.5]), np.array([7, 3, 7]), "ids")
    {'3': array([0.2]), '7': array([0.1, 0.5])}
    """
    if times.size != ids.size:
        got, expected = f"{ids.size} values for {times.size} spikes", "the cell of each spike"
        raise UserError(thing, got, expected, "save one number or name for each spike")
    names, number = _numbered(ids, thing)
    order = np.argsort(number, kind="stable")
    parts = np.split(times.ravel()[order], np.flatnonzero(np.diff(number[order])) + 1)
    found = dict(zip(names, parts, strict=True))
    return {name: found[name] for name in check_names(natural_order(names), thing)}


def _numbered(ids: np.ndarray, thing: str) -> tuple[list[str], np.ndarray]:
    """Each cell's name once, and for each spike the place of its cell's."""
    # Cell arrays of texts are made plain first; numbers are faster as they are.
    plain = ids.ravel() if ids.dtype.kind in "buif" else np.array(as_names(ids, thing))
    values, number = np.unique(plain, return_inverse=True)
    return as_names(values, thing), number
