"""What a recording is, whatever file it came from."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from finefield.recordings.triggers import Timing


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
    timing : Timing or None
        How frames followed one another; None if the recording has no times of frames.
    """

    spike_count: np.ndarray
    first_frame: np.ndarray
    n_frames: np.ndarray
    observed: np.ndarray | None = None
    timing: Timing | None = None

    @property
    def inside(self) -> np.ndarray:
        """Frames that are no padding, bool (trial, frame)."""
        return np.arange(self.spike_count.shape[2]) < self.n_frames[:, None]

    @property
    def reach(self) -> int:
        """Stimulus frames up to the last one that was shown."""
        return int((self.first_frame + self.n_frames).max())


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
    violations : ndarray of float64, shape (cell,), or None
        Part of each cell's intervals between spikes that are shorter than a refractory period, as
        from `times.refractory_violations`; None if the recording has no times of spikes.
    """

    cells: tuple[str, ...]
    running: Sequence
    frozen: Sequence | None = None
    violations: np.ndarray | None = None

    @property
    def sequences(self) -> dict[str, Sequence]:
        """Those that there are, by name."""
        return {"running": self.running} | ({"frozen": self.frozen} if self.frozen else {})

    def chosen(self, cells: Iterable[str]) -> "Recording":
        """The recording of these cells alone, in this order."""
        rows = [self.cells.index(cell) for cell in cells]
        sequences = {
            name: replace(
                one,
                spike_count=one.spike_count[rows],
                observed=None if one.observed is None else one.observed[rows],
            )
            for name, one in self.sequences.items()
        }
        violations = None if self.violations is None else self.violations[rows]
        names = tuple(self.cells[row] for row in rows)
        return replace(self, cells=names, violations=violations, **sequences)
