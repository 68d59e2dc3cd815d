"""How far the subunits that a network found depend on its random start and on the spikes it saw."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from finefield.subunits.chance import chance_levels, region
from finefield.subunits.matching import match, matched_similarity

#: Shuffles of the places of subunits.
N_SHUFFLES = 200
#: Ends of the central 95%, as quantiles.
INTERVAL = (0.025, 0.975)


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


@dataclass(frozen=True)
class Stability:
    """What the starts of one network say about the subunits it found, beside those of STNMF.

    Attributes
    ----------
    start_kind : list of str
        What each start was trained on, a kind of `networks.settings.KINDS`.
    start_found : ndarray of int, shape (start,)
        Number of subunits that each start found.
    start_cosine : ndarray of float64 or None, shape (start, subunit)
        Cosine of each known subunit and its match in each start; None for a recorded cell.
    seed, half, stnmf : Agreement
        Between seeds, between halves, and with the subunits that STNMF found.
    """

    start_kind: list[str]
    start_found: np.ndarray
    start_cosine: np.ndarray | None
    seed: Agreement
    half: Agreement
    stnmf: Agreement

    @property
    def drawn(self) -> np.ndarray:
        """Which starts are bootstraps, bool (start,)."""
        return np.array(self.start_kind) == "bootstraps"

    @property
    def found_sd(self) -> float:
        """SD of the number of subunits found over all starts; NaN for one start."""
        several = len(self.start_found) > 1
        return float(np.std(self.start_found, ddof=1)) if several else float("nan")

    @property
    def found_interval(self) -> np.ndarray:
        """Central 95% of the number of subunits found over bootstraps, (2,); NaN without any."""
        drawn = self.start_found[self.drawn]
        return np.quantile(drawn, INTERVAL) if len(drawn) else np.full(2, np.nan)

    @property
    def cosine_interval(self) -> np.ndarray | None:
        """Central 95% of the cosines over bootstraps, (2, subunit); None without any."""
        if self.start_cosine is None or not self.drawn.any():
            return None
        return np.quantile(self.start_cosine[self.drawn], INTERVAL, axis=0)


def compare_starts(
    found: Mapping[str, Sequence[np.ndarray]],
    pairs: Sequence[tuple[np.ndarray, np.ndarray]],
    known: np.ndarray | None,
    rng: np.random.Generator,
) -> Stability:
    """Compare the subunits that different starts of a network found, and those of STNMF.

    Parameters
    ----------
    found : dict of str to sequence of ndarray, each of shape (found, y, x)
        Subunits that each start found, by the kinds of `networks.settings.KINDS`.
    pairs : sequence of (ndarray, ndarray)
        Subunits of the selected network and of STNMF.
    known : ndarray or None, shape (subunit, y, x)
        Known subunits of a simulated cell.
    rng : numpy.random.Generator
        Source of the random places.

    Returns
    -------
    Stability
    """
    every = [images for starts in found.values() for images in starts]
    seed, half = (
        agreement(list(combinations(found.get(kind, ()), 2)), rng) for kind in ("seeds", "halves")
    )
    return Stability(
        start_kind=[kind for kind, starts in found.items() for _ in starts],
        start_found=np.array([len(images) for images in every]),
        start_cosine=None if known is None else np.array([match(known, one)[1] for one in every]),
        seed=seed,
        half=half,
        stnmf=agreement(pairs, rng),
    )


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
    return chance_levels(first, second, region(np.concatenate([first, second])), rng, N_SHUFFLES)
