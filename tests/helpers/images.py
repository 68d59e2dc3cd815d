"""Images on a crop: blobs."""

import numpy as np

SHAPE = (24, 24)


def blob(y, x, sd=1.5, shape=SHAPE):
    """A Gaussian on the crop."""
    rows, columns = np.mgrid[: shape[0], : shape[1]]
    return np.exp(-((rows - y) ** 2 + (columns - x) ** 2) / (2 * sd**2))
