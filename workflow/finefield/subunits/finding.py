"""The subunits that a network found: its effective filters where they are read out, merged."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.cluster.hierarchy import fcluster, linkage

from finefield.averages.ellipse import Ellipse, tiling
from finefield.networks.known import Known
from finefield.networks.network import Network
from finefield.networks.placement import drive_share, place
from finefield.subunits.filters import Filters, describe_filters
from finefield.subunits.removal import Removal, remove_each
from finefield.subunits.settings import FilterSettings

#: Places through which less of the drive passes are not looked at.
LEAST_SHARE = 1e-3


@dataclass(frozen=True)
class Placements:
    """Places where effective filters are read out, those of the largest share first.

    Attributes
    ----------
    placed_filter : ndarray of int64, shape (placement,)
        The filter.
    first_y, first_x : ndarray of int64, shape (placement,)
        Its first row and column on the crop [pixels].
    share : ndarray of float64, shape (placement,)
        Part of the readout's drive that passes there.
    merged_into : ndarray of int64, shape (placement,)
        The subunit that it is part of; -1 if that one's share is too small.
    sign : ndarray of int64, shape (placement,)
        -1 if its time course is opposite to that of its subunit's largest placement, else 1.
    """

    placed_filter: np.ndarray
    first_y: np.ndarray
    first_x: np.ndarray
    share: np.ndarray
    merged_into: np.ndarray
    sign: np.ndarray


@dataclass(frozen=True)
class Subunits:
    """Subunits that a network found, and the placed filters that each of them is made of.

    Attributes
    ----------
    image : ndarray of float64, shape (found, y, x)
        Spatial profile on the crop, of unit norm, those of the largest share first [1].
    share : ndarray of float64, shape (found,)
        Part of the readout's drive that passes through it.
    ellipse : tuple of Ellipse
        That of each image, on the crop.
    placements : Placements
        What they are made of.
    duplicate_of : ndarray of int64, shape (filter,)
        For a filter that stands nowhere for a subunit of its own, the filter that does so where
        its share is largest; -1 for other filters.
    """

    image: np.ndarray
    share: np.ndarray
    ellipse: tuple[Ellipse, ...]
    placements: Placements
    duplicate_of: np.ndarray

    def tiling(self, field: Ellipse) -> tuple[float, float]:
        """Coverage of the receptive field `field`, an ellipse on the crop, and overlap."""
        return tiling(self.ellipse, field)


def found_subunits(
    network: Network, known: Known, settings: FilterSettings, rng: np.random.Generator
) -> tuple[Filters, Removal, Subunits]:
    """`found_by_each` of one network."""
    return found_by_each([network], known, settings, rng)[0]


def found_by_each(
    networks: Sequence[Network], known: Known, settings: FilterSettings, rng: np.random.Generator
) -> list[tuple[Filters, Removal, Subunits]]:
    """Describe the filters of networks and find the subunits that they stand for.

    Filters that only repeat others are null.

    Parameters
    ----------
    networks : sequence of Network
        Trained networks of one training, such as its starts.
    known : Known
        What they were trained on.
    settings : FilterSettings
        As from `FilterSettings.of_network`.
    rng : numpy.random.Generator
        Source of the permutations.
    """
    found = []
    for network, cost in zip(networks, remove_each(networks, known), strict=True):
        filters = describe_filters(network, cost, settings, rng)
        subunits = merge(network, filters, settings)
        own = filters.effective & (subunits.duplicate_of < 0)
        found.append((replace(filters, effective=own), cost, subunits))
    return found


def merge(network: Network, filters: Filters, settings: FilterSettings) -> Subunits:
    """Merge placed filters that look alike at the same place.

    A filter that is read out at several places stands for several subunits of one shape. Filters
    that cover each other on the crop, as shifted or as sign-reversed copies, stand for one.

    Parameters
    ----------
    network, filters
        A trained network and its filters.
    settings : FilterSettings
        The keys of ``filters`` in the config.

    Returns
    -------
    Subunits
        Means, weighted by share, of groups of placed effective filters, by average linkage of
        their cosines on the crop; those of a share from ``contribution_threshold`` on.
    """
    (index, first, share), shape = _places(network, filters), (network.height, network.width)
    places = zip(filters.spatial[index], first, strict=True)
    placed = np.reshape([place(one, y, x, shape) for one, (y, x) in places], (-1, *shape))
    group = _groups(placed, settings.merge_cosine)
    totals = np.bincount(group, share, 0)
    kept = np.flatnonzero(totals >= settings.contribution_threshold)
    kept = kept[np.argsort(-totals[kept], kind="stable")]
    found, sign = np.full(len(index), -1), np.ones(len(index), int)
    images = np.zeros((len(kept), *shape))
    for number, one in enumerate(kept):
        members = np.flatnonzero(group == one)
        found[members] = number
        courses = filters.temporal[index[members]]
        sign[members] = np.where(courses @ courses[0] < 0, -1, 1)
        image = np.tensordot(share[members], placed[members], axes=1)
        images[number] = image / np.linalg.norm(image)
    return Subunits(
        image=images,
        share=totals[kept],
        ellipse=tuple(map(Ellipse.of, images)),
        placements=Placements(
            placed_filter=index,
            first_y=first[:, 0],
            first_x=first[:, 1],
            share=share,
            merged_into=found,
            sign=sign,
        ),
        duplicate_of=_duplicates(index, group, len(network.weight)),
    )


def _places(network: Network, filters: Filters) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Filter, first (y, x) on the crop and share of each placement, the largest share first."""
    share = drive_share(network)
    used = np.argwhere((share >= LEAST_SHARE) & filters.effective[:, None, None])
    shares = share[tuple(used.T)]
    order = np.argsort(-shares, kind="stable")
    return used[order, 0], network.stride * used[order, 1:], shares[order]


def _groups(placed: np.ndarray, merge_cosine: float) -> np.ndarray:
    """Group of each placed filter (placement, y, x), from 0."""
    if len(placed) < 2:
        return np.zeros(len(placed), int)
    flat = placed.reshape(len(placed), -1)
    cosine = np.abs(flat @ flat.T)
    distance = 1 - cosine[np.triu_indices(len(placed), 1)]
    tree = linkage(np.maximum(distance, 0), "average")
    return fcluster(tree, 1 - merge_cosine, "distance") - 1


def _duplicates(index: np.ndarray, group: np.ndarray, n_filters: int) -> np.ndarray:
    """`Subunits.duplicate_of` from the filter and the group of each placement."""
    # Placements are in order of share: a group's first leads it, and a filter's first is its main.
    leads = index[np.unique(group, return_index=True)[1]]
    duplicate_of = np.full(n_filters, -1)
    for one in np.setdiff1d(index, leads):
        duplicate_of[one] = leads[group[np.flatnonzero(index == one)[0]]]
    return duplicate_of
