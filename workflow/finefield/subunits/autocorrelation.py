"""Moran's I: how alike neighbouring pixels of an image are, and how alike they are by chance."""

import numpy as np

#: Pixels of permuted images held at a time [1]: 16 MB.
PIECE = 2_000_000


def morans_i(image: np.ndarray) -> float:
    """Moran's I of an image, with the four nearest pixels as neighbours of equal weight.

    Parameters
    ----------
    image : ndarray, shape (y, x)
        An image.

    Returns
    -------
    float
        Near 1 for smooth images, -1 for a chequerboard, about 0 for noise; NaN for a constant one.

    Notes
    -----
    Moran 1950 (Biometrika 37:17), rook neighbours.

    Examples
    --------
    >>> round(morans_i(np.array([[0, 1], [1, 0]])), 6)
    -1.0
    """
    image = np.asarray(image, float)
    # The mean of a constant is rounded: what is left without it need not be 0.
    if np.ptp(image) == 0:
        return float("nan")
    centred = image - image.mean()
    height, width = image.shape
    pairs = (height - 1) * width + height * (width - 1)
    return float(image.size / pairs * _products(centred) / (centred**2).sum())


def morans_i_null(images: np.ndarray, n_permutations: int, rng: np.random.Generator) -> np.ndarray:
    """Probability of an image's Moran's I, or of a larger one, if its pixels are shuffled.

    Parameters
    ----------
    images : ndarray, shape (image, y, x)
        Images.
    n_permutations : int
        Random permutations of the pixels of each image.
    rng : numpy.random.Generator
        Source of randomness.

    Returns
    -------
    ndarray of float64, shape (image,)
        (1 + permutations with a Moran's I at least as large) / (1 + permutations); NaN for an
        image that is constant or not finite, which is below no threshold.

    Notes
    -----
    One-sided permutation test: Cliff & Ord 1981 (Spatial Processes), chapter 2. The image itself
    counts as one of the permutations: Phipson & Smyth 2010 (Stat. Appl. Genet. Mol. Biol. 9:39).

    Examples
    --------
    >>> images = np.stack([np.tile(np.arange(9.0), (9, 1)), np.ones((9, 9))])
    >>> morans_i_null(images, 99, np.random.default_rng(0))
    array([0.01,  nan])
    """
    return np.array([_null(np.asarray(one, float), n_permutations, rng) for one in images], float)


def _null(image: np.ndarray, n_permutations: int, rng: np.random.Generator) -> float:
    """`morans_i_null` of one image (y, x)."""
    if not np.isfinite(image).all() or np.ptp(image) == 0:
        return float("nan")
    unit = image - image.mean()
    unit /= np.linalg.norm(unit)
    # Permutations keep the number of pairs and the energy: Moran's I differs by these sums alone.
    # They are at most 2; ties that differ by rounding count as ties.
    least = _products(unit) - 1e-12
    at_least, piece = 0, max(1, PIECE // unit.size)
    for first in range(0, n_permutations, piece):
        copies = np.tile(unit.ravel(), (min(piece, n_permutations - first), 1))
        shuffled = rng.permuted(copies, axis=1, out=copies).reshape(-1, *unit.shape)
        at_least += int((_products(shuffled) >= least).sum())
    return (1 + at_least) / (1 + n_permutations)


def _products(images: np.ndarray) -> np.ndarray:
    """Sum of the products of all pairs of neighbours of images (..., y, x), each pair once."""
    down = np.einsum("...yx,...yx", images[..., 1:, :], images[..., :-1, :])
    return down + np.einsum("...yx,...yx", images[..., 1:], images[..., :-1])
