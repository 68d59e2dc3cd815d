"""From one kind of stimulus to another: what is seen, what is found, and what is predicted."""

from collections.abc import Mapping, Sequence
from itertools import permutations

import xarray as xr
from matplotlib.figure import Figure

from finefield.figures.paper.frames import draw_frames, size_text
from finefield.figures.paper.rows import LINE, head
from finefield.figures.settings import FigureSettings
from finefield.figures.style import PAGE, axes_at, brief, letter, rc, write_at
from finefield.figures.subunits.mosaic import (
    draw_mosaics,
    found_in,
    reach_of,
    share_bar,
    shares_of,
)
from finefield.figures.transfer.stimuli import draw_pairs, pairs_foot

#: Most stimuli and most cells that are shown.
MAX_STIMULI, MAX_CELLS = 3, 4
#: Height of a stimulus' row, width of a frame, left edge, side and gap of the mosaics [inches].
ROW, FRAME, LEFT, SIDE, GAP = 1.75, 1.5, 2.1, 1.05, 0.1
#: Least side of a frame of one row or column, and height of the text above a map [inches].
THIN = 0.3
HEAD = 2 * LINE + 0.18
#: Left edges and side of the panels of scores, and space above them [inches].
SCORES, SCORE, ABOVE = (0.65, 4.15), 1.9, 0.45


def between_figure(
    frames: Mapping[str, xr.DataArray],
    subunits: Mapping[str, xr.Dataset],
    cells: xr.Dataset,
    transfers: Mapping[str, xr.Dataset],
    style: FigureSettings,
) -> Figure:
    """Draw stimuli, the subunits found with each, and scores on the respective other one.

    Parameters
    ----------
    frames : dict of str to xarray.DataArray
        Stimulus -> frames (frame, y, x) of the field, as from `first_frames`; one is drawn.
    subunits : dict of str to xarray.Dataset
        Stimulus -> the subunits that one network found, as for `mosaic_figure`.
    cells : xarray.Dataset
        The dataset's `cells.nc`.
    transfers : dict of str to xarray.Dataset
        Network -> its transfer grid.
    style : FigureSettings
        The config's part `figures`.

    Returns
    -------
    matplotlib.figure.Figure
        The first `MAX_STIMULI` stimuli, and scores between the first two.
    """
    shown = list(frames)[:MAX_STIMULI]
    top, letters = ROW * len(shown), iter("abcdefgh")
    pairs = list(permutations(shown[:2], 2))
    with rc(style):
        height = top + ABOVE + SCORE + pairs_foot(transfers) + 0.05
        figure = Figure(figsize=(PAGE, height))
        for number, name in enumerate(shown):
            _frame(figure, number * ROW + 0.1, next(letters), name, frames[name])
            head(
                figure, LEFT, number * ROW + 0.1, next(letters),
                f"Subunits found by {_network(subunits[name])}, trained on {brief([name])[0]}",
                "number of each; ellipses of 1.5 SD, the receptive field dashed; one scale",
            )  # fmt: skip
        _mosaics(figure, [subunits[name] for name in shown], cells)
        places = [(left, top + ABOVE) for left in SCORES]
        panels = draw_pairs(figure, places, SCORE, transfers, pairs, style)
        letter(panels, left=0.5, up=0.12, first=next(letters))
    return figure


def _network(subunits: xr.Dataset) -> str:
    return brief([str(subunits.attrs["model"])])[0]


def _frame(figure: Figure, top: float, name: str, stimulus: str, frames: xr.DataArray) -> None:
    """One frame of a stimulus."""
    height, width = frames.sizes["y"], frames.sizes["x"]
    scale = min(FRAME / width, SIDE / height)
    head(figure, 0.15, top, name, brief([stimulus])[0], size_text(frames))
    sides = (max(THIN, side * scale) for side in (width, height))
    axes = axes_at(figure, 0.15, top + HEAD, *sides)
    draw_frames([axes], frames.isel(frame=[0]))
    axes.set_title("")


def _mosaics(figure: Figure, subunits: Sequence[xr.Dataset], cells: xr.Dataset) -> None:
    """Subunits of the same cells in a row for each stimulus, with the same colours."""
    there = {name for one in subunits for name in found_in(one)}
    names = [name for name in cells["cell"].values.tolist() if name in there][:MAX_CELLS]
    if not names:
        write_at(figure, LEFT + 0.2, 0.1 + HEAD, "no subunit found in any cell")
        return
    known = [one for one in subunits if "share" in one]
    shares, reach = shares_of(*known), reach_of(names, known, cells)
    for row, one in enumerate(subunits):
        if "share" not in one:
            continue
        top = row * ROW + 0.1 + HEAD
        places = [(LEFT + number * (SIDE + GAP), top) for number in range(len(names))]
        panels = [axes_at(figure, *place, SIDE, SIDE) for place in places]
        draw_mosaics(panels, names, one, cells, shares, reach)
    share_bar(figure, shares, (LEFT + len(names) * (SIDE + GAP), 0.1 + HEAD, 0.08, SIDE))
