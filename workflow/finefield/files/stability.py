"""The file of how sure the subunits are that a network found."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from finefield.files import store
from finefield.files.declared import ROOT, File, variables

if TYPE_CHECKING:
    from finefield.subunits.stability import Stability

STARTS = variables("""
    start_kind (start): what a start was trained on: seeds, halves or bootstraps
    start_found (start): number of subunits that each start found
    found_sd: SD of the number of subunits found over all starts
    found_low: 2.5% quantile of the number of subunits found over bootstraps
    found_high: 97.5% quantile of the number of subunits found over bootstraps
    seed_similarity: mean similarity of the subunits of two seeds
    seed_chance: the same at random places
    seed_chance_high: 97.5% quantile of that
    half_similarity: similarity of the subunits of two halves of the responses
    half_chance: the same at random places
    half_chance_high: 97.5% quantile of that
    stnmf_similarity: similarity of the subunits of the network and of STNMF
    stnmf_chance: the same at random places
    stnmf_chance_high: 97.5% quantile of that
""")
KNOWN = variables(
    "start_cosine (start, subunit): cosine of a known subunit and its match in each start",
    only="simulated cells",
)
DRAWN = variables(
    """
    cosine_low (subunit): 2.5% quantile of a known subunit's cosine over bootstraps
    cosine_high (subunit): 97.5% quantile of a known subunit's cosine over bootstraps
    """,
    only="simulated cells with bootstraps",
)
STABILITY = File(
    "stability/{model}/{stimulus}/{cell}.nc",
    "how far the subunits found depend on starts and spikes",
    {ROOT: STARTS | KNOWN | DRAWN},
)


def write_stability(
    path: str | Path, cell: str, found: "Stability", about: Mapping[str, object]
) -> None:
    """Write how sure a cell's subunits are."""
    (low, high), cosines = found.found_interval, found.cosine_interval
    values = {
        "cell": cell,
        "start_kind": found.start_kind,
        "start_found": found.start_found,
        "start_cosine": found.start_cosine,
        "found_sd": found.found_sd,
        "found_low": low,
        "found_high": high,
        "cosine_low": None if cosines is None else cosines[0],
        "cosine_high": None if cosines is None else cosines[1],
    }
    for name in ("seed", "half", "stnmf"):
        values |= {f"{name}_{part}": value for part, value in vars(getattr(found, name)).items()}
    store.write(path, STABILITY, {ROOT: values}, about)
