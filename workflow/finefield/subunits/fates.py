"""What became of each known subunit, and what each found one is."""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import nnls

from finefield.subunits.matching import match, unit_rows

#: Least part of a combination of images that each of its parts contributes.
LEAST_PART = 0.2


@dataclass(frozen=True)
class Fates:
    """What became of each known subunit, and what each found one is; the first that holds.

    A combination of images has non-negative weights. An image contributes to it if its weight times
    norm is at least `LEAST_PART` of their sum over all images. Two images are the same if their
    cosine reaches a limit.

    Attributes
    ----------
    subunit : ndarray of str, shape (subunit,)
        - ``"recovered"``: its match, from `match`, is the same.
        - ``"split"``: a combination of found images that match no recovered subunit is the same,
          and at least two of them contribute.
        - ``"merged"``: one of these found images is the same as a combination of known subunits of
          which at least two contribute, this one among them.
        - ``"missed"``.
    found : ndarray of str, shape (found,)
        - ``"matched"``: the match of a recovered subunit.
        - ``"part"``: contributes to the combination of a split subunit.
        - ``"merger"``: the one image in which a merged subunit was found.
        - ``"spurious"``.
    """

    subunit: np.ndarray
    found: np.ndarray


def classify(subunits: np.ndarray, filters: np.ndarray, recovered_cosine: float = 0.9) -> Fates:
    """Fate of each known and of each found subunit.

    Parameters
    ----------
    subunits : ndarray, shape (subunit, y, x)
        Known subunits on the crop.
    filters : ndarray, shape (found, y, x)
        Found ones.
    recovered_cosine : float
        Cosine from which two images count as the same.

    Returns
    -------
    Fates

    Notes
    -----
    The best combination is found by `scipy.optimize.nnls`.

    Examples
    --------
    >>> images = np.eye(4).reshape(4, 2, 2)
    >>> fates = classify(np.stack([images[0], images[1] + images[2]]), images)
    >>> fates.subunit.tolist(), fates.found.tolist()
    (['recovered', 'split'], ['matched', 'part', 'part', 'spurious'])
    """
    partner, recovered = _recovered(subunits, filters, recovered_cosine)
    matched = np.isin(np.arange(len(filters)), partner[recovered])
    # What matches a recovered subunit is explained: it is no part and no mixture of others.
    free = np.flatnonzero(~matched)
    known, others = unit_rows(subunits), unit_rows(filters)[free]
    parts = _contributions(known, others, recovered_cosine) & ~recovered[:, None]
    split = parts.any(1)
    mixed = _contributions(others, known, recovered_cosine) & ~(recovered | split)
    merged = mixed.any(0)
    is_part, is_merger = np.zeros((2, len(filters)), bool)
    is_part[free], is_merger[free] = parts.any(0), mixed.any(1)
    return Fates(
        np.select([recovered, split, merged], ["recovered", "split", "merged"], "missed"),
        np.select([matched, is_part, is_merger], ["matched", "part", "merger"], "spurious"),
    )


def precision_and_recall(
    subunits: np.ndarray, filters: np.ndarray, recovered_cosine: float = 0.9
) -> tuple[float, float]:
    """Part of the found subunits that are known ones, and of the known ones that were found.

    Parameters
    ----------
    subunits, filters, recovered_cosine
        As for `classify`.

    Returns
    -------
    precision : float
        Found subunits that match a recovered one, over all found; NaN if nothing was found.
    recall : float
        Recovered subunits over all known; NaN without known ones.

    Examples
    --------
    >>> images = np.eye(4).reshape(4, 2, 2)
    >>> precision_and_recall(images, images[:1])
    (1.0, 0.25)
    """
    n_recovered = int(_recovered(subunits, filters, recovered_cosine)[1].sum())
    n_found, n_known = len(filters), len(subunits)
    precision = n_recovered / n_found if n_found else float("nan")
    return precision, n_recovered / n_known if n_known else float("nan")


def _recovered(
    subunits: np.ndarray, filters: np.ndarray, recovered_cosine: float
) -> tuple[np.ndarray, np.ndarray]:
    """Match of each subunit, and whether it recovers it (subunit,)."""
    partner, cosine = match(subunits, filters)
    return partner, (partner >= 0) & (cosine >= recovered_cosine)


def _contributions(targets: np.ndarray, parts: np.ndarray, least_cosine: float) -> np.ndarray:
    """Which parts make up each target, as (target, part); none if fewer than two do.

    Targets and parts are rows of unit norm, so that a weight is a weight times norm.
    """
    contributes = np.zeros((len(targets), len(parts)), bool)
    if len(parts) < 2:
        return contributes
    for target, row in zip(targets, contributes, strict=True):
        # The nearest point of a cone is also the one of the largest cosine.
        weight, _ = nnls(parts.T, target)
        combined = weight @ parts
        if combined @ target >= least_cosine * np.linalg.norm(combined) and weight.any():
            row[:] = weight >= LEAST_PART * weight.sum()
            row &= row.sum() >= 2
    return contributes
