"""The subunits that a network found: its effective filters where they are read out, merged."""

from dataclasses import dataclass, replace

import numpy as np
import xarray as xr
from scipy.cluster.hierarchy import fcluster, linkage

from finefield.averages.ellipse import tiling
from finefield.averages.location import ellipse
from finefield.networks.network import Network
from finefield.networks.placement import drive_share, place
from finefield.responses.samples import TrainingData
from finefield.stimuli.movie import Stimulus
from finefield.subunits.filters import Filters, describe_filters
from finefield.subunits.removal import Removal, remove_each
from finefield.subunits.settings import FilterSettings

#: Places through which less of the drive passes are not looked at.
LEAST_SHARE = 1e-3


@dataclass(frozen=True)
class Subunits:
    """Subunits that a network found, and the placed filters that each of them is made of.

    Attributes
    ----------
    image : ndarray of float64, shape (found, y, x)
        Spatial profile on the crop, of unit norm, those of the largest share first [1].
    share : ndarray of float64, shape (found,)
        Part of the readout's drive that passes through it.
    ellipse : ndarray of float64, shape (found, 5)
        Centre (y, x), semi-axes of one SD [pixels] and angle [degree].
    filter : ndarray of int64, shape (placement,)
        Filter of each placement, those of the largest share first.
    y, x : ndarray of int64, shape (placement,)
        First row and column of the filter on the crop [pixels].
    placement_share : ndarray of float64, shape (placement,)
        Part of the readout's drive that passes there.
    found : ndarray of int64, shape (placement,)
        The subunit that it is part of; -1 if that one's share is too small.
    sign : ndarray of int64, shape (placement,)
        -1 if its time course is opposite to that of its subunit's largest placement, else 1.
    duplicate_of : ndarray of int64, shape (filter,)
        For a filter that stands nowhere for a subunit of its own, the filter that does so where
        its share is largest; -1 for other filters.
    """

    image: np.ndarray
    share: np.ndarray
    ellipse: np.ndarray
    filter: np.ndarray
    y: np.ndarray
    x: np.ndarray
    placement_share: np.ndarray
    found: np.ndarray
    sign: np.ndarray
    duplicate_of: np.ndarray

    def to_datasets(self, pixel_size: float) -> dict[str, xr.Dataset]:
        """As the groups "found" and "placements" of a file; `pixel_size` in µm."""
        y, x, major, minor, angle = self.ellipse.T
        found = {
            "found_subunit": (("found", "y", "x"), self.image),
            "share": ("found", self.share),
            "centre_y": ("found", y),
            "centre_x": ("found", x),
            "major": ("found", pixel_size * major),
            "minor": ("found", pixel_size * minor),
            "angle": ("found", angle),
        }
        placements = {
            "placed_filter": ("placement", self.filter),
            "first_y": ("placement", self.y),
            "first_x": ("placement", self.x),
            "share": ("placement", self.placement_share),
            "merged_into": ("placement", self.found),
            "sign": ("placement", self.sign),
        }
        return {"found": xr.Dataset(found), "placements": xr.Dataset(placements)}

    def tiling(self, field: np.ndarray) -> tuple[float, float]:
        """Coverage of the receptive field `field` (an ellipse on the crop), and overlap."""
        return tiling(self.ellipse, field)


def found_subunits(
    network: Network,
    stimulus: Stimulus,
    data: TrainingData,
    gain: np.ndarray,
    frame_rate: float,
    settings: FilterSettings,
    rng: np.random.Generator,
) -> tuple[Filters, Removal, Subunits]:
    """Describe a network's filters and find the subunits that they stand for.

    Filters that only repeat others are null.

    Parameters
    ----------
    network : Network
        A trained network.
    stimulus, data, gain, frame_rate
        As for `removal.remove_each`.
    settings : FilterSettings
        The keys of ``filters`` in the config.
    rng : numpy.random.Generator
        Source of the permutations.
    """
    cost = remove_each(network, stimulus, data, gain, frame_rate)
    filters = describe_filters(network, cost, settings, rng)
    subunits = merge(network, filters, settings)
    own = filters.effective & (subunits.duplicate_of < 0)
    return replace(filters, effective=own), cost, subunits


def merge(network: Network, filters: Filters, settings: FilterSettings) -> Subunits:
    """Merge placed filters that look alike at the same place.

    A filter that is read out at several places stands for several subunits of one shape; filters
    that cover each other on the crop, be it as shifted or as sign-reversed copies, stand for one.

    Parameters
    ----------
    network : Network
        A trained network.
    filters : Filters
        Its filters.
    settings : FilterSettings
        The keys of ``filters`` in the config.

    Returns
    -------
    Subunits
        Placed effective filters in groups by average linkage of their cosines on the crop; a
        subunit is the mean of its group, weighted by share. Those of a share below
        ``contribution_threshold`` are left out.
    """
    share, shape = drive_share(network), (network.height, network.width)
    used = np.argwhere((share >= LEAST_SHARE) & filters.effective[:, None, None])
    shares = share[tuple(used.T)]
    order = np.argsort(-shares, kind="stable")
    used, shares = used[order], shares[order]
    index, first = used[:, 0], network.stride * used[:, 1:]
    places = zip(filters.spatial[index], first, strict=True)
    placed = np.reshape([place(one, y, x, shape) for one, (y, x) in places], (-1, *shape))
    group = _groups(placed, settings.merge_cosine)
    totals = np.bincount(group, shares, 0)
    kept = np.flatnonzero(totals >= settings.contribution_threshold)
    kept = kept[np.argsort(-totals[kept], kind="stable")]
    found, sign = np.full(len(used), -1), np.ones(len(used), int)
    # Placements are in order of share: a group's first leads it, and a filter's first is its main.
    leads = index[np.unique(group, return_index=True)[1]]
    duplicate_of = np.full(len(share), -1)
    for one in np.setdiff1d(index, leads):
        duplicate_of[one] = leads[group[np.flatnonzero(index == one)[0]]]
    images = np.zeros((len(kept), *shape))
    for number, one in enumerate(kept):
        members = np.flatnonzero(group == one)
        found[members] = number
        courses = filters.temporal[index[members]]
        sign[members] = np.where(courses @ courses[0] < 0, -1, 1)
        image = np.tensordot(shares[members], placed[members], axes=1)
        images[number] = image / np.linalg.norm(image)
    ellipses = np.reshape([ellipse(image) for image in images], (-1, 5))
    parts = images, totals[kept], ellipses, index, *first.T, shares, found, sign
    return Subunits(*parts, duplicate_of)


def _groups(placed: np.ndarray, merge_cosine: float) -> np.ndarray:
    """Group of each placed filter (placement, y, x), from 0."""
    if len(placed) < 2:
        return np.zeros(len(placed), int)
    flat = placed.reshape(len(placed), -1)
    cosine = np.abs(flat @ flat.T)
    distance = 1 - cosine[np.triu_indices(len(placed), 1)]
    tree = linkage(np.maximum(distance, 0), "average")
    return fcluster(tree, 1 - merge_cosine, "distance") - 1
