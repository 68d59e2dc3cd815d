"""A recording of any format, by the module that reads it."""

from collections.abc import Mapping
from pathlib import Path
from types import ModuleType

from finefield.base.errors import UserError
from finefield.recordings import counts, nwb, spike_times
from finefield.recordings.data import Recording

FORMATS = {"counts": counts, "spike_times": spike_times, "nwb": nwb}


def read_recording(path: str | Path, layout: Mapping, frame_rate: float) -> Recording:
    """Read and check everything in a recording.

    Parameters
    ----------
    path : str or Path
        A file, or a folder of text files.
    layout : mapping
        Its ``format`` ("counts", "spike_times" or "nwb") and all keys of that format; the config's
        schema describes them.
    frame_rate : float
        Nominal stimulus frames per second [Hz].

    Returns
    -------
    Recording

    Raises
    ------
    UserError
        Whatever is wrong with the file, or with the layout for this file: see the modules of the
        formats. If there is no spike in any frame.

    Examples
    --------
    >>> import tempfile
    >>> import numpy as np
    >>> path = Path(tempfile.mkdtemp()) / "cells.npz"
    >>> np.savez(path, spk1=np.zeros((2, 50, 7)), spk2=np.ones((2, 30, 7)))
    >>> layout = {"format": "counts", "running_key": "spk1", "frozen_key": "spk2"}
    >>> layout |= {"names_key": None, "axes": ["cell", "frame", "trial"]}
    >>> layout |= dict.fromkeys(["trials", "running_frames", "frozen_frames"])
    >>> recording = read_recording(path, layout, frame_rate=30.0)
    >>> recording.cells, recording.frozen.spike_count.shape
    (('0', '1'), (2, 7, 30))
    """
    recording = _reader(layout).read(Path(path), layout, frame_rate)
    sequences = recording.running, recording.frozen
    if not any(sequence.spike_count.any() for sequence in sequences):
        raise UserError(
            f"recording {path}",
            f"no spike in {sum(int(sequence.n_frames.sum()) for sequence in sequences)} frames",
            "at least one spike",
            "check what was saved, and that spikes and frames are timed by one clock",
        )
    return recording


def cell_names(path: str | Path, layout: Mapping) -> list[str]:
    """Names of a recording's cells, read cheaply.

    Parameters
    ----------
    path, layout
        As in `read_recording`.

    Returns
    -------
    list of str
        The same names in the same order as `read_recording` gives.

    Raises
    ------
    UserError
        If the file or what names its cells is missing or unreadable, or the names are bad.

    Examples
    --------
    >>> import tempfile
    >>> import numpy as np
    >>> path = Path(tempfile.mkdtemp()) / "cells.npz"
    >>> np.savez(path, **{"spike_times/10": [0.0], "spike_times/9": [0.0]})
    >>> cell_names(path, {"format": "spike_times", "spikes_key": "spike_times", "names_key": None})
    ['9', '10']
    """
    return _reader(layout).names(Path(path), layout)


def _reader(layout: Mapping) -> ModuleType:
    """The module that reads a layout's format."""
    if layout["format"] not in FORMATS:
        fix = "set the format in the recording's layout"
        raise UserError("recording format", layout["format"], f"one of {list(FORMATS)}", fix)
    return FORMATS[layout["format"]]
