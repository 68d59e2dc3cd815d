"""Recorded cells: receptive fields, subunits, and responses with their predictions."""

from collections.abc import Sequence

from matplotlib.figure import Figure

from finefield.figures.maps import centred_norm, color_bar
from finefield.figures.page.fields import draw_average, draw_found, scores_of, title_of
from finefield.figures.page.responses import Rows, draw_responses
from finefield.figures.paper.rows import head, head_of
from finefield.figures.parts import Parts
from finefield.figures.settings import FigureSettings
from finefield.figures.style import LARGE, PAGE, axes_at, rc, write_at
from finefield.figures.subunits.mosaic import share_bar, shares_of

#: Side of the maps, their left edges, and where the responses begin [inches].
SIDE, LEFTS, RESPONSES = 1.1, (0.15, 1.9), 4.15
#: Where the responses stand, from the top of their cell, and height of a cell [inches].
ROWS, BAND = Rows(RESPONSES, whole=1.85, heights=(0.5, 0.75), names=1), 2.8


def recorded_figure(cells: Sequence[Parts], style: FigureSettings) -> Figure:
    """Draw recorded cells beneath each other: STA, subunits found, spikes, rates, predictions.

    Parameters
    ----------
    cells : sequence of Parts
        What is known of each cell and its network.
    style : FigureSettings
        The config's part `figures`.

    Returns
    -------
    matplotlib.figure.Figure
        Parts of the drive have the same colours in all cells.
    """
    shares = shares_of(*(one.found for one in cells))
    with rc(style):
        figure = Figure(figsize=(PAGE, BAND * len(cells) + 0.05))
        for number, parts in enumerate(cells):
            letters = [chr(ord("a") + 3 * number + one) for one in range(3)]
            _cell(figure, number * BAND, letters, parts, shares, style)
    return figure


def _cell(figure: Figure, top: float, letters: list[str], parts: Parts, shares, style) -> None:
    """One cell, from left to right."""
    title = title_of(parts.cell, parts.model, parts.responses)
    write_at(figure, LEFTS[0], top + 0.1, title, fontsize=LARGE - 1, weight="bold")
    panels = [axes_at(figure, left, top + 0.95, SIDE, SIDE) for left in LEFTS]
    norm = centred_norm(parts.sta["sta_spatial"].values)
    shown = draw_average(panels[0], parts.cell, parts.sta, norm, style)
    draw_found(panels[1], parts.cell, parts.sta, parts.found, norm, shares, style)
    for axes, left, letter in zip(panels, LEFTS, letters, strict=False):
        head_of(axes, left, top + 0.4, letter)
    places = [(left + SIDE + 0.05, top + 1.05, 0.06, SIDE - 0.2) for left in LEFTS]
    color_bar(figure, shown, places[0], "STA")
    if parts.found.sizes["found"]:
        share_bar(figure, shares, places[1])
    rates = {"LN model": parts.ln_test, "network": parts.model_test}
    raster, _ = draw_responses(
        figure, top + 0.55, parts.responses, rates, scores_of(parts.model, parts.sta),
        parts.model.attrs["tested_on"], style, ROWS,
    )  # fmt: skip
    what, which = raster.get_title("left").split(", ")
    head(figure, RESPONSES - 0.45, top + 0.4, letters[2], f"{what},", which)
    raster.set_title("", loc="left")
