"""The Poisson loss."""

from typing import TypeVar

import numpy as np

Array = TypeVar("Array")


def poisson_loss(expected: Array, count: Array) -> Array:
    """Negative Poisson log-likelihood of each frame, without the term of the counts alone.

    Parameters
    ----------
    expected : ndarray or Tensor, shape (sample, ...)
        Spikes expected in each frame.
    count : ndarray or Tensor, of a shape that broadcasts with it
        Spikes counted.

    Returns
    -------
    ndarray or Tensor
        Of the same kind. Far below threshold a softplus underflows to 0; a spike there costs about
        87, not infinity.

    Examples
    --------
    >>> poisson_loss(np.array([1.0, 0.5]), np.array([2.0, 0.0])).tolist()
    [1.0, 0.5]
    """
    likely = expected.clip(min=1e-38)
    return expected - count * (np.log(likely) if isinstance(likely, np.ndarray) else likely.log())
