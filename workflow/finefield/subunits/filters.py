"""What a network's filters look like, and which of them matter."""

from dataclasses import dataclass

import numpy as np

from finefield.averages.separation import separate
from finefield.networks.network import Network
from finefield.networks.placement import drive_share, place
from finefield.subunits.autocorrelation import morans_i, morans_i_null
from finefield.subunits.removal import Removal
from finefield.subunits.settings import FilterSettings

#: Permutations of the pixels of a filter that give the null of its Moran's I.
N_PERMUTATIONS = 999


@dataclass(frozen=True)
class Filters:
    """The filters of one network, each split in space and time.

    Attributes
    ----------
    temporal : ndarray, shape (filter, lag)
        Temporal profiles, which carry polarity and scale [1].
    spatial : ndarray, shape (filter, y, x)
        Spatial profiles of unit norm, their peak positive [1].
    explained : ndarray, shape (filter,)
        Part of each filter's energy in the product of the two; NaN for a filter of zeros.
    placed : ndarray, shape (filter, crop y, crop x)
        Spatial profiles on the crop, at the position of the largest readout weight.
    morans_i : ndarray, shape (filter,)
        Moran's I of the spatial profiles; NaN for a filter of zeros.
    morans_p : ndarray, shape (filter,)
        Probability of such a Moran's I, or a larger one, with the profile's pixels permuted.
    contribution : ndarray, shape (filter,)
        Part of the readout's drive that passes through each filter.
    effective : ndarray of bool, shape (filter,)
        Effective rather than null.
    """

    temporal: np.ndarray
    spatial: np.ndarray
    explained: np.ndarray
    placed: np.ndarray
    morans_i: np.ndarray
    morans_p: np.ndarray
    contribution: np.ndarray
    effective: np.ndarray


def describe_filters(
    network: Network, removal: Removal, settings: FilterSettings, rng: np.random.Generator
) -> Filters:
    """Split a network's filters in space and time and tell effective from null ones.

    Parameters
    ----------
    network : Network
        A trained network.
    removal : Removal
        What the validation data say about each filter.
    settings : FilterSettings
        The keys of ``filters`` in the config.
    rng : numpy.random.Generator
        Source of the permutations.

    Returns
    -------
    Filters
        A filter is effective if its spatial profile is autocorrelated, if it carries enough of the
        readout's drive, and if the validation loss rises without it.

    Notes
    -----
    Yan et al. 2020: rank-one form of each filter; null filters by spatial autocorrelation.
    """
    parts = [separate(weight) for weight in network.weight]
    temporal = np.stack([part[0] for part in parts])
    spatial = np.stack([part[1] * np.isfinite(part[2]) for part in parts])  # zeros stay zeros
    autocorrelation = np.array([morans_i(one) for one in spatial])
    chance = morans_i_null(spatial, N_PERMUTATIONS, rng)
    share = drive_share(network).sum((1, 2))
    if settings.autocorrelation == "permutation":
        smooth = chance <= settings.morans_p_threshold
    else:
        smooth = ~(autocorrelation < settings.morans_i_threshold)  # one pixel has none
    effective = smooth & (share > 0) & (share >= settings.contribution_threshold)
    if settings.removal_errors is not None:
        effective &= removal.cost >= settings.removal_errors * removal.error
    return Filters(
        temporal=temporal,
        spatial=spatial,
        explained=np.array([part[2] for part in parts]),
        placed=_placed(network, spatial),
        morans_i=autocorrelation,
        morans_p=chance,
        contribution=share,
        effective=effective,
    )


def _placed(network: Network, spatial: np.ndarray) -> np.ndarray:
    """Spatial profiles (filter, crop y, crop x) where their influence on the output is largest."""
    influence = network.influence()
    peaks = influence.reshape(len(spatial), -1).argmax(1)
    rows, columns = network.stride * np.array(np.unravel_index(peaks, influence.shape[1:]))
    shape = network.height, network.width
    return np.stack([place(*each, shape) for each in zip(spatial, rows, columns, strict=True)])
