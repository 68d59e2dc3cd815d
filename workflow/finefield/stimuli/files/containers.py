"""Files that hold a stimulus' frames, opened as one array of frames, rows and columns."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from finefield.base.errors import UserError
from finefield.base.extras import is_hdf5, optional
from finefield.stimuli.files.pages import FILMS, STACKS, Pages, begins_as, film, stack

AXES = ("frame", "y", "x")
EXPORT = "export the frames again as one array (frame, y, x) of numbers"


@dataclass(frozen=True)
class FrameArray:
    """An array in a file, whatever the order of its axes, as frames, rows and columns.

    Attributes
    ----------
    array : array-like
        What can be sliced: of NumPy, h5py or `Pages`.
    axes : sequence of str
        Names of its axes: frame, y, x and perhaps channel.
    channel : int or None
        The channel that is taken, if there are several.

    Examples
    --------
    >>> frames = FrameArray(np.arange(12).reshape(2, 3, 1, 2), ["y", "frame", "x", "channel"], 1)
    >>> frames.shape, frames.part(0, 2, 1, 2).tolist()
    ((3, 2, 1), [[[7]], [[9]]])
    """

    array: np.ndarray
    axes: Sequence[str]
    channel: int | None = None

    @property
    def shape(self) -> tuple[int, int, int]:
        """Frames, rows and columns."""
        return tuple(self.array.shape[self.axes.index(name)] for name in AXES)

    @property
    def frame_by_frame(self) -> bool:
        """Whether the values of a frame lie together, rather than those of a pixel."""
        axis = self.axes.index("frame")
        strides = getattr(self.array, "strides", None)
        return axis == (np.argmax(strides) if strides else 0)

    def part(self, first: int, stop: int, top: int, bottom: int) -> np.ndarray:
        """Frames `first` to `stop` and rows `top` to `bottom` (exclusive), (frame, y, x)."""
        index = {"frame": slice(first, stop), "y": slice(top, bottom), "x": slice(None)}
        index["channel"] = self.channel
        values = np.asarray(self.array[tuple(index[name] for name in self.axes)])
        left = [name for name in self.axes if name != "channel"]
        return values.transpose([left.index(name) for name in AXES])


def name_of(path: Path, key: str | None) -> str:
    """What messages call an array."""
    return f"frames in {path}" + (f", {key}" if key else "")


@contextmanager
def opened(
    path: Path, key: str | None, order: Sequence[str], channel: int | None
) -> Iterator[FrameArray]:
    """An array in a file, checked to have axes of numbers; damage raises UserError."""
    try:
        with _container(path, channel is not None) as found:
            array = _entry(found, path, key)
            if array.dtype.kind not in "buif":
                got = f"values of type {array.dtype}"
                raise UserError(name_of(path, key), got, "numbers", EXPORT)
            yield FrameArray(array, _axes(array, order, channel, name_of(path, key)), channel)
    except UserError:
        raise
    except FileNotFoundError as error:
        fix = "check the path in the config"
        raise UserError(name_of(path, None), "no such file", "a file with frames", fix) from error
    # Libraries raise whatever the bytes of a damaged file lead them to.
    except Exception as error:
        raise UserError(
            name_of(path, key),
            f"{path.stat().st_size} bytes that cannot be read to the end ({error})",
            "a whole file",
            "fetch or export the file again, and compare its size with the original's",
        ) from error


def _axes(array, order: Sequence[str], channel: int | None, name: str) -> list[str]:
    """Names of an array's stored axes; UserError if they are not those of `order`."""
    shape, order = _shape(array), list(order)
    if channel is not None and "channel" not in order:
        order = [*order, "channel"]
    if len(shape) == 4 and channel is None:
        fix = "add channel to the stimulus in the config; if it is not the last axis, also order"
        raise UserError(name, f"four axes, shape {shape}, and no channel", "one channel", fix)
    if len(shape) != len(order) or 0 in shape:
        fix = EXPORT if channel is None else "leave channel out if the file has no colours"
        got = f"shape {shape}"
        number = {3: "three", 4: "four"}[len(order)]
        raise UserError(name, got, f"{number} axes: {', '.join(order)}", fix)
    there = shape[order.index("channel")] if channel is not None else 1
    if channel is not None and channel >= there:
        got = f"channel {channel} of {there}"
        expected, fix = f"a number from 0 to {there - 1}", "correct channel, or order"
        raise UserError(name, got, expected, fix)
    if isinstance(array, Pages) and order[0] != "frame":
        expected = "frame first, as a stack or film is read frame by frame"
        raise UserError(f"{name}: order", order, expected, "correct order, or save it as .npy")
    return order[::-1] if _matlab(array) else order


def _matlab(array) -> bool:
    """Whether MATLAB wrote an array, its axes in reverse order."""
    return "MATLAB_class" in getattr(array, "attrs", ())


def _shape(array) -> tuple[int, ...]:
    """Shape of an array, as MATLAB tells it if MATLAB wrote it."""
    return tuple(array.shape[::-1] if _matlab(array) else array.shape)


@contextmanager
def _container(path: Path, colour: bool):
    """What a file holds: one array, or arrays by name."""
    with path.open("rb") as file:
        head, hdf5 = file.read(16), is_hdf5(file)
    if head.startswith(b"\x93NUMPY"):
        yield np.load(path, mmap_mode="r")
    elif head.startswith(b"PK\x03\x04"):
        with np.load(path) as archive:
            yield archive
    elif hdf5:
        with optional("h5py", "hdf5").File(path, "r") as file:
            yield file
    elif begins_as(head, STACKS):
        yield stack(path)
    elif begins_as(head, FILMS):
        yield film(path, colour)
    else:
        raise UserError(
            name_of(path, None),
            f"{path.stat().st_size} bytes that do not begin as such a file",
            "a .npy, .npz, HDF5, NWB, MATLAB 7.3 or TIFF file, or a film (.avi, .mp4)",
            "save the frames with numpy.save, or in MATLAB with save(..., '-v7.3')",
        )


def _entry(found, path: Path, key: str | None):
    """The array called `key`; UserError, listing what is there, if there is none."""
    if isinstance(found, np.ndarray | Pages):
        if key is not None:
            expected = "no key, as this file holds one array"
            raise UserError(name_of(path, None), f"key {key}", expected, "leave the key out")
        return found
    array = found[key] if key is not None and key in found else None
    if not hasattr(array, "dtype"):
        raise UserError(
            name_of(path, None),
            f"no array {key}, but {_listing(found)}" if key else f"no key for {_listing(found)}",
            "the name of an array in the file",
            "correct the key in the config",
        )
    return array


def _listing(found) -> str:
    """Names of the arrays in an .npz file, or of those with three or four axes in an HDF5 file."""
    if isinstance(found, np.lib.npyio.NpzFile):
        return ", ".join(found) or "no array"
    names = []

    def add(name, item):
        if len(getattr(item, "shape", None) or ()) in (3, 4):
            names.append(f"{name} {_shape(item)}")

    found.visititems(add)
    return ", ".join(names) or "no array of three or four axes"
