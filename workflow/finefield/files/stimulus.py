"""The file of a stimulus: written block by block, and read as a movie on a window or in bands."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import netCDF4
import numpy as np
import xarray as xr

from finefield.base.progress import Progress
from finefield.base.whole import seal, whole
from finefield.files import store
from finefield.files.declared import File, Group, dataset, variables
from finefield.stimuli.movie import BinaryStimulus, Blocks, GreyStimulus, Stimulus
from finefield.stimuli.window import Window

BITS = variables(
    "bits (y, x, byte): binary stimulus, eight frames to a byte", only="binary stimuli"
)
LEVEL = variables(
    "level (y, x, frame): grey level; contrast is offset + step level", only="grey stimuli"
)
PHOTOGRAPH = variables(
    "photograph (frame): number of the photograph shown; -1 for grey", only="photographs"
)
HELD_OUT = variables(
    "held_out (frame): frame kept for validation (1), as it shows other photographs",
    only="photographs",
)
FROZEN = BITS | LEVEL | PHOTOGRAPH
STIMULUS = File(
    "stimulus/{stimulus}.nc",
    "a stimulus: its training sequence, and its frozen test sequence",
    {"running": FROZEN | HELD_OUT, "frozen": FROZEN},
    {"frozen": "with a frozen sequence"},
)
#: Kind of a stimulus -> its variable, the dimension of its codes, and the names of its contrasts.
STORED = {
    BinaryStimulus: ("bits", "byte", ("low", "high")),
    GreyStimulus: ("level", "frame", ("offset", "step")),
}
#: Codes of a stimulus lie in chunks of this many rows and columns, and bytes of each.
CHUNKS = (10, 10, 4096)
#: A smaller file [bytes] is checked as a whole at each reading, in a twentieth of a second.
SEALED = 50_000_000


def write_stimulus(
    path: str | Path, sequences: Mapping[str, Blocks], about: Mapping[str, object]
) -> None:
    """Write a stimulus block by block, without ever holding all of it.

    Parameters
    ----------
    path : path
        File to make.
    sequences : dict of str to Blocks
        The "running" and, if there is one, the "frozen" sequence.
    about : dict
        As from `store.provenance`, with kind, frame rate and pixel size.
    """
    with whole(path) as part:
        with netCDF4.Dataset(part, "w") as root:
            root.setncatts(about)
            for name, sequence in sequences.items():
                _write_sequence(root.createGroup(name), sequence, STIMULUS.groups[name])
        if part.stat().st_size < SEALED:
            seal(part)


def _write_sequence(group: netCDF4.Group, sequence: Blocks, declared: Group) -> None:
    """Write a sequence's codes and what is known of its frames."""
    _write_codes(_codes(group, sequence, declared), sequence)
    for name, values in dataset(declared, sequence.frames).items():
        variable = group.createVariable(name, values.dtype, values.dims, zlib=True)
        variable.setncatts(values.attrs)
        variable[:] = values
    if sequence.names:
        group.photographs = ", ".join(sequence.names)


def _codes(group: netCDF4.Group, sequence: Blocks, declared: Group) -> netCDF4.Variable:
    """The variable for a sequence's codes, still empty."""
    n_frames, height, width = sequence.shape
    name, dimension, contrasts = STORED[sequence.kind]
    sizes = {"y": height, "x": width, dimension: -(-n_frames // _frames_per_code(sequence))}
    for key, size in sizes.items():
        group.createDimension(key, size)
    chunks = [min(pair) for pair in zip(sizes.values(), CHUNKS, strict=True)]
    # Images stand still for many frames; noise cannot be compressed.
    packed = {"zlib": True, "complevel": 1} if sequence.names else {}
    # A job reads a crop of a file that may be large: each chunk has a checksum, too.
    codes = group.createVariable(
        name, "u1", tuple(sizes), chunksizes=chunks, fletcher32=True, **packed
    )
    about = {"units": declared[name].units, "long_name": declared[name].long_name}
    about |= {"n_frames": n_frames} | dict(zip(contrasts, sequence.contrasts, strict=True))
    codes.setncatts(about)
    return codes


def _write_codes(codes: netCDF4.Variable, sequence: Blocks) -> None:
    """Write a sequence's blocks one after the other, and then its mean contrast."""
    progress, total = Progress("frame", sequence.shape[0]), 0
    for first, block in sequence.blocks:
        progress.tell(first)
        start = first // _frames_per_code(sequence)
        codes[:, :, start : start + block.shape[2]] = block
        ones = np.bitwise_count(block) if sequence.kind is BinaryStimulus else block
        total += ones.sum(dtype=np.int64)
    low, step = sequence.contrasts
    step = step - low if sequence.kind is BinaryStimulus else step
    codes.mean = low + step * total / np.prod(sequence.shape)


def _frames_per_code(sequence: Blocks) -> int:
    return 8 if sequence.kind is BinaryStimulus else 1


def read_stimulus(
    path: str | Path,
    window: Window | None = None,
    group: str = "running",
    n_frames: int | None = None,
) -> Stimulus:
    """Read a sequence, or only its crop on `window` or its first frames, from a stimulus file."""
    return next(_read_windows(path, group, lambda height, width: [window], n_frames))


def first_frames(path: str | Path, number: int, window: Window | None = None) -> xr.DataArray:
    """First frames of the sequence that tests are part of; of photographs, a frame of each.

    Parameters
    ----------
    path : path
        File of a stimulus.
    number : int
        How many, at most.
    window : Window, optional
        Part of the field; all of it by default.

    Returns
    -------
    xarray.DataArray, dimensions (frame, y, x)
        Contrast [1], with the frames' numbers and the file's attributes.
    """
    group = tested_sequence(path)
    with store.opened(path, group) as data:
        shown = np.arange(number)
        if "photograph" in data:
            names, first = np.unique(data["photograph"].values, return_index=True)
            shown = np.sort(first[names >= 0])[:number]
    movie = read_stimulus(path, window, group, int(shown[-1]) + 1)
    shown = shown[shown < movie.shape[0]]
    images = np.concatenate([movie.frames(one, one + 1) for one in shown.tolist()])
    about = {"units": "1", "long_name": "contrast"} | store.attributes(path)
    return xr.DataArray(images, {"frame": shown}, ("frame", "y", "x"), attrs=about)


def stimulus_bands(path: str | Path) -> Iterator[Stimulus]:
    """Read a stimulus' training sequence in bands of rows, the first at the top."""

    def bands(height: int, width: int) -> list[Window]:
        rows = CHUNKS[0]
        return [Window(y, 0, min(rows, height - y), width) for y in range(0, height, rows)]

    return _read_windows(path, "running", bands)


def stimulus_mean(path: str | Path) -> float:
    """Mean contrast of a stimulus' training sequence over the whole field [1]."""
    with store.opened(path, "running") as data:
        return next(data[name].attrs["mean"] for name, *_ in STORED.values() if name in data)


def tested_sequence(path: str | Path) -> str:
    """The sequence that tests are part of: "frozen", or "running" where nothing was repeated."""
    return "frozen" if "frozen" in store.groups(path) else "running"


def read_held_out(path: str | Path) -> np.ndarray | None:
    """Frames of a stimulus' training sequence that are kept for validation, bool (frame,)."""
    with store.opened(path, "running") as data:
        return data["held_out"].values.astype(bool) if "held_out" in data else None


def _read_windows(
    path: str | Path, group: str, windows: Callable, n_frames: int | None = None
) -> Iterator[Stimulus]:
    """Crops of a sequence on each of the ``windows(height, width)``; None is the whole field."""
    with store.netcdf(path) as root:
        data = root[group]
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
