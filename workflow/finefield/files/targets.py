"""File of all cells of a dataset as targets of a transfer, so that each job reads one file."""

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import xarray as xr

from finefield.files import contents as files
from finefield.files import store
from finefield.responses.samples import of_one_part
from finefield.stimuli.window import Window
from finefield.transfer.targets import Target


def target_dataset(
    cell: str, paths: Iterable[str | Path], held_out: np.ndarray | None, lags: int, n_samples: int
) -> xr.Dataset:
    """One cell as a target.

    Parameters
    ----------
    cell : str
        Its name.
    paths : (path, path, path)
        Its files of the cell, of its responses and of its spike-triggered average.
    held_out : ndarray of bool or None, shape (stimulus frame,)
        Frames of the training sequence that are kept for validation, which no sample reaches.
    lags : int
        Stimulus frames that a prediction may use.
    n_samples : int
        Training samples to take, the first ones.

    Returns
    -------
    xarray.Dataset
        What `read_targets` reads, with the noise ceiling and the LN model's correlation.
    """
    cell_path, response_path, sta_path = paths
    known, sta = store.read(cell_path), store.read(sta_path)
    newest, counts = files.read_responses(response_path, "frozen").frozen(lags)
    responses = files.read_responses(response_path)
    samples = np.stack(responses.samples(lags))
    if held_out is not None:
        last = samples[0].astype(int)
        samples = samples[:, of_one_part(last, lags, held_out) & ~held_out[last]]
    samples = samples[:, :n_samples]
    values = {name: known[name] for name in ("crop_y", "crop_x", "crop_height", "crop_width")}
    if "cell_type" in known:
        values["cell_type"] = known["cell_type"]
    values |= {name: sta[name] for name in ("sta_temporal", "sta_spatial", "noise_ceiling")}
    values |= {
        "ln_correlation": sta["correlation"],
        "newest": ("frame", newest),
        "measured_rate": ("frame", counts.mean(0) * responses.frame_rate),
        "refit_newest": ("sample", samples[0].astype(int)),
        "refit_count": ("sample", samples[1]),
    }
    data = xr.Dataset(values).drop_vars("cell", errors="ignore").assign_coords(cell=cell)
    # Numbered, so that cells of other sizes are aligned and padded.
    return data.drop_attrs().assign_coords({name: range(size) for name, size in data.sizes.items()})


def read_targets(path: str | Path) -> dict[str, Target]:
    """All cells that were not dropped, by name, from a file of targets."""
    with store.opened(path) as data:
        data = data.load()
    return {str(cell): _target(data.sel(cell=cell)) for cell in data["cell"].values if cell}


def _target(data: xr.Dataset) -> Target:
    names = ("crop_y", "crop_x", "crop_height", "crop_width")
    window = Window(*(int(data[name]) for name in names))

    def whole(name: str) -> np.ndarray:
        values = data[name].values
        return values[np.isfinite(values)]

    return Target(
        window,
        whole("newest").astype(int),
        whole("measured_rate"),
        whole("refit_newest").astype(int),
        whole("refit_count"),
        data["sta_temporal"].values,
        data["sta_spatial"].values[: window.height, : window.width],
    )
