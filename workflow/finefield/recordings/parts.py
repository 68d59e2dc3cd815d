"""A recording in several files, shown one after the other, as one."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from finefield.base.errors import UserError
from finefield.recordings.data import Recording
from finefield.recordings.data import Sequence as Shown
from finefield.recordings.triggers import Timing


def paths(recording: str | Path | Sequence[str | Path]) -> list[Path]:
    """The files of a recording, which is one file or a list of them.

    Examples
    --------
    >>> [path.name for path in paths(["a.mat", "b.mat"])]
    ['a.mat', 'b.mat']
    """
    given = [recording] if isinstance(recording, str | Path) else recording
    return [Path(one) for one in given]


def same_cells(names: Mapping[Path, Sequence[str]]) -> list[str]:
    """Names of the cells of each file, which must be the same, in the order of the first.

    Parameters
    ----------
    names : mapping
        File -> names of its cells.

    Raises
    ------
    UserError
        If a file has other cells than the first.

    Examples
    --------
    >>> same_cells({Path("a.mat"): ["1", "2"], Path("b.mat"): ["2", "1"]})
    ['1', '2']
    """
    first, *others = names
    for other in others:
        for one, missing in ((other, first), (first, other)):
            alone = [name for name in names[one] if name not in names[missing]]
            if alone:
                got = f"cell {alone[0]}, which {missing} lacks, one of {len(alone)} such"
                expected = "the same cells in every part"
                fix = "leave it out, or sort the spikes of all parts together"
                raise UserError(f"recording {one}", got, expected, fix)
    return list(names[first])


def joined(
    parts: Mapping[Path, Recording], starts: str | Sequence[int], thing: str = "layout.parts"
) -> Recording:
    """Trials of all parts, one part after another.

    Parameters
    ----------
    parts : mapping
        File -> what was read from it.
    starts : {"go_on", "start_anew"} or sequence of int
        Whether each part's running stimulus begins with the frame after the last one of the part
        before, or with the first frame again; or the frame with which each part begins.
    thing : str
        What messages call the starts.

    Raises
    ------
    UserError
        If parts have other cells than the first, or there are not as many starts as parts.

    Examples
    --------
    >>> shown = Shown(np.ones((1, 2, 3), np.uint8), np.array([0, 3]), np.array([3, 3]))
    >>> part = Recording(("a",), shown, shown)
    >>> both = joined({Path("a.mat"): part, Path("b.mat"): part}, "go_on")
    >>> both.running.first_frame.tolist(), both.frozen.first_frame.tolist()
    ([0, 3, 6, 9], [0, 3, 0, 3])
    """
    cells = same_cells({path: part.cells for path, part in parts.items()})
    read = list(parts.values())
    if not isinstance(starts, str) and len(starts) != len(read):
        got, expected = f"{len(starts)} frames for {len(read)} parts", "a frame for each part"
        raise UserError(thing, got, expected, "name the frame with which each part begins")
    if len(read) == 1 and starts in ("go_on", "start_anew"):
        return read[0]
    ends = [part.running.reach for part in read]
    if starts == "go_on":
        starts = np.cumsum([0, *ends[:-1]])
    elif starts == "start_anew":
        starts = np.zeros(len(read), int)
    rows = [[part.cells.index(cell) for cell in cells] for part in read]
    begin = {"running": starts, "frozen": np.zeros(len(read), int)}
    sequences = {
        one: _joined([part.sequences[one] for part in read], rows, begin[one])
        for one in read[0].sequences
    }
    return Recording(tuple(cells), **sequences, violations=_violations(read, rows))


def _violations(parts: list[Recording], rows: list[list[int]]) -> np.ndarray | None:
    """Refractory violations in all parts, each with the weight of the cell's spikes in it."""
    if any(part.violations is None for part in parts):
        return None
    found = np.array([part.violations[row] for part, row in zip(parts, rows, strict=True)])
    spikes = [
        sum(one.spike_count[row].sum((1, 2), dtype=np.int64) for one in part.sequences.values())
        for part, row in zip(parts, rows, strict=True)
    ]
    weight = np.where(np.isnan(found), 0, spikes)
    total = np.nansum(weight * found, axis=0)
    empty = np.full(len(total), np.nan)
    return np.divide(total, weight.sum(0), out=empty, where=weight.sum(0) > 0)


def _joined(parts: list[Shown], rows: list[list[int]], starts: Sequence[int]) -> Shown:
    """Trials of all parts of one sequence, `rows` of the cells in order."""
    longest = max(part.spike_count.shape[2] for part in parts)

    def together(arrays: list[np.ndarray]) -> np.ndarray:
        return np.concatenate(
            [
                np.pad(one[row], ((0, 0), (0, 0), (0, longest - one.shape[2])))
                for one, row in zip(arrays, rows, strict=True)
            ],
            axis=1,
        )

    observed = None
    if any(part.observed is not None for part in parts):
        seen = [np.ones(p.spike_count.shape, bool) if p.observed is None else p.observed
                for p in parts]  # fmt: skip
        observed = together(seen)
    first = [part.first_frame + start for part, start in zip(parts, starts, strict=True)]
    return Shown(
        together([part.spike_count for part in parts]),
        np.concatenate(first),
        np.concatenate([part.n_frames for part in parts]),
        observed,
        _timing([part.timing for part in parts]),
    )


def _timing(parts: list[Timing | None]) -> Timing | None:
    """How frames followed one another in all parts."""
    if any(part is None for part in parts):
        return None
    return Timing(
        np.concatenate([part.gap_time for part in parts]),
        np.concatenate([part.gap_length for part in parts]),
        np.sum([part.interval_count for part in parts], axis=0),
        np.concatenate([part.alone_time for part in parts]),
    )
