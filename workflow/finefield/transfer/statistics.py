"""What a grid of transfer says: own against other cells, symmetry, relations to similarity."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import rankdata, wilcoxon


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
    cells = np.flatnonzero(complete_cells(scores + np.where(np.eye(len(scores)), 0, similarity)))
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


def complete_cells(scores: np.ndarray) -> np.ndarray:
    """Cells left when those with most missing scores (cell, cell) are taken away, bool (cell,)."""
    whole = np.ones(len(scores), bool)
    while (missing := np.isnan(scores) & whole & whole[:, None]).any():
        whole[np.argmax(missing.sum(0) + missing.sum(1))] = False
    return whole
