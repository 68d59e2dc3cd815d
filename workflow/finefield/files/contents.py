"""Files of stimuli, cells and responses, written from and read as the library's objects."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import netCDF4
import numpy as np
import xarray as xr

from finefield.base.glossary import VARIABLES
from finefield.base.progress import Progress
from finefield.files import store
from finefield.responses.responses import Responses
from finefield.stimuli.movie import BinaryStimulus, Blocks, GreyStimulus, Stimulus
from finefield.stimuli.window import Window

#: Kind of a stimulus -> its variable, the dimension of its codes, and the names of its contrasts.
STORED = {
    BinaryStimulus: ("bits", "byte", ("low", "high")),
    GreyStimulus: ("level", "frame", ("offset", "step")),
}
#: Codes of a stimulus lie in chunks of this many rows and columns, and bytes of each.
CHUNKS = (10, 10, 4096)


def write_stimulus(
    path: str | Path, sequences: Mapping[str | None, Blocks], attributes: Mapping[str, object]
) -> None:
    """Write a stimulus block by block, without ever holding all of it.

    Parameters
    ----------
    path : path
        File to make.
    sequences : dict of group to Blocks
        Group None is the training sequence, "frozen" the frozen test sequence.
    attributes : dict
        As from `provenance`, with kind, frame rate and pixel size.
    """
    with store.whole(path) as part, netCDF4.Dataset(part, "w") as root:
        root.setncatts(attributes)
        for name, sequence in sequences.items():
            group = root if name is None else root.createGroup(name)
            n_frames, height, width = sequence.shape
            variable, dimension, contrasts = STORED[sequence.kind]
            per_code = 8 if sequence.kind is BinaryStimulus else 1
            sizes = {"y": height, "x": width, dimension: -(-n_frames // per_code)}
            for key, size in sizes.items():
                group.createDimension(key, size)
            chunks = [min(pair) for pair in zip(sizes.values(), CHUNKS, strict=True)]
            # Images stand still for many frames; noise cannot be compressed.
            packed = {"zlib": True, "complevel": 1} if sequence.names else {}
            codes = group.createVariable(
                variable, "u1", tuple(sizes), chunksizes=chunks, fletcher32=True, **packed
            )
            units, long_name = VARIABLES[variable]
            about = {"units": units, "long_name": long_name, "n_frames": n_frames}
            codes.setncatts(about | dict(zip(contrasts, sequence.contrasts, strict=True)))
            progress, total = Progress("frame", n_frames), 0
            for first, block in sequence.blocks:
                progress.tell(first)
                start = first // per_code
                codes[:, :, start : start + block.shape[2]] = block
                ones = np.bitwise_count(block) if sequence.kind is BinaryStimulus else block
                total += ones.sum(dtype=np.int64)
            low, step = sequence.contrasts
            step = step - low if sequence.kind is BinaryStimulus else step
            about = {name: ("frame", values) for name, values in sequence.frames.items()}
            for name, values in store.describe(xr.Dataset(about)).items():
                variable = group.createVariable(name, values.dtype, values.dims, zlib=True)
                variable.setncatts(values.attrs)
                variable[:] = values
            if sequence.names:
                group.photographs = ", ".join(sequence.names)
            codes.mean = low + step * total / (n_frames * height * width)


def read_stimulus(
    path: str | Path,
    window: Window | None = None,
    group: str | None = None,
    n_frames: int | None = None,
) -> Stimulus:
    """Read a stimulus, or only its crop on `window` or its first frames, from a stimulus file."""
    return next(_read_windows(path, group, lambda height, width: [window], n_frames))


def read_held_out(path: str | Path) -> np.ndarray | None:
    """Frames of a stimulus' training sequence that are kept for validation, bool (frame,)."""
    with store.opened(path) as data:
        return data["held_out"].values.astype(bool) if "held_out" in data else None


def stimulus_mean(path: str | Path) -> float:
    """Mean contrast of a stimulus' training sequence over the whole field [1]."""
    with store.opened(path) as data:
        return next(data[name].attrs["mean"] for name, *_ in STORED.values() if name in data)


