"""The subunits that a network found beside the known ones of a simulated cell."""

import numpy as np

from finefield.averages.location import ellipse
from finefield.subunits.matching import (
    chance,
    classify,
    ellipse_overlap,
    match,
    matched_similarity,
    precision_and_recall,
    region,
)


def compare(
    known: np.ndarray, found: np.ndarray, recovered_cosine: float, rng: np.random.Generator
) -> dict[str, object]:
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
    dict
        Variables of a matching file, in the glossary's words.
    """
    matched, cosine = match(known, found)
    # A subunit without a match (-1) picks the entry appended for it.
    shown = np.append(found, np.zeros_like(known[:1]), axis=0)[matched]
    overlap = [
        ellipse_overlap(ellipse(one), ellipse(other)) if number >= 0 else 0.0
        for one, other, number in zip(known, shown, matched, strict=True)
    ]
    levels = chance(known, found, region(known), rng)
    fates = classify(known, found, recovered_cosine)
    precision, recall = precision_and_recall(known, found, recovered_cosine)
    low, high = np.quantile(levels, [0.025, 0.975])
    return {
        "n_known": len(known),
        "matched_found": ("subunit", matched),
        "matched": (("subunit", "y", "x"), shown),
        "cosine": ("subunit", cosine),
        "ellipse_overlap": ("subunit", overlap),
        "fate": ("subunit", fates.subunit),
        "found_fate": ("found", fates.found),
        "precision": precision,
        "recall": recall,
        "similarity": matched_similarity(known, found),
        "chance_similarity": levels.mean(),
        "chance_low": low,
        "chance_high": high,
    }
