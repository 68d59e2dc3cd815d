"""Times of frames as they lie in files: trials of a running stimulus, repeats of a frozen one."""

import numpy as np

from finefield.base.errors import UserError
from finefield.recordings.binning import FrameTimes
from finefield.recordings.triggers import with_lost

FRAMES_FIX = "save one number for each frame, and one row for each trial; pad short ones with NaN"


def running_frames(onset: np.ndarray, thing: str, lost: float | None) -> FrameTimes:
    """Frames of a stimulus that runs on from row to row; a column is one row too.

    With a period in `lost`, frames whose triggers were lost are added.
    """
    if onset.ndim == 1 or onset.shape[-1] == 1:
        onset = onset.reshape(1, -1)
    if onset.ndim != 2:
        expected = "one axis (frame) or two (trial, frame)"
        raise UserError(thing, f"shape {onset.shape}", expected, FRAMES_FIX)
    onset = _with_lost(onset, lost, thing)
    return FrameTimes(onset, np.arange(onset.size).reshape(onset.shape), thing)


def frozen_frames(
    onset: np.ndarray, thing: str, lost: float | None, n_frames: int | None
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
        onset = _with_lost(onset, lost, thing)
    index = np.broadcast_to(np.arange(onset.shape[1]), onset.shape)
    return FrameTimes(onset, index, thing)


def _repeats(onset: np.ndarray, thing: str, lost: float | None, n_frames: int) -> np.ndarray:
    """Repeats of a number of frames (repeat, frame), from their times in any order of axes."""
    row = _with_lost(onset[~np.isnan(onset)][None], lost, thing)[0]
    if not len(row) or len(row) % n_frames:
        got, left = f"{len(row)} frames", len(row) % n_frames
        expected = f"a multiple of frozen_frames, {n_frames}; there are {left} more"
        fix = "correct frozen_frames, or set lost_triggers: shown if triggers were lost"
        raise UserError(thing, got, expected, fix)
    return row.reshape(-1, n_frames)


def _with_lost(onset: np.ndarray, lost: float | None, thing: str) -> np.ndarray:
    """Times of frames, with those whose triggers were lost if there is a period in `lost`."""
    onset = onset.astype(float)
    return with_lost(onset, lost, thing) if lost else onset
