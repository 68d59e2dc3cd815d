"""The subunits that a network found beside the known ones of a simulated cell."""

from dataclasses import dataclass

import numpy as np

from finefield.averages.ellipse import Ellipse, overlap
from finefield.subunits.chance import chance_levels, region
from finefield.subunits.fates import classify, precision_and_recall
from finefield.subunits.matching import cosines, match, matched_similarity


@dataclass(frozen=True)
class Comparison:
    """Found subunits, matched one to one to known ones.

    Attributes
    ----------
    matched_found : ndarray of int64, shape (subunit,)
        Found subunit that is assigned to each known one; -1 for none.
    matched : ndarray of float64, shape (subunit, y, x)
        Its spatial profile on the crop; zeros for none.
    cosine : ndarray of float64, shape (subunit,)
        Cosine of each known subunit and its match; 0 without one.
    found_cosine : ndarray of float64, shape (subunit, found)
        Cosine of every known subunit and every found one.
    ellipse_overlap : ndarray of float64, shape (subunit,)
        Overlap of their ellipses; 0 without a match.
    fate : ndarray of str, shape (subunit,)
        What became of each known subunit, as in `Fates`.
    found_fate : ndarray of str, shape (found,)
        What each found one is.
    precision, recall : float
        As from `precision_and_recall`.
    similarity : float
        As from `matched_similarity`.
    chance_similarity, chance_low, chance_high : float
        The same with every found subunit at random places: mean, 2.5% and 97.5% quantile; NaN
        without any.
    n_known : int
        Number of known subunits.
    """

    matched_found: np.ndarray
    matched: np.ndarray
    cosine: np.ndarray
    found_cosine: np.ndarray
    ellipse_overlap: np.ndarray
    fate: np.ndarray
    found_fate: np.ndarray
    precision: float
    recall: float
    similarity: float
    chance_similarity: float
    chance_low: float
    chance_high: float
    n_known: int


def compare(
    known: np.ndarray, found: np.ndarray, recovered_cosine: float, rng: np.random.Generator
) -> Comparison:
    """Match found subunits one to one to known ones, and say what became of each.

    Parameters
    ----------
    known : ndarray, shape (subunit, y, x)
        Known subunits on the crop.
    found : ndarray, shape (found, y, x)
        Found ones; there may be none.
    recovered_cosine : float
        Least cosine of a recovered subunit.
    rng : numpy.random.Generator
        Source of the random places that give the chance level.

    Returns
    -------
    Comparison
    """
    matched, cosine = match(known, found)
    # A subunit without a match (-1) picks the entry appended for it.
    shown = np.append(found, np.zeros_like(known[:1]), axis=0)[matched]
    overlaps = [
        overlap(Ellipse.of(one), Ellipse.of(other)) if number >= 0 else 0.0
        for one, other, number in zip(known, shown, matched, strict=True)
    ]
    levels = chance_levels(known, found, region(known), rng)
    low, high = np.quantile(levels, [0.025, 0.975])
    fates = classify(known, found, recovered_cosine)
    precision, recall = precision_and_recall(known, found, recovered_cosine)
    return Comparison(
        matched_found=matched,
        matched=shown,
        cosine=cosine,
        found_cosine=cosines(known, found),
        ellipse_overlap=np.array(overlaps),
        fate=fates.subunit,
        found_fate=fates.found,
        precision=precision,
        recall=recall,
        similarity=matched_similarity(known, found),
        chance_similarity=levels.mean(),
        chance_low=low,
        chance_high=high,
        n_known=len(known),
    )
