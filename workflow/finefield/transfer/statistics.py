"""What a grid of transfer says: own against other cells, structure, symmetry, relations."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.cluster.hierarchy import fcluster, leaves_list, linkage, optimal_leaf_ordering
from scipy.spatial.distance import squareform
from scipy.stats import rankdata, wilcoxon

from finefield.subunits.matching import matched_similarity


@dataclass(frozen=True)
class OwnAgainstOthers:
    """How a cell's own network compares with those of other cells.

    Attributes
    ----------
    advantage : float
        Median over target cells of the own network's score less the mean of the others' [1].
    p_value : float
        Of the one-sided Wilcoxon signed-rank test of these differences; NaN for fewer than two.
    n_targets : int
        Target cells with a score of their own network and of another.
    rank : ndarray, shape (target,)
        Rank of the own network among all, from 1; NaN where it has no score.
    """

    advantage: float
    p_value: float
    n_targets: int
    rank: np.ndarray


def own_against_others(
    scores: np.ndarray, sources: Sequence[str], targets: Sequence[str]
) -> OwnAgainstOthers:
    """Compare each target cell's own network with all others, as pairs over targets.

    Parameters
    ----------
    scores : ndarray, shape (source, target)
        Correlation of each network with each cell; NaN where there is none.
    sources, targets : sequence of str
        Names of the cells.

    Returns
    -------
    OwnAgainstOthers

    Notes
    -----
    Wilcoxon 1945 (Biometrics Bull. 1:80).

    Examples
    --------
    >>> grid = np.array([[0.9, 0.2], [0.4, 0.8]])
    >>> found = own_against_others(grid, ["a", "b"], ["a", "b"])
    >>> round(found.advantage, 2), found.rank.tolist()
    (0.55, [1.0, 1.0])
    """
    own = np.array(sources)[:, None] == np.array(targets)
    ranks = np.full(len(targets), np.nan)
    difference = np.full(len(targets), np.nan)
    for target, column in enumerate(scores.T):
        mine, known = own[:, target], np.isfinite(column)
        if (mine & known).any():
            ranks[target] = rankdata(-column[known])[mine[known]][0]
            if (known & ~mine).any():
                difference[target] = column[mine][0] - column[known & ~mine].mean()
    difference = difference[np.isfinite(difference)]
    if not difference.size:
        return OwnAgainstOthers(np.nan, np.nan, 0, ranks)
    tested = difference.size > 1 and difference.any()
    p_value = wilcoxon(difference, alternative="greater").pvalue if tested else np.nan
    return OwnAgainstOthers(float(np.median(difference)), float(p_value), difference.size, ranks)


def share_above(
    scores: np.ndarray, limit: np.ndarray, sources: Sequence[str], targets: Sequence[str]
) -> float:
    """Share of the pairs of different cells whose score is above the target's `limit` (target,).

    NaN without any such pair.

    Examples
    --------
    >>> grid = np.array([[0.9, 0.2], [0.4, 0.8]])
    >>> share_above(grid, np.array([0.3, 0.3]), ["a", "b"], ["a", "b"])
    0.5
    """
    other = np.array(sources)[:, None] != np.array(targets)
    used = other & np.isfinite(scores) & np.isfinite(limit)
    return float((scores > limit)[used].mean()) if used.any() else float("nan")


def symmetry(scores: np.ndarray) -> tuple[float, float]:
    """How alike transfer is in both directions.

    Parameters
    ----------
    scores : ndarray, shape (cell, cell)
        Sources and targets are the same cells in the same order.

    Returns
    -------
    correlation : float
        Of the scores of all pairs of different cells with those of the reverse; NaN for fewer than
        three cells.
    difference : float
        Mean size of their difference [1].

    Examples
    --------
    >>> symmetry(np.array([[1, 0.2, 0.4], [0.2, 1, 0.6], [0.4, 0.6, 1]]))
    (1.0, 0.0)
    """
    different = ~np.eye(len(scores), dtype=bool)
    one, other = scores[different], scores.T[different]
    used = np.isfinite(one) & np.isfinite(other)
    one, other = one[used], other[used]
    difference = float(np.abs(one - other).mean()) if one.size else float("nan")
    if one.size < 6 or np.ptp(one) == 0:
        return float("nan"), difference
    return round(float(np.corrcoef(one, other)[0, 1]), 12), difference


def relation(
    scores: np.ndarray, similarity: np.ndarray, rng: np.random.Generator, n_permutations: int = 999
) -> tuple[float, float]:
    """Whether cells that are alike transfer better to each other.

    Parameters
    ----------
    scores, similarity : ndarray, shape (cell, cell)
        Of sources and targets that are the same cells in the same order.
    rng : numpy.random.Generator
        Source of the permutations.
    n_permutations : int
        Permutations of the cells.

    Returns
    -------
    correlation : float
        Rank correlation over pairs of different cells; NaN for fewer than four cells.
    p_value : float
        Part of the permutations, which relabel the cells of `similarity`, that reach it.

    Notes
    -----
    Mantel 1967 (Cancer Res. 27:209), with ranks: pairs that share a cell are not independent, so
    that cells are permuted and not pairs.
    """
    cells = np.flatnonzero(_whole(scores + np.where(np.eye(len(scores)), 0, similarity)))
    pairs = ~np.eye(len(cells), dtype=bool)
    if len(cells) < 4:
        return float("nan"), float("nan")
    ranks = []
    for values in (scores, similarity):
        ranked = np.zeros(pairs.shape)
        ranked[pairs] = rankdata(values[np.ix_(cells, cells)][pairs])
        ranked[pairs] -= ranked[pairs].mean()
        ranks.append(ranked)
    size = np.sqrt((ranks[0] ** 2).sum() * (ranks[1] ** 2).sum())
    if size == 0:
        return float("nan"), float("nan")

    def correlate(order: np.ndarray) -> float:
        return float((ranks[0] * ranks[1][np.ix_(order, order)]).sum() / size)

    found = correlate(np.arange(len(cells)))
    drawn = [correlate(rng.permutation(len(cells))) for _ in range(n_permutations)]
    # Rounding must not tell equal ones apart.
    reached = np.sum(np.array(drawn) >= found - 1e-12)
    return found, float((1 + reached) / (1 + n_permutations))


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
    whole = _whole(scores)
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


def subunit_similarity(subunits: Sequence[np.ndarray | None]) -> np.ndarray:
    """How alike the subunits of cells are, wherever the cells lie.

    Parameters
    ----------
    subunits : sequence of ndarray, shape (found, y, x), or None
        Subunits of each cell on its crop; crops may differ. None for a cell without a result.

    Returns
    -------
    ndarray, shape (cell, cell)
        As `matching.matched_similarity` of two cells after the centres of mass of their summed
        subunits are put on one another, to the pixel; NaN for cells without a result.
    """
    known = [one for one in subunits if one is not None]
    side = 2 * max((max(one.shape[1:]) for one in known), default=1) + 1
    centred = [None if one is None else _centred(one, side) for one in subunits]
    found = np.full((len(subunits), len(subunits)), np.nan)
    for one, first in enumerate(centred):
        for other, second in enumerate(centred[: one + 1]):
            if first is not None and second is not None:
                found[one, other] = found[other, one] = matched_similarity(first, second)
    return found


def temporal_similarity(filters: np.ndarray) -> np.ndarray:
    """Cosine of temporal filters (cell, lag), whatever their sign: (cell, cell) [1].

    Examples
    --------
    >>> temporal_similarity(np.array([[1.0, 0.0], [-2.0, 0.0], [1.0, 1.0]])).round(2)[0].tolist()
    [1.0, 1.0, 0.71]
    """
    unit = filters / np.linalg.norm(filters, axis=1, keepdims=True)
    return np.abs(unit @ unit.T)


def _whole(scores: np.ndarray) -> np.ndarray:
    """Cells that are left when those with the most missing scores are taken away."""
    whole = np.ones(len(scores), bool)
    while (missing := np.isnan(scores) & whole & whole[:, None]).any():
        whole[np.argmax(missing.sum(0) + missing.sum(1))] = False
    return whole


def _centred(images: np.ndarray, side: int) -> np.ndarray:
    """Images (found, y, x) on a frame of `side` pixels, their centre of mass in its middle."""
    total = np.abs(images).sum(0)
    frame = np.zeros((len(images), side, side))
    if total.any():
        rows, columns = np.indices(total.shape)
        centre = [float((axis * total).sum() / total.sum()) for axis in (rows, columns)]
        # Halves go up, wherever the cell lies; rounding errors must not decide.
        y, x = (math.floor(round(one, 6) + 0.5) for one in centre)
        top, left = side // 2 - y, side // 2 - x
        frame[:, top : top + images.shape[1], left : left + images.shape[2]] = images
    return frame
