"""What a cell's subunits add up to with white noise, from which thresholds and gains are set."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from finefield.simulation.settings import Output

#: Gaussian draws of the subunits' drives.
N_DRAWS = 20_000
#: The highest summed drive lies this many SDs of the sum without rectification above the mean; by
#: Gaussian concentration, exp(-5.5^2 / 2), fewer than 3 of 10 million frames exceed it.
PEAK_SD = 5.5


@dataclass(frozen=True)
class Summed:
    """Sum of the rectified drives of a cell's subunits, with white noise.

    Attributes
    ----------
    total : ndarray of float64, shape (draw,)
        The weighted sum.
    highest : float
        The highest sum to be expected.
    """

    total: np.ndarray
    highest: float

    def above_mean(self, n_sds: float) -> float:
        """The sum that lies a number of SDs above the mean."""
        return self.total.mean() + n_sds * self.total.std()

    def output(self, n_sds: float, rate: float) -> Output:
        """Threshold a number of SDs above the mean, and the gain that gives a mean rate [Hz]."""
        threshold = round_off(self.above_mean(n_sds))
        gain = rate / np.maximum(self.total - threshold, 0).mean()
        return Output(threshold=threshold, gain=round_off(gain))


def summed(
    images: np.ndarray,
    weights: np.ndarray,
    contrast_sd: float,
    rng: np.random.Generator,
    settled: Callable[[np.ndarray], np.ndarray] = lambda output: output,
) -> Summed:
    """Draw the sum of a cell's subunits.

    Parameters
    ----------
    images : ndarray, shape (subunit, pixel)
        Spatial filters, those of the opposite polarity negative [1].
    weights : ndarray, shape (subunit,)
        Weights [1].
    contrast_sd : float
        SD of the stimulus' contrast in a pixel [1].
    rng : numpy.random.Generator
        Source of the draws.
    settled : callable
        What synapses make of outputs (draw, subunit) in the long run.

    Notes
    -----
    The drives of subunits to white noise are sums over many pixels and frames and so nearly
    Gaussian, with the covariance of their spatial filters, as temporal filters have unit norm.
    """
    covariance = contrast_sd**2 * images @ images.T
    drive = _normal(covariance, rng)
    total = settled(np.maximum(drive, 0)) @ weights
    # The sum varies most where no subunit is rectified.
    signed = np.sqrt(weights @ covariance @ weights)
    return Summed(total, total.mean() + PEAK_SD * signed)


def _normal(covariance: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Draws (draw, subunit) of drives with a covariance, which is singular where subunits agree."""
    try:
        factor = np.linalg.cholesky(covariance)
    except np.linalg.LinAlgError:
        values, vectors = np.linalg.eigh(covariance)
        factor = vectors * np.sqrt(np.maximum(values, 0))
    return rng.standard_normal((N_DRAWS, len(covariance))) @ factor.T


def round_off(value: float) -> float:
    """To four significant digits, so that a config can be read.

    >>> round_off(0.123456), round_off(1234.56)
    (0.1235, 1235.0)
    """
    return float(f"{value:.4g}")
