"""All cells of a dataset as targets of a transfer, so that each of its jobs reads one file."""

import logging
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import xarray as xr

from finefield.base.errors import UserError
from finefield.files import store
from finefield.files.average import STA
from finefield.files.cell import PLACE, SIMULATED, crop
from finefield.files.declared import ROOT, File, dataset, over, variables
from finefield.files.responses import RATES, read_responses, tested_group
from finefield.responses.testing import tested
from finefield.tables.stacking import stack
from finefield.transfer.targets import Target, refit_samples

log = logging.getLogger(__name__)

SAMPLES = variables("""
    newest (frame): newest stimulus frame that a response may depend on
    refit_newest (sample): the same of the training responses for refits
    refit_count (sample): spikes of the training responses for refits
    ln_correlation: correlation of the target's LN model
""")
CROP = {name: one for name, one in PLACE.items() if name.startswith("crop")}
PARTS = {name: STA[name] for name in ("sta_temporal", "sta_spatial", "noise_ceiling")}
KNOWN = {"measured_rate": RATES["measured_rate"], "cell_type": SIMULATED["cell_type"]}
TARGET = CROP | PARTS | SAMPLES | KNOWN
TARGETS = File(
    "targets/{stimulus}.nc",
    "all cells as targets of a transfer; arrays of cells with fewer frames end in NaN",
    {ROOT: over("cell", TARGET)},
)


def kept_targets(
    files: Mapping[str, tuple[str | Path, str | Path, str | Path]],
    held_out: np.ndarray | None,
    lags: int,
    n_samples: int,
) -> dict[str, Target]:
    """Take cells as targets from their files; those that were dropped are left out.

    Parameters
    ----------
    files : dict of str to (path, path, path)
        Cell -> its files, as for `read_target`.
    held_out, lags, n_samples
        As for `refit_samples`.

    Raises
    ------
    UserError
        If all cells were dropped.
    """
    targets = {}
    for cell, paths in files.items():
        if reason := store.dropped_reason(paths):
            log.info("cell %s dropped: %s", cell, reason)
        else:
            targets[cell] = read_target(*paths, held_out, lags, n_samples)
    if not targets:
        fix = "lower min_spikes, or use longer responses"
        raise UserError("cells", f"all {len(files)} dropped", "one that was not", fix)
    return targets


def read_target(
    cell: str | Path,
    responses: str | Path,
    sta: str | Path,
    held_out: np.ndarray | None,
    lags: int,
    n_samples: int,
) -> Target:
    """Take one cell as a target from its files.

    Parameters
    ----------
    cell, responses, sta : path
        The cell's files.
    held_out, lags, n_samples
        As for `refit_samples`.
    """
    known, average = store.read(cell), store.read(sta)
    group, running = tested_group(responses), read_responses(responses)
    newest, counts = tested(read_responses(responses, group), lags, group)
    refit_newest, refit_count = refit_samples(running, lags, n_samples, held_out)
    return Target(
        window=crop(known),
        newest=newest,
        rate=counts.mean(0) * running.frame_rate,
        refit_newest=refit_newest,
        refit_count=refit_count,
        temporal=average["sta_temporal"].values,
        spatial=average["sta_spatial"].values,
        noise_ceiling=float(average["noise_ceiling"]),
        ln_correlation=float(average["correlation"]),
        cell_type=known["cell_type"].item() if "cell_type" in known else None,
    )


def write_targets(
    path: str | Path, targets: Mapping[str, Target], about: Mapping[str, object]
) -> None:
    """Write cells as targets, by name; those of fewer frames and smaller crops are padded."""
    data = stack({cell: _row(target) for cell, target in targets.items()})
    store.write(path, TARGETS, {ROOT: data.variables}, about)


def _row(target: Target) -> xr.Dataset:
    """One target as a dataset."""
    values = {f"crop_{name}": size for name, size in vars(target.window).items()} | {
        "newest": target.newest,
        "measured_rate": target.rate,
        "refit_newest": target.refit_newest,
        "refit_count": target.refit_count,
        "sta_temporal": target.temporal,
        "sta_spatial": target.spatial,
        "noise_ceiling": target.noise_ceiling,
        "ln_correlation": target.ln_correlation,
        "cell_type": target.cell_type,
    }
    return dataset(TARGET, values)


def read_targets(path: str | Path) -> dict[str, Target]:
    """Read all cells that were not dropped, by name."""
    data = store.read(path)
    return {str(cell): _target(data.sel(cell=cell)) for cell in data["cell"].values}


def _target(data: xr.Dataset) -> Target:
    """One target without its padding."""
    window = crop(data)

    def whole(name: str) -> np.ndarray:
        values = data[name].values
        return values[np.isfinite(values)]

    return Target(
        window=window,
        newest=whole("newest").astype(int),
        rate=whole("measured_rate"),
        refit_newest=whole("refit_newest").astype(int),
        refit_count=whole("refit_count"),
        temporal=data["sta_temporal"].values,
        spatial=data["sta_spatial"].values[: window.height, : window.width],
        noise_ceiling=float(data["noise_ceiling"]),
        ln_correlation=float(data["ln_correlation"]),
        cell_type=data["cell_type"].item() if "cell_type" in data else None,
    )
