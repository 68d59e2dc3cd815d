"""TIFF stacks and films, whose frames come one after the other, sliced as an array."""

from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from types import ModuleType

import numpy as np

from finefield.base.errors import UserError
from finefield.base.extras import optional

#: How files begin: byte at which it stands -> texts.
STACKS = {0: (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")}
FILMS = {8: (b"AVI ",), 4: (b"ftyp", b"moov", b"mdat"), 0: (b"\x1aE\xdf\xa3",)}
#: By how many levels of 255 the channels of a grey film differ at most. Codecs round them: with
#: noise of two values, seven codecs of FFmpeg make channels differ by at most 4.
GREY = 8


class Pages:
    """Frames that are read one after the other; an earlier frame starts the file anew.

    Attributes
    ----------
    shape : tuple of int
        Frames, rows, columns and, if a frame has several, channels.
    dtype : numpy.dtype
        Of the values.

    Examples
    --------
    >>> pages = Pages((3, 1, 2), np.dtype(int), lambda: iter(np.arange(6).reshape(3, 1, 2)))
    >>> pages[1:3, :, 0].tolist()
    [[2], [4]]
    """

    def __init__(self, shape: tuple, dtype: np.dtype, start: Callable[[], Iterator[np.ndarray]]):
        self.shape, self.dtype, self.ndim = shape, dtype, len(shape)
        self._start, self._frames, self._next = start, start(), 0

    def __getitem__(self, index: tuple) -> np.ndarray:
        """Frames of a slice without step, and any part of these."""
        wanted, *rest = index
        if wanted.start < self._next:
            self._frames, self._next = self._start(), 0
        frames = islice(self._frames, wanted.start - self._next, wanted.stop - self._next)
        found = [frame[tuple(rest)].copy() for frame in frames]
        if len(found) < wanted.stop - wanted.start:
            raise ValueError(f"it ends before frame {wanted.stop - 1}, counted from 0")
        self._next = wanted.stop
        return np.stack(found)


def begins_as(head: bytes, kinds: dict[int, tuple[bytes, ...]]) -> bool:
    """Whether a file's first bytes are of one of some kinds."""
    return any(head[place:].startswith(texts) for place, texts in kinds.items())


def stack(path: Path) -> Pages:
    """The pages of a TIFF file.

    Raises
    ------
    UserError
        If imageio is missing, or pages are there that TIFF does not list.
    """
    with _imageio().imopen(path, "r", plugin="tifffile") as file:
        about = file.properties(index=..., page=...)
        listed = file.metadata().get("images", 1)
    if listed > about.shape[0]:
        raise UserError(
            f"frames in {path}",
            f"{about.shape[0]} of {listed} pages, as ImageJ writes files above 4 GB",
            "a TIFF file that lists all pages",
            "save the stack as BigTIFF, or as .npy",
        )

    def pages() -> Iterator[np.ndarray]:
        with _imageio().imopen(path, "r", plugin="tifffile") as file:
            yield from file.iter_pages()

    return Pages(about.shape, about.dtype, pages)


def film(path: Path, colour: bool) -> Pages:
    """The frames of a film.

    Parameters
    ----------
    path : Path
        The film.
    colour : bool
        Whether frames have the channels red, green and blue; otherwise they must be grey.

    Raises
    ------
    UserError
        If imageio or PyAV is missing; while reading, if frames must be grey and are not.
    """
    optional("av", "films")
    with _imageio().imopen(path, "r", plugin="pyav") as file:
        # What has one channel is kept as it is, also with 16 bits.
        grey = file.metadata()["video_format"].startswith("gray") and not colour
        kind = None if grey else "rgb24"
        about = file.properties(format=kind)

    def frames() -> Iterator[np.ndarray]:
        with _imageio().imopen(path, "r", plugin="pyav") as file:
            for frame in file.iter(format=kind, thread_type="FRAME"):
                yield frame if colour or grey else _in_grey(frame, path)

    # Some files do not tell how many frames they have.
    n_frames = about.shape[0] or sum(1 for _ in frames())
    return Pages((n_frames, *about.shape[1 : 4 if colour else 3]), about.dtype, frames)


def _in_grey(frame: np.ndarray, path: Path) -> np.ndarray:
    """One channel of a frame (y, x, channel) whose channels are equal."""
    if np.ptp(frame, axis=-1).max() > GREY:
        raise UserError(
            f"frames in {path}",
            "a film in colour, and no channel",
            "the number of one channel: 0 for red, 1 for green, 2 for blue",
            "add channel to the stimulus in the config",
        )
    return frame[..., 1]


def _imageio() -> ModuleType:
    return optional("imageio.v3", "films")
