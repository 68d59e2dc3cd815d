"""Times of frames as they lie in files: trials of a running stimulus, repeats of a frozen one."""

import logging
from collections.abc import Mapping
from functools import partial

import numpy as np

from finefield.base.errors import UserError
from finefield.recordings.binning import FrameTimes
from finefield.recordings.settings import TimesLayout
from finefield.recordings.triggers import with_lost

log = logging.getLogger(__name__)

FRAMES_FIX = "save one number for each frame, and one row for each trial; pad short ones with NaN"


def frames_of(
    times: Mapping[str, tuple[np.ndarray, str]],
    layout: TimesLayout,
    frame_rate: float,
    seconds_per_unit: float,
) -> dict[str, FrameTimes]:
    """Frames of each sequence, from their times as they lie in a recording.

    Parameters
    ----------
    times : dict of str to (ndarray, str)
        Times of the frames of each sequence, "running" and "frozen", of any number of axes; and
        what messages call them.
    layout : TimesLayout
        How repeats lie, and what gaps mean.
    frame_rate : float
        Nominal frames per second [Hz].
    seconds_per_unit : float
        Unit of the times [s].

    Raises
    ------
    UserError
        If the times do not lie as the layout says.
    """
    period = 1 / (frame_rate * seconds_per_unit)
    lost = period if layout.lost_triggers == "shown" else None
    make = {"running": _running_frames, "frozen": partial(_frozen_frames, layout.frozen_frames)}
    return {one: make[one](*given, lost) for one, given in times.items()}


def _running_frames(onset: np.ndarray, thing: str, lost: float | None) -> FrameTimes:
    """Frames of a stimulus that runs on from row to row; a column is one row too.

    With a period in `lost`, frames whose triggers were lost are added.
    """
    if onset.ndim == 1 or onset.shape[-1] == 1:
        onset = onset.reshape(1, -1)
    if onset.ndim != 2:
        expected = "one axis (frame) or two (trial, frame)"
        raise UserError(thing, f"shape {onset.shape}", expected, FRAMES_FIX)
    onset = with_lost(onset, lost, thing)
    _tell_lengths(onset, thing)
    return FrameTimes(onset, np.arange(onset.size).reshape(onset.shape), thing)


def _tell_lengths(onset: np.ndarray, thing: str) -> None:
    """Warn of rows that are shorter than others: a trigger lost at their beginning shifts them."""
    reach = np.where(np.isnan(onset), 0, 1 + np.arange(onset.shape[1])).max(1, initial=0)
    short = np.flatnonzero(reach < onset.shape[1])
    if len(short):
        text = "%s: %d of %d trials have fewer than %d frames, such as trial %d (from 0) with %d; "
        text += "their frames are counted from the first, unless a NaN stands for it"
        # The last trial may have been ended early.
        told = log.info if short.tolist() == [len(onset) - 1] else log.warning
        told(text, thing, len(short), *onset.shape, short[0], reach[short[0]])


def _frozen_frames(
    n_frames: int | None, onset: np.ndarray, thing: str, lost: float | None
) -> FrameTimes:
    """Frames of a sequence that each row repeats; `lost` as for `_running_frames`.

    With a number of frames in `n_frames`, rows hold several repeats, one after another.
    """
    if n_frames is not None:
        onset = _repeats(onset, thing, lost, n_frames)
    elif onset.ndim != 2 or onset.shape[1] == 1:
        expected = "two axes (trial, frame), a row for each repeat"
        fix = f"{FRAMES_FIX}; or set frozen_frames in the layout"
        raise UserError(thing, f"shape {onset.shape}", expected, fix)
    else:
        onset = with_lost(onset, lost, thing)
    index = np.broadcast_to(np.arange(onset.shape[1]), onset.shape)
    return FrameTimes(onset, index, thing)


def _repeats(onset: np.ndarray, thing: str, lost: float | None, n_frames: int) -> np.ndarray:
    """Repeats of a number of frames (repeat, frame), from their times in any order of axes."""
    row = with_lost(onset[~np.isnan(onset)][None], lost, thing)[0]
    if not len(row) or len(row) % n_frames:
        got, left = f"{len(row)} frames", len(row) % n_frames
        expected = f"a multiple of frozen_frames, {n_frames}; there are {left} more"
        fix = "correct frozen_frames, leave out a repeat that is not whole, or set "
        fix += "lost_triggers: shown if triggers were lost"
        raise UserError(thing, got, expected, fix)
    return row.reshape(-1, n_frames)
