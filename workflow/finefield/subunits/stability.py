"""How far the subunits that a network found depend on its random start and on the spikes it saw."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from finefield.subunits.matching import chance, match, matched_similarity, region

#: Shuffles of the places of subunits.
N_SHUFFLES = 200


@dataclass(frozen=True)
class Agreement:
    """Similarity of sets of subunits, beside chance.

    Attributes
    ----------
    similarity : float
        Mean over pairs of sets of `matching.matched_similarity`.
    chance : float
        The same with one set of each pair at random places within the receptive field, mean over
        shuffles.
    chance_high : float
        97.5% quantile of that over shuffles.
    """

    similarity: float
    chance: float
    chance_high: float

    def named(self, name: str) -> dict[str, float]:
        """As variables such as "seed_similarity"."""
        parts = ("similarity", "chance", "chance_high")
        return {f"{name}_{part}": getattr(self, part) for part in parts}


def agreement(
    pairs: Sequence[tuple[np.ndarray, np.ndarray]], rng: np.random.Generator
) -> Agreement:
    """Compare pairs of sets of subunits.

    Parameters
    ----------
    pairs : sequence of (ndarray, ndarray), each of shape (found, y, x)
        Subunits on one crop.
    rng : numpy.random.Generator
        Source of the random places.

    Returns
    -------
    Agreement
        NaN without pairs; pairs of two empty sets do not count.

    Examples
    --------
    >>> one = np.eye(4).reshape(4, 2, 2)
    >>> agreement([(one, one[::-1])], np.random.default_rng(0)).similarity
    1.0
    """
    pairs = [pair for pair in pairs if len(pair[0]) or len(pair[1])]
    if not pairs:
        return Agreement(*[float("nan")] * 3)
    levels = np.mean([_chance(*pair, rng) for pair in pairs], axis=0)
    similarity = np.mean([matched_similarity(*pair) for pair in pairs])
    return Agreement(float(similarity), float(levels.mean()), float(np.quantile(levels, 0.975)))


def _chance(first: np.ndarray, second: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Chance levels (shuffle,) of a pair; 0 where one of the sets is empty."""
    if not (len(first) and len(second)):
        return np.zeros(N_SHUFFLES)
    return chance(first, second, region(np.concatenate([first, second])), rng, N_SHUFFLES)


def compare_starts(
    found: Mapping[str, Sequence[np.ndarray]], rng: np.random.Generator
) -> dict[str, object]:
    """What the starts of one network say about the subunits it found.

    Parameters
    ----------
    found : dict of str to sequence of ndarray, each of shape (found, y, x)
        Subunits that each start found, by the kinds of `networks.settings.KINDS`.
    rng : numpy.random.Generator
        Source of the random places.

    Returns
    -------
    dict
        Variables of a stability file: the number of subunits of each start, its SD over all and
        its interval over bootstraps, and the agreement between seeds and between halves. NaN where
        there are too few starts of a kind.
    """
    counts = [len(images) for starts in found.values() for images in starts]
    kinds = [kind for kind, starts in found.items() for _ in starts]
    drawn = [len(images) for images in found.get("bootstraps", ())]
    low, high = np.quantile(drawn, [0.025, 0.975]) if drawn else (np.nan, np.nan)
    values: dict[str, object] = {
        "start_kind": ("start", kinds),
        "start_found": ("start", counts),
        "found_sd": np.std(counts, ddof=1) if len(counts) > 1 else np.nan,
        "found_low": low,
        "found_high": high,
    }
    for name, kind in (("seed", "seeds"), ("half", "halves")):
        values |= agreement(list(combinations(found.get(kind, ()), 2)), rng).named(name)
    return values


def start_cosines(known: np.ndarray, found: Mapping[str, Sequence[np.ndarray]]) -> np.ndarray:
    """Cosine of each known subunit and its match in each start, float64 (start, subunit)."""
    return np.array([match(known, images)[1] for starts in found.values() for images in starts])
