"""Spatial filters of subunits: blocks, Gaussians and patches of pixels."""

from collections.abc import Sequence

import numpy as np

from finefield.base.errors import UserError
from finefield.simulation.settings import Block, Gaussian, Patch
from finefield.stimuli.window import Window


def subunit_image(settings: Block | Gaussian | Patch, shape: tuple[int, int]) -> np.ndarray:
    """Spatial filter of one subunit on a crop of a shape; UserError if it leaves the crop."""
    if settings.shape == "block":
        return block_subunit(settings.y, settings.x, settings.height, settings.width, shape)
    if settings.shape == "patch":
        return patch_subunit(settings.pixels, shape)
    own = settings.ratio, settings.angle
    return gaussian_subunit(settings.y, settings.x, settings.sigma, shape, *own)


def subunit_sign(settings: Block | Gaussian | Patch, polarity: str) -> float:
    """1 for a subunit of its cell's polarity, -1 for one of the other."""
    return 1.0 if settings.polarity in (None, polarity) else -1.0


def block_subunit(y: int, x: int, height: int, width: int, shape: tuple[int, int]) -> np.ndarray:
    """Spatial filter of ones on a rectangle of the crop.

    Parameters
    ----------
    y, x : int
        First row and column on the crop [pixels].
    height, width : int
        Size [pixels].
    shape : (int, int)
        Rows and columns of the crop.

    Returns
    -------
    ndarray of float64, shape `shape`

    Raises
    ------
    UserError
        If the rectangle leaves the crop.

    Examples
    --------
    >>> block_subunit(0, 1, 1, 2, shape=(2, 3))
    array([[0., 1., 1.],
           [0., 0., 0.]])
    """
    window = Window(y, x, height, width)
    window.check_inside(*shape, name="subunit on its crop")
    spatial = np.zeros(shape)
    spatial[window.slices] = 1
    return spatial


def gaussian_subunit(
    y: float,
    x: float,
    sigma: float,
    shape: tuple[int, int],
    ratio: float = 1.0,
    angle: float = 0.0,
) -> np.ndarray:
    """Gaussian spatial filter with its peak of 1 at (y, x).

    Parameters
    ----------
    y, x : float
        Centre on the crop [pixels]; whole numbers are pixel centres.
    sigma : float
        Standard deviation [pixels]; of an ellipse, the geometric mean of both.
    shape : (int, int)
        Rows and columns of the crop.
    ratio, angle : float
        Long axis over short one, and the long axis' angle from the x axis to the y axis [degree].

    Returns
    -------
    ndarray of float64, shape `shape`

    Raises
    ------
    UserError
        If the centre lies outside the crop.

    Examples
    --------
    >>> gaussian_subunit(0, 0, 1, shape=(1, 3)).round(3)
    array([[1.   , 0.607, 0.135]])
    """
    if not (0 <= y <= shape[0] - 1 and 0 <= x <= shape[1] - 1):
        raise UserError(
            "subunit on its crop",
            f"centre ({y}, {x})",
            f"a centre from (0, 0) to ({shape[0] - 1}, {shape[1] - 1})",
            "move the subunit or enlarge the crop",
        )
    rows, columns = np.ogrid[: shape[0], : shape[1]]
    cosine, sine = np.cos(np.deg2rad(angle)), np.sin(np.deg2rad(angle))
    along = (columns - x) * cosine + (rows - y) * sine
    across = (rows - y) * cosine - (columns - x) * sine
    return np.exp(-(along**2 / ratio + across**2 * ratio) / (2 * sigma**2))


def patch_subunit(pixels: Sequence[Sequence[int]], shape: tuple[int, int]) -> np.ndarray:
    """Spatial filter of ones on given pixels of the crop.

    Parameters
    ----------
    pixels : sequence of (int, int)
        Row and column of each.
    shape : (int, int)
        Rows and columns of the crop.

    Returns
    -------
    ndarray of float64, shape `shape`

    Raises
    ------
    UserError
        If a pixel leaves the crop.

    Examples
    --------
    >>> patch_subunit([[0, 1], [1, 1]], shape=(2, 3))
    array([[0., 1., 0.],
           [0., 1., 0.]])
    """
    spatial = np.zeros(shape)
    for y, x in pixels:
        Window(y, x, 1, 1).check_inside(*shape, name="pixel of a subunit on its crop")
        spatial[y, x] = 1
    return spatial


def tiles(centres: np.ndarray, size: int, side: int, rng: np.random.Generator) -> list[np.ndarray]:
    """Patches of pixels that grow side by side, without overlap, each from its centre.

    Parameters
    ----------
    centres : ndarray, shape (patch, 2)
        Where patches begin, or at the nearest pixel that is free [pixels].
    size : int
        Pixels of each patch; fewer where its neighbours leave it no room.
    side : int
        Rows and columns of the crop.
    rng : numpy.random.Generator
        Source of the pixels that are taken.

    Returns
    -------
    list of ndarray of int, each of shape (pixel, 2)

    Examples
    --------
    >>> one, two = tiles(np.array([[0, 0], [3, 3]]), 4, 4, np.random.default_rng(0))
    >>> len(one), len(two), set(map(tuple, one)) & set(map(tuple, two))
    (4, 4, set())
    """
    owner = np.full((side + 2, side + 2), -1)
    owner[[0, -1]] = owner[:, [0, -1]] = len(centres)  # a frame of no one's pixels
    steps = np.array([(0, 1), (1, 0), (0, -1), (-1, 0)])
    patches: list[list] = [[] for _ in centres]
    for turn in range(size):
        for number in rng.permutation(len(centres)):
            if turn:
                around = (np.array(patches[number])[:, None] + steps).reshape(-1, 2)
                free = around[owner[tuple(around.T)] == -1]
            else:
                free = np.argwhere(owner == -1)
                free = free[[((free - 1 - centres[number]) ** 2).sum(1).argmin()]]
            if len(free):
                pixel = free[rng.integers(len(free))]
                owner[tuple(pixel)] = number
                patches[number].append(pixel)
    return [np.array(patch).reshape(-1, 2) - 1 for patch in patches]
