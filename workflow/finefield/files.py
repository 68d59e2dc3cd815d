"""Files of stimuli, cells and responses, written from and read as the library's objects."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import netCDF4
import numpy as np
import xarray as xr

from finefield import store
from finefield.glossary import VARIABLES
from finefield.progress import Progress
from finefield.responses import Responses
from finefield.stimulus import BinaryStimulus, Window

#: Bits of a stimulus lie in chunks of this many rows, columns and bytes of eight frames.
CHUNKS = (10, 10, 4096)


def write_stimulus(
    path: str | Path,
    blocks: Mapping[str | None, Iterable[tuple[int, np.ndarray]]],
    shapes: Mapping[str | None, tuple[int, int, int]],
    levels: tuple[float, float],
    attributes: Mapping[str, object],
) -> None:
    """Write a binary stimulus from blocks of bits, without ever holding all of it.

    Parameters
    ----------
    path : path
        File to make.
    blocks : dict of group to iterable of (first_frame, bits)
        Bits (y, x, byte) as in `BinaryStimulus`; group None is the training sequence, "frozen"
        the frozen test sequence. First frames are multiples of eight.
    shapes : dict of group to (frames, height, width)
        Size of each sequence.
    levels : (float, float)
        Contrasts of a zero and a one [1].
    attributes : dict
        As from `provenance`, with kind, frame rate and pixel size.
    """
    with store.whole(path) as part, netCDF4.Dataset(part, "w") as root:
        root.setncatts(attributes)
        for name, sequence in blocks.items():
            group = root if name is None else root.createGroup(name)
            n_frames, height, width = shapes[name]
            n_bytes = (n_frames + 7) // 8
            for dimension, size in {"y": height, "x": width, "byte": n_bytes}.items():
                group.createDimension(dimension, size)
            chunks = [min(pair) for pair in zip((height, width, n_bytes), CHUNKS, strict=True)]
            bits = group.createVariable(
                "bits", "u1", ("y", "x", "byte"), chunksizes=chunks, fletcher32=True
            )
            units, long_name = VARIABLES["bits"]
            bits.setncatts(
                {
                    "units": units,
                    "long_name": long_name,
                    "n_frames": n_frames,
                    "low": levels[0],
                    "high": levels[1],
                }
            )
            progress = Progress("frame", n_frames)
            for first, block in sequence:
                progress.tell(first)
                bits[:, :, first // 8 : first // 8 + block.shape[2]] = block


def read_stimulus(
    path: str | Path, window: Window | None = None, group: str | None = None
) -> BinaryStimulus:
    """Read a binary stimulus, or only its crop on `window`, from a stimulus file."""
    with store.opened(path, group) as data, store.damage_named(path):
        bits = data["bits"]
        if window is not None:
            window.check_inside(bits.sizes["y"], bits.sizes["x"])
            bits = bits[window.slices]
        return BinaryStimulus(
            bits.values, int(bits.attrs["n_frames"]), bits.attrs["low"], bits.attrs["high"]
        )


def read_responses(path: str | Path, group: str | None = None) -> Responses:
    """Read one cell's responses from a responses file."""
    data = store.read(path, group)
    return Responses(
        data["spike_count"].values[0],
        data["first_frame"].values,
        float(data.attrs["frame_rate"]),
        int(data.attrs["delay"]),
    )


def responses_dataset(
    cell: str,
    counts: np.ndarray,
    first_frame: Sequence[int],
    frame_rate: float,
    delay: int = 0,
    rate: np.ndarray | None = None,
) -> xr.Dataset:
    """One cell's responses to one sequence as a dataset.

    Parameters
    ----------
    cell : str
        The cell's name.
    counts : ndarray of uint8, shape (trial, frame)
        Spike counts.
    first_frame, frame_rate, delay
        As in `Responses`.
    rate : ndarray, shape (frame,), optional
        Firing rate of a simulated cell [Hz].
    """
    data = xr.Dataset(
        {"spike_count": (("cell", "trial", "frame"), counts[None])},
        {"cell": [cell], "first_frame": ("trial", np.asarray(first_frame))},
        {"frame_rate": frame_rate, "delay": delay},
    )
    if rate is not None:
        data["firing_rate"] = (("cell", "frame"), rate[None])
    return data


def write_responses(
    path: str | Path,
    groups: Mapping[str | None, xr.Dataset],
    attributes: Mapping[str, object],
    min_spikes: int,
) -> None:
    """Write a cell's responses: group None is to the training sequence, "frozen" to the frozen one.

    A cell with fewer than `min_spikes` spikes in its training responses is marked as dropped.
    """
    data = groups[None]
    n_spikes = int(data["spike_count"].sum())
    data.attrs |= attributes | {"n_spikes": n_spikes}
    if n_spikes < min_spikes:
        data.attrs["dropped"] = (
            f"{n_spikes} spikes in its training responses, fewer than {min_spikes}"
        )
    store.write(path, data, {"frozen": groups["frozen"]})


def cell_dataset(cell: str, window: Window, polarity: str) -> xr.Dataset:
    """What is known of every cell, as a dataset: its crop and its polarity ("ON", "OFF", ...)."""
    values = {
        "crop_y": window.y,
        "crop_x": window.x,
        "crop_height": window.height,
        "crop_width": window.width,
        "polarity": polarity,
    }
    return xr.Dataset({name: ((), value) for name, value in values.items()}, {"cell": cell})


def read_window(path: str | Path) -> Window:
    """A cell's crop, from its cell file."""
    data = store.read(path)
    return Window(*(int(data[f"crop_{name}"]) for name in ("y", "x", "height", "width")))


@dataclass(frozen=True)
class FrozenTest:
    """A cell's frozen test sequence.

    Attributes
    ----------
    stimulus : BinaryStimulus
        The sequence on the cell's crop.
    newest : ndarray of int, shape (frame,)
        Newest stimulus frame of each tested frame.
    frame : ndarray of int, shape (frame,)
        Index of each tested frame in the responses.
    counts : ndarray of int, shape (trial, frame)
        Spike counts.
    frame_rate : float
        Frames per second [Hz].
    """

    stimulus: BinaryStimulus
    newest: np.ndarray
    frame: np.ndarray
    counts: np.ndarray
    frame_rate: float

    @property
    def measured(self) -> np.ndarray:
        """Mean firing rate over repeats (frame,) [Hz]."""
        return self.counts.mean(0) * self.frame_rate

    def dataset(self, predicted: np.ndarray) -> xr.Dataset:
        """Measured and predicted rates as a dataset."""
        return xr.Dataset(
            {"measured_rate": ("frame", self.measured), "predicted_rate": ("frame", predicted)},
            {"frame": self.frame},
            {"frame_rate": self.frame_rate, "n_trials": len(self.counts)},
        )


def read_test(stimulus: str | Path, responses: str | Path, window: Window, lags: int) -> FrozenTest:
    """A cell's frozen test sequence, without the first frames, which lack a full history."""
    movie = read_stimulus(stimulus, window, "frozen")
    cell = read_responses(responses, "frozen")
    newest, counts = cell.frozen(lags)
    frame = np.arange(cell.spike_count.shape[1])[-len(newest) :]
    return FrozenTest(movie, newest, frame, counts, cell.frame_rate)
