"""The file of what one cell's spikes say on average: STA, LN model and covariance."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from finefield.files import store
from finefield.files.declared import ROOT, File, variables
from finefield.files.responses import RATES, SCORES, about_test, rates, scores

if TYPE_CHECKING:
    from finefield.averages.average import Average
    from finefield.responses.testing import CellTest

STA = SCORES | variables("""
    sta (lag, y, x): spike-triggered average of contrast, less the mean contrast
    sta_temporal (lag): temporal part of the spike-triggered average
    sta_spatial (y, x): spatial part of the spike-triggered average
    nonlinearity_drive (node): drive at the nodes of the LN model's nonlinearity
    nonlinearity_rate (node) [Hz]: firing rate at the nodes of the LN model's nonlinearity
    noise_ceiling: expected correlation of the measured mean with the true mean rate
""")
COVARIANCE = variables(
    """
    stc_eigenvalue (rank): variance before spikes along a component; the stimulus has 1
    stc_component (component, y, x): spatial component of the spike-triggered covariance
    stc_rank (component): rank of the component's eigenvalue
    stc_null_low: smallest eigenvalue with shifted spikes
    stc_null_high: largest eigenvalue with shifted spikes
    """,
    only="with covariance_shuffles",
)
AVERAGE = File(
    "sta/{stimulus}/{cell}.nc",
    "a cell's spike-triggered average and covariance, and its LN model",
    {ROOT: STA, "test": RATES, "covariance": COVARIANCE},
)


def write_average(
    path: str | Path,
    cell: str,
    average: "Average",
    test: "CellTest",
    about: Mapping[str, object],
) -> None:
    """Write what one cell's spikes say on average.

    Parameters
    ----------
    path : path
        File to make.
    cell : str
        The cell's name.
    average : Average
        What they say.
    test : CellTest
        What the LN model was tested on.
    about : dict
        As from `store.provenance`.
    """
    root = {
        "cell": cell,
        "sta": average.sta,
        "sta_temporal": average.ln.temporal,
        "sta_spatial": average.ln.spatial,
        "nonlinearity_drive": average.ln.drive,
        "nonlinearity_rate": average.ln.rate,
        "noise_ceiling": test.noise_ceiling,
    }
    root |= scores(average.scores)
    groups = {ROOT: root, "test": rates(test, average.scores)}
    if (found := average.covariance) is not None:
        groups["covariance"] = {
            "stc_eigenvalue": found.eigenvalue,
            "stc_component": found.component[found.beyond],
            "stc_rank": found.beyond,
            "stc_null_low": found.null_low,
            "stc_null_high": found.null_high,
        }
    store.write(path, AVERAGE, groups, {**about, **about_test(test)})
