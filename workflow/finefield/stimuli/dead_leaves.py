"""Synthetic images with natural statistics: discs that cover one another."""

import math

import numpy as np
from numba import njit

#: Radius of the smallest discs [pixels], and of the largest in sides of the image.
LEAST, MOST = 1.0, 0.5
#: Discs that are laid at once.
DISCS = 4096


def dead_leaves(
    n_images: int, height: int, width: int, rng: np.random.Generator
) -> dict[str, np.ndarray]:
    """Images of discs of one grey each that cover one another, as leaves on the ground.

    Parameters
    ----------
    n_images : int
        Number of images; more of them begin with the same ones.
    height, width : int
        Size [pixels].
    rng : numpy.random.Generator
        Source of randomness.

    Returns
    -------
    dict of str to ndarray of float32, shape (y, x)
        Name -> grey values from 0 to 1, equally often each.

    Notes
    -----
    With a density of radii that falls as radius^-3 images look alike at all scales, and their
    amplitude spectrum falls about as 1 / frequency, as that of photographs does (Ruderman 1997,
    Vision Res. 37:3385; Lee, Mumford & Huang 2001, Int. J. Comput. Vis. 41:35). Discs are laid from
    the front to the back, each seen only where none before it lies, until nothing is bare.

    Examples
    --------
    >>> images = dead_leaves(2, 16, 20, np.random.default_rng(0))
    >>> list(images), images["leaves000"].shape
    (['leaves000', 'leaves001'], (16, 20))
    """
    return {
        f"leaves{number:03d}": _image(height, width, rng.spawn(1)[0]) for number in range(n_images)
    }


def _image(height: int, width: int, rng: np.random.Generator) -> np.ndarray:
    image = np.full((height, width), np.nan, np.float32)
    most = MOST * max(height, width)
    while np.isnan(image).any():
        # By inversion of the cumulative distribution of radii.
        radius = (LEAST**-2 - rng.random(DISCS) * (LEAST**-2 - most**-2)) ** -0.5
        # Centres beyond the border, too, from where a disc reaches in.
        y = rng.uniform(-most, height + most, DISCS)
        x = rng.uniform(-most, width + most, DISCS)
        _lay(image, y, x, radius, rng.random(DISCS, np.float32))
    return image


@njit(cache=True)
def _lay(image: np.ndarray, y: np.ndarray, x: np.ndarray, radius: np.ndarray, grey: np.ndarray):
    """Lay discs one after the other where nothing lies yet, NaN."""
    height, width = image.shape
    for disc in range(len(y)):
        top, left = math.ceil(y[disc] - radius[disc]), math.ceil(x[disc] - radius[disc])
        bottom, right = math.floor(y[disc] + radius[disc]), math.floor(x[disc] + radius[disc])
        for row in range(max(0, top), min(height, bottom + 1)):
            for column in range(max(0, left), min(width, right + 1)):
                far = (row - y[disc]) ** 2 + (column - x[disc]) ** 2
                if far <= radius[disc] ** 2 and np.isnan(image[row, column]):
                    image[row, column] = grey[disc]
