"""What a recording is, whatever file it came from."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Sequence:
    """Responses of all cells to one stimulus sequence.

    Attributes
    ----------
    spike_count : ndarray of uint8, shape (cell, trial, frame)
        Spikes in each stimulus frame; 0 beyond a trial's end.
    first_frame : ndarray of int64, shape (trial,)
        Stimulus frame shown at each trial's first frame.
    n_frames : ndarray of int64, shape (trial,)
        Frames of each trial, shown one after another without a gap.
    observed : ndarray of bool, shape (cell, trial, frame), or None
        In which frames each cell was observed; None for all.
    """

    spike_count: np.ndarray
    first_frame: np.ndarray
    n_frames: np.ndarray
    observed: np.ndarray | None = None


@dataclass(frozen=True)
class Recording:
    """Responses of simultaneously recorded cells.

    Attributes
    ----------
    cells : tuple of str
        Names, in the order of the counts' cell axis.
    running : Sequence
        Responses to the running (training) stimulus.
    frozen : Sequence or None
        Responses to the frozen test sequence, if there is one; a whole repeat has first frame 0.
    """

    cells: tuple[str, ...]
    running: Sequence
    frozen: Sequence | None = None

    @property
    def sequences(self) -> dict[str, Sequence]:
        """Those that there are, by name."""
        return {"running": self.running} | ({"frozen": self.frozen} if self.frozen else {})
