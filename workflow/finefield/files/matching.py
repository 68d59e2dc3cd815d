"""The file of a simulated cell's subunits, found ones matched to known ones."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from finefield.files import store
from finefield.files.declared import ROOT, File, variables

if TYPE_CHECKING:
    from finefield.subunits.comparison import Comparison

MATCHED = variables("""
    n_known: number of known subunits
    matched_found (subunit): subunit found that is assigned to a known one; -1 for none
    matched (subunit, y, x): spatial profile of the matched subunit on the crop
    cosine (subunit): cosine of a known subunit and its match, in space
    found_cosine (subunit, found): cosine of each known subunit and each subunit found, in space
    ellipse_overlap (subunit): intersection over union of the ellipses of a subunit and its match
    fate (subunit): recovered, split, merged or missed
    found_fate (found): matched, part, merger or spurious
    precision: part of found subunits that match a recovered one
    recall: part of the known subunits that were recovered
    similarity: mean cosine of one-to-one matches, 0 for what has none
    chance_similarity: the same with every subunit found at random places, mean
    chance_low: 2.5% quantile of the similarity at random places
    chance_high: 97.5% quantile of the similarity at random places
""")
MATCHING = File(
    "matching/{model}/{stimulus}/{cell}.nc",
    "a simulated cell's known subunits, and those that match them",
    {ROOT: MATCHED},
)


def write_matching(
    path: str | Path, cell: str, comparison: "Comparison", about: Mapping[str, object]
) -> None:
    """Write how a cell's subunits found match its known ones."""
    store.write(path, MATCHING, {ROOT: {"cell": cell, **vars(comparison)}}, about)
