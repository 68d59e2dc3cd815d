"""Cells grouped by how they transfer to one another."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.cluster.hierarchy import fcluster, leaves_list, linkage, optimal_leaf_ordering
from scipy.spatial.distance import squareform

from finefield.transfer.statistics import complete_cells


@dataclass(frozen=True)
class Clusters:
    """Cells grouped by how they transfer to one another.

    Attributes
    ----------
    label : ndarray of int, shape (cell,)
        Cluster of each cell, from 0 in the order of the tree; -1 for a cell without scores.
    order : ndarray of int, shape (cell,)
        Cells in the order of the tree; those without scores come last.
    silhouette : float
        Mean silhouette of the clusters; NaN for one cluster.
    """

    label: np.ndarray
    order: np.ndarray
    silhouette: float


def clusters(scores: np.ndarray, least: float = 0.7, most: int = 10) -> Clusters:
    """Group cells by mutual transfer.

    Parameters
    ----------
    scores : ndarray, shape (cell, cell)
        Of sources and targets that are the same cells in the same order.
    least : float
        Mean silhouette from which on a group is divided; above 0.7 is called a strong structure.
    most : int
        Most clusters that a group is divided into at once.

    Returns
    -------
    Clusters
        Of all cells whose row and column have no NaN.

    Notes
    -----
    Cells are alike if they transfer alike: the distance of two cells is one less the correlation of
    their profiles, the scores as source and as target with every cell. They are grouped by average
    linkage, leaves in the order of Bar-Joseph et al. 2001 (Bioinformatics 17:S22), and cut where
    the mean silhouette is largest, if that is at least `least` (Kaufman & Rousseeuw 1990, Finding
    groups in data, chapter 2). Each group is then divided in the same way, with profiles among its
    own cells, so that ON and OFF do not hide what differs within either.
    """
    whole = complete_cells(scores)
    cells, label = np.flatnonzero(whole), np.full(len(scores), -1)
    groups = _divide(scores, cells, least, most)
    for number, group in enumerate(groups):
        label[group] = number
    order = np.concatenate([*groups, np.flatnonzero(~whole)]).astype(int)
    silhouette = float("nan")
    if len(groups) > 1:
        distance = profile_distance(scores[np.ix_(cells, cells)])
        silhouette = _silhouette(distance, label[cells])
    return Clusters(label, order, silhouette)


def _divide(scores: np.ndarray, cells: np.ndarray, least: float, most: int) -> list[np.ndarray]:
    """Clusters of some cells, in the order of the tree."""
    if len(cells) < 4:
        return [cells]
    distance = profile_distance(scores[np.ix_(cells, cells)])
    condensed = squareform(distance, checks=False)
    tree = optimal_leaf_ordering(linkage(condensed, "average"), condensed)
    leaves = leaves_list(tree)
    cuts = [
        fcluster(tree, number, "maxclust") for number in range(2, min(most, len(cells) - 1) + 1)
    ]
    values = [_silhouette(distance, cut) for cut in cuts]
    best = int(np.argmax(values))
    if values[best] < least:
        return [cells[leaves]]
    cut = cuts[best][leaves]
    parts = np.split(cells[leaves], np.flatnonzero(np.diff(cut)) + 1)
    return [group for part in parts for group in _divide(scores, part, least, most)]


def _silhouette(distance: np.ndarray, label: np.ndarray) -> float:
    """Mean silhouette; -1 for one cluster."""
    from sklearn.metrics import silhouette_score

    if len(np.unique(label)) < 2:
        return -1.0
    return float(silhouette_score(distance, label, metric="precomputed"))


def profile_distance(scores: np.ndarray) -> np.ndarray:
    """Distance (cell, cell) of cells by how they transfer and are transferred to, from 0 to 2.

    One less the correlation of their profiles, the row and the column of each.
    """
    profiles = np.hstack([scores, scores.T])
    flat = np.ptp(profiles, axis=1) == 0
    with np.errstate(invalid="ignore", divide="ignore"):
        distance = np.clip(1 - np.corrcoef(profiles), 0, 2)
    # Cells without any structure are unlike all others.
    distance[flat], distance[:, flat] = 1, 1
    np.fill_diagonal(distance, 0)
    return distance


def type_agreement(label: np.ndarray, types: Sequence[str]) -> float:
    """Adjusted Rand index of clusters and known types: 1 if they are the same, 0 by chance.

    Cells of no cluster (-1) or of no known type ("") are left out; NaN if fewer than two are left.

    Examples
    --------
    >>> type_agreement(np.array([0, 0, 1, 1]), ["ON", "ON", "OFF", "OFF"])
    1.0
    """
    from sklearn.metrics import adjusted_rand_score

    used = (label >= 0) & (np.array(types) != "")
    if used.sum() < 2:
        return float("nan")
    return float(adjusted_rand_score(np.array(types)[used], label[used]))
