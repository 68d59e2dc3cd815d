"""One page for one cell and its network: what they see, and how well it is predicted."""

import xarray as xr
from matplotlib.figure import Figure

from finefield.figures.maps import centred_norm, color_bar
from finefield.figures.page import responses as below
from finefield.figures.page.blocks import Maps, blocks_height, blocks_of, draw_blocks
from finefield.figures.page.courses import draw_learning, draw_pruning, draw_temporal
from finefield.figures.page.fields import draw_average, draw_found, scores_of, tiling_of, title_of
from finefield.figures.physiology import draw_potential
from finefield.figures.settings import FigureSettings
from finefield.figures.style import (
    LARGE,
    PAGE,
    SMALL,
    axes_at,
    letter,
    rc,
    write_at,
)
from finefield.figures.subunits.mosaic import share_bar, shares_of

#: Sizes on the page [inches]: its largest height, tops and side of the maps of the first row, and
#: heights of rows, of which the last one is that of a membrane potential.
TALL, MAP_TOP, SIDE, FIRST_ROW, SECOND_ROW, MEMBRANE = 11.4, 0.72, 1.1, 2.22, 1.21, 1.06
#: Left edges of the first row's panels, and of the curves of the second row [inches].
LEFTS, CURVES = (0.3, 2.35, 5.0), (below.PAGE_ROWS.left, 4.3)


def cell_figure(
    *,
    cell: xr.Dataset,
    sta: xr.Dataset,
    ln_test: xr.Dataset,
    model: xr.Dataset,
    model_test: xr.Dataset,
    filters: xr.Dataset,
    found: xr.Dataset,
    placements: xr.Dataset,
    pruning: xr.Dataset | None,
    matching: xr.Dataset | None,
    responses: xr.Dataset,
    style: FigureSettings,
) -> Figure:
    """Draw one cell and its network on one page, which a sheet of A4 holds.

    Parameters
    ----------
    cell, sta, model, filters, pruning, matching : xarray.Dataset
        Root groups of the cell's files; there may be no pruning, and for a recorded cell there is
        no matching.
    ln_test, model_test : xarray.Dataset
        Rates of the LN model and of the network in the tested frames.
    found, placements : xarray.Dataset
        The subunits that the network found, and where its filters look.
    responses : xarray.Dataset
        Responses to the repeats of the frozen sequence, or in blocks kept for testing.
    style : FigureSettings
        The config's part `figures`.

    Returns
    -------
    matplotlib.figure.Figure
    """
    maps = Maps(cell, sta, filters, found, placements, matching)
    membrane = "membrane_potential" in responses
    fixed = FIRST_ROW + SECOND_ROW + below.PAGE_ROWS.height + MEMBRANE * membrane
    blocks = blocks_of(maps, TALL - fixed)
    height = blocks_height(blocks)
    with rc(style):
        figure = Figure(figsize=(PAGE, fixed + height))
        title = title_of(cell, model, responses)
        write_at(figure, LEFTS[0], 0.12, title, fontsize=LARGE, weight="bold")
        letter(_first_row(figure, maps, style), left=0.27)
        draw_blocks(figure, FIRST_ROW, blocks, maps, style)
        panels = _second_row(figure, FIRST_ROW + height, model, pruning, style)
        top = FIRST_ROW + height + SECOND_ROW
        rates = {"LN model": ln_test, "network": model_test}
        panels += below.draw_responses(
            figure, top, responses, rates, scores_of(model, sta), model.attrs["tested_on"], style
        )
        if membrane:
            rows = below.PAGE_ROWS
            place = (rows.left, top + rows.height + 0.15, PAGE - rows.left - 0.1, 0.56)
            panels.append(axes_at(figure, *place))
            draw_potential(panels[-1], responses, style, "first repeat")
        letter(panels, left=0.66, first="d")
    return figure


def _first_row(figure: Figure, maps: Maps, style: FigureSettings) -> list:
    """The STA, the subunits found upon it, and time courses."""
    cell, sta, found = maps.cell, maps.sta, maps.found
    first, second = (axes_at(figure, left, MAP_TOP, SIDE, SIDE) for left in LEFTS[:2])
    norm, shares = centred_norm(sta["sta_spatial"].values), shares_of(found)
    shown = draw_average(first, cell, sta, norm, style)
    bars = [(left + SIDE + 0.05, MAP_TOP + 0.15, 0.07, SIDE - 0.3) for left in LEFTS[:2]]
    color_bar(figure, shown, bars[0], "STA")
    text = tiling_of(found, maps.filters)
    write_at(figure, LEFTS[1], MAP_TOP + SIDE + 0.14, text, fontsize=SMALL, linespacing=1.1)
    draw_found(second, cell, sta, found, norm, shares, style)
    if found.sizes["found"]:
        share_bar(figure, shares, bars[1])
    third = axes_at(figure, LEFTS[2], MAP_TOP, PAGE - LEFTS[2] - 0.1, SIDE)
    draw_temporal(third, cell, sta, maps.filters, style)
    return [first, second, third]


def _second_row(figure: Figure, top: float, model, pruning, style: FigureSettings) -> list:
    """Training and, where filters have drives of their own, pruning."""
    size = (2.75, 0.62)
    panels = [axes_at(figure, CURVES[0], top + 0.43, *size)]
    draw_learning(panels[0], model, style)
    if pruning is not None and pruning.sizes["kept"]:
        panels.append(axes_at(figure, CURVES[1], top + 0.43, *size))
        draw_pruning(panels[1], pruning, style)
    return panels
