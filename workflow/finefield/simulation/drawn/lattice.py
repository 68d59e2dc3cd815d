"""Hexagonal lattices of cells, turned, shifted and jittered at random."""

import numpy as np


def hexagonal(far: int, rng: np.random.Generator) -> np.ndarray:
    """Points of a turned and shifted hexagonal lattice around 0.

    Parameters
    ----------
    far : int
        Rows and columns on each side of 0.
    rng : numpy.random.Generator
        Source of angle and shift.

    Returns
    -------
    ndarray of float64, shape (point, 2)
        In units of the distance of neighbours.
    """
    rows, columns = np.mgrid[-far : far + 1, -far : far + 1].reshape(2, -1)
    lattice = np.stack([rows * np.sqrt(3) / 2, columns + rows % 2 / 2], 1)
    lattice = lattice + rng.uniform(-0.5, 0.5, 2)
    angle = rng.uniform(0, 2 * np.pi)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    return lattice @ turn


def patch(n_points: int, jitter: float, rng: np.random.Generator) -> np.ndarray:
    """Points (point, 2) of a jittered lattice that are nearest to 0; 0 is their mean without it."""
    # Well beyond the patch, so that it is round; more points change no patch that fits.
    lattice = hexagonal(max(6, int(np.sqrt(n_points)) + 2), rng)
    nearest = lattice[np.argsort((lattice**2).sum(1))[:n_points]]
    nearest = nearest - nearest.mean(0)
    return nearest + jitter * rng.normal(size=nearest.shape)


def mosaic(
    density: float, jitter: float, height: float, width: float, rng: np.random.Generator
) -> np.ndarray:
    """Places of cells on a field.

    Parameters
    ----------
    density : float
        Cells per area [1/mm2].
    jitter : float
        SD of the places around the lattice's, in its spacing.
    height, width : float
        Size of the field [um].
    rng : numpy.random.Generator
        Source of the lattice and of the jitter.

    Returns
    -------
    ndarray of float64, shape (cell, 2)
        Rows and columns from the field's upper left corner [um].

    Examples
    --------
    >>> len(mosaic(1000, 0.1, 1000, 2000, np.random.default_rng(0)))
    2001
    """
    spacing = 1000 * np.sqrt(2 / np.sqrt(3) / density)
    size = np.array([height, width])
    # A row is 0.87 spacings high, and the corner as far as half the diagonal.
    lattice = hexagonal(int(np.linalg.norm(size) / spacing / np.sqrt(3)) + 3, rng)
    places = size / 2 + spacing * (lattice + jitter * rng.normal(size=lattice.shape))
    return places[((places >= 0) & (places <= size)).all(1)]
