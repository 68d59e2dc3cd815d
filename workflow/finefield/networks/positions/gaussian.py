"""Gaussian filters and their derivatives."""

import math

import numpy as np
import torch

#: Parameters of a Gaussian: row and column of its centre [pixels], logarithm of its width [pixels],
#: and its elongation along the rows and along the diagonal.
ROW, COLUMN, LOG_WIDTH, ALONG, ACROSS = range(5)
#: Widths are kept between these: the narrowest is one pixel alone, the widest as wide as the crop.
NARROWEST = 0.4


def images(parameters: torch.Tensor, shape: tuple[int, int]) -> torch.Tensor:
    """Gaussians of unit norm on a crop.

    Parameters
    ----------
    parameters : Tensor, shape (filter, 5)
        See `ROW`. The covariance is width^2 exp(2 [[along, across], [across, -along]]).
    shape : (int, int)
        Rows and columns.

    Returns
    -------
    Tensor of float32, shape (filter, pixel)

    Examples
    --------
    >>> images(torch.tensor([[0.0, 0.0, 0.0, 0.0, 0.0]]), (1, 2)).numpy().round(3)
    array([[0.855, 0.519]], dtype=float32)
    """
    image, _ = _image(parameters, shape)
    return torch.from_numpy(image).float()


def derivatives(parameters: torch.Tensor, shape: tuple[int, int], n_free: int) -> torch.Tensor:
    """Derivatives (filter, free, pixel) of `images` by the first `n_free` parameters."""
    image, by_square = _image(parameters, shape)
    # A Gaussian changes by -1/2 its exponent's change, and is kept at unit norm.
    change = -image[:, None] * by_square[:, :n_free] / 2
    change -= (change * image[:, None]).sum(2, keepdims=True) * image[:, None]
    return torch.from_numpy(change).float()


def within(parameters: torch.Tensor, shape: tuple[int, int]) -> torch.Tensor:
    """The same parameters, centres on the crop and widths neither below a pixel nor above it."""
    low = torch.tensor([-0.5, -0.5, math.log(NARROWEST), -1.0, -1.0])
    high = torch.tensor([shape[0] - 0.5, shape[1] - 0.5, math.log(max(shape)), 1.0, 1.0])
    return torch.minimum(torch.maximum(parameters, low), high)


def _image(parameters: torch.Tensor, shape: tuple[int, int]) -> tuple[np.ndarray, np.ndarray]:
    """Gaussians (filter, pixel), and derivatives (filter, 5, pixel) of their exponents x -2."""
    own = parameters.double().numpy().T[:, :, None]
    row, column, log_width, along, across = own
    rows, columns = (part.ravel() for part in np.indices(shape))
    y, x = rows - row, columns - column
    square = np.maximum(along**2 + across**2, 1e-6)
    length = np.sqrt(square)
    even, odd = np.cosh(2 * length), np.sinh(2 * length) / length
    steep = (2 * even - odd) / square  # derivative of odd by half the square
    scale = np.exp(-2 * log_width)
    first, second, mixed = even - odd * along, even + odd * along, -odd * across
    exponent = scale * (first * y**2 + second * x**2 + 2 * mixed * y * x)
    by_square = [
        -2 * scale * (first * y + mixed * x),
        -2 * scale * (second * x + mixed * y),
        -2 * exponent,
        *(
            scale
            * (
                (2 * odd * one - steep * one * along - odd * (one is along)) * y**2
                + (2 * odd * one + steep * one * along + odd * (one is along)) * x**2
                - 2 * (steep * one * across + odd * (one is across)) * y * x
            )
            for one in (along, across)
        ),
    ]
    image = np.exp(-exponent / 2)
    image /= np.linalg.norm(image, axis=1, keepdims=True) + 1e-12
    return image, np.stack(by_square, 1)