def stimulus_bands(path: str | Path) -> Iterator[Stimulus]:
    """Read a stimulus' training sequence in bands of rows, the first at the top."""

    def bands(height: int, width: int) -> list[Window]:
        rows = CHUNKS[0]
        return [Window(y, 0, min(rows, height - y), width) for y in range(0, height, rows)]

    return _read_windows(path, None, bands)


def _read_windows(
    path: str | Path, group: str | None, windows: Callable, n_frames: int | None = None
) -> Iterator[Stimulus]:
    """Crops of a stimulus on each of the ``windows(height, width)``; None is the whole field."""
    with store.damage_named(path), netCDF4.Dataset(path) as root:
        data = root if group is None else root[group]
        kind = next(kind for kind, (name, *_) in STORED.items() if name in data.variables)
        name, _, contrasts = STORED[kind]
        codes = data[name]
        codes.set_auto_maskandscale(False)
        # Each chunk is read once: a cache would only copy it.
        codes.set_var_chunk_cache(size=0)
        height, width, _ = codes.shape
        total, *about = [codes.getncattr(key) for key in ("n_frames", *contrasts)]
        n_frames = min(int(total), n_frames or int(total))
        n_codes = -(-n_frames // 8) if kind is BinaryStimulus else n_frames
        held = {}
        if "held_out" in data.variables:
            held["held_out"] = np.asarray(data["held_out"][:n_frames], bool)
        for window in windows(height, width):
            window = window or Window(0, 0, height, width)
            window.check_inside(height, width)
            values = codes[*window.slices, :n_codes]
            yield kind(values, n_frames, *map(float, about), **held)


def read_recorded_frames(path: str | Path) -> dict[str | None, int]:
    """Stimulus frames that a recording's responses reach, for its running and frozen sequence."""
    groups = {}
    for name in (None, "frozen"):
        with store.opened(path, name) as data:
            groups[name] = int((data["first_frame"] + data["n_frames"]).max())
    return groups


def read_responses(path: str | Path, group: str | None = None) -> Responses:
    """Read one cell's responses from a responses file."""
    data = store.read(path, group)
    return Responses(
        data["spike_count"].values[0],
        data["first_frame"].values,
        float(data.attrs["frame_rate"]),
        int(data.attrs["delay"]),
        data["n_frames"].values if "n_frames" in data else None,
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


def cell_dataset(
    cell: str, window: Window, polarity: str, ellipse: Sequence[float], pixel_size: float
) -> xr.Dataset:
    """What is known of every cell, as a dataset.

    Parameters
    ----------
    cell : str
        The cell's name.
    window : Window
        Its crop.
    polarity : str
        "ON", "OFF" or "ON-OFF".
    ellipse : (float, float, float, float, float)
        Receptive field's centre (y, x) on the field and semi-axes [pixels], and angle [degree].
    pixel_size : float
        Side of a stimulus pixel [µm].
    """
    y, x, major, minor, angle = ellipse
    values = {
        "crop_y": window.y,
        "crop_x": window.x,
        "crop_height": window.height,
        "crop_width": window.width,
        "polarity": polarity,
        "rf_y": y,
        "rf_x": x,
        "rf_major": pixel_size * major,
        "rf_minor": pixel_size * minor,
        "rf_angle": angle,
    }
    data = xr.Dataset({name: ((), value) for name, value in values.items()}, {"cell": cell})
    return data.assign_attrs(pixel_size=pixel_size)


def read_window(path: str | Path) -> Window:
    """A cell's crop, from its cell file."""
    data = store.read(path)
    return Window(*(int(data[f"crop_{name}"]) for name in ("y", "x", "height", "width")))


def read_ellipse(path: str | Path) -> tuple[float, float, float, float, float]:
    """A cell's receptive field on its crop, as from `receptive_field.ellipse` [pixels, degree]."""
    data = store.read(path)
    names = ("rf_y", "rf_x", "rf_major", "rf_minor", "rf_angle")
    y, x, major, minor, angle = (float(data[name]) for name in names)
    side = data.attrs["pixel_size"]
    return y - int(data["crop_y"]), x - int(data["crop_x"]), major / side, minor / side, angle


@dataclass(frozen=True)
class FrozenTest:
    """A cell's frozen test sequence.

    Attributes
    ----------
    stimulus : Stimulus
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

    stimulus: Stimulus
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
