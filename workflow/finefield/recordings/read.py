"""A recording of any format, by the module that reads it."""

import logging
from collections.abc import Sequence as Listed
from pathlib import Path
from types import ModuleType

from finefield.base.errors import UserError
from finefield.recordings.data import Recording, Sequence
from finefield.recordings.description import whole_repeats
from finefield.recordings.formats import counts, nwb, phy, spike_times
from finefield.recordings.parts import joined, paths, same_cells
from finefield.recordings.settings import Layout
from finefield.recordings.silence import check_silence

log = logging.getLogger(__name__)

#: A file, a folder of files, or a list of them.
Place = str | Path | Listed[str | Path]
FORMATS = {"counts": counts, "spike_times": spike_times, "nwb": nwb, "phy": phy}


def read_recording(path: Place, layout: Layout, frame_rate: float) -> Recording:
    """Read and check everything in a recording.

    Parameters
    ----------
    path : str or Path, or a sequence of them
        A file, or a folder of text files or of phy; or several, shown one after the other.
    layout : Layout
        Its format and how it is laid out.
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
    >>> from finefield.recordings.settings import CountsLayout
    >>> recording = read_recording(path, CountsLayout(), frame_rate=30.0)
    >>> recording.cells, recording.frozen.spike_count.shape
    (('0', '1'), (2, 7, 30))
    """
    read = _reader(layout).read
    recording = joined({one: read(one, layout, frame_rate) for one in paths(path)}, layout.parts)
    sequences = recording.sequences.values()
    if not any(sequence.spike_count.any() for sequence in sequences):
        raise UserError(
            f"recording {', '.join(map(str, paths(path)))}",
            f"no spike in {sum(int(sequence.n_frames.sum()) for sequence in sequences)} frames",
            "at least one spike",
            "check what was saved, and that spikes and frames are timed by one clock",
        )
    recording = check_silence(recording, layout.silent_trials == "leave_out")
    if recording.frozen:
        _tell_repeats(recording.frozen)
    else:
        log.info("no frozen sequence: blocks of the running sequence are kept for testing")
    return recording


def _tell_repeats(frozen: Sequence) -> None:
    """Say how many whole repeats of the frozen sequence there are."""
    length, whole = frozen.n_frames.max(), whole_repeats(frozen)
    text = "frozen sequence: %d whole repeats of %d frames among %d trials%s"
    few = "; without two there is no noise ceiling" if whole.sum() < 2 else ""
    told = log.warning if few or not whole.all() else log.info
    told(text, whole.sum(), length, len(whole), few)


def cell_names(path: Place, layout: Layout) -> list[str]:
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
    >>> from finefield.recordings.settings import SpikeTimesLayout
    >>> cell_names(path, SpikeTimesLayout(format="spike_times"))
    ['9', '10']
    """
    return same_cells({one: _reader(layout).names(one, layout) for one in paths(path)})


def trial_lengths(path: Place, layout: Layout) -> dict[str, list[int]]:
    """Frames of each trial of both sequences, as far as a recording's headers tell.

    Parameters
    ----------
    path, layout
        As in `read_recording`.

    Returns
    -------
    dict of list of int
        Of each sequence, "running" and "frozen"; empty where only reading the recording tells.

    Raises
    ------
    UserError
        As far as headers tell, as from `read_recording`.
    """
    found = [_reader(layout).trial_lengths(one, layout) for one in paths(path)]
    return {name: [length for one in found for length in one[name]] for name in found[0]}


def recording_files(path: Place, layout: Layout) -> list[Path]:
    """Files that a recording is read from; of one that is not there, its path.

    Parameters
    ----------
    path, layout
        As in `read_recording`.
    """
    files = _reader(layout).files
    return [file for one in paths(path) for file in files(one, layout) or [one]]


def _reader(layout: Layout) -> ModuleType:
    """The module that reads a layout's format."""
    return FORMATS[layout.format]
