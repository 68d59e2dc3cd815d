"""A simulated circuit: what it sees, what it is made of, and what a network makes of it."""

import xarray as xr
from matplotlib.figure import Figure

from finefield.figures.maps import centred_norm, color_bar
from finefield.figures.page.courses import draw_temporal
from finefield.figures.page.fields import draw_average, scores_of, title_of
from finefield.figures.page.responses import Rows, draw_responses
from finefield.figures.paper.filters import draw_filters
from finefield.figures.paper.frames import draw_frames, size_text
from finefield.figures.paper.rows import LINE, Row, draw_row, head, head_of, shown_of
from finefield.figures.parts import Parts
from finefield.figures.settings import FigureSettings
from finefield.figures.style import LARGE, PAGE, axes_at, brief, rc, text_of, write_at

#: Most subunits and filters that are shown.
MOST = 8
#: Tops of the rows, left edges of their panels, and side of the STA's map [inches].
TOPS, UPPER, LOWER, SIDE = (0.4, 1.95, 3.85), (0.15, 3.4), (0.15, 3.0, 4.75), 1.05
#: Where the responses stand.
RESPONSES = Rows(heights=(0.7, 0.85, 0.5))


def circuit_figure(parts: Parts, frames: xr.DataArray, style: FigureSettings) -> Figure:
    """Draw a simulated cell: stimulus, subunits, temporal filter, STA, filters and response.

    Parameters
    ----------
    parts : Parts
        What is known of the cell and its network.
    frames : xarray.DataArray, dimensions (frame, y, x)
        Frames of the stimulus on the cell's crop, as from `first_frames`.
    style : FigureSettings
        The config's part `figures`.

    Returns
    -------
    matplotlib.figure.Figure
    """
    with rc(style):
        figure = Figure(figsize=(PAGE, TOPS[2] + RESPONSES.height - 0.05))
        title = title_of(parts.cell, parts.model, parts.responses)
        write_at(figure, UPPER[0], 0.1, title, fontsize=LARGE - 1, weight="bold")
        _stimulus(figure, frames, str(parts.model.attrs["stimulus"]))
        _subunits(figure, parts.cell, style)
        head(figure, LOWER[0], TOPS[1], "c", "Temporal filters")
        axes = axes_at(figure, 0.72, TOPS[1] + 0.62, 1.85, 0.8)
        draw_temporal(axes, parts.cell, parts.sta, parts.filters, style)
        _average(figure, parts, style)
        row = Row(LOWER[2], TOPS[1] + 2 * LINE + 0.02, PAGE - LOWER[2] - 0.68, columns=4)
        draw_filters(figure, TOPS[1], "e", row, parts, "effective", MOST, style)
        head(figure, LOWER[0], TOPS[2] + 0.1, "f")
        draw_responses(
            figure, TOPS[2] - 0.05, parts.responses,
            {"LN model": parts.ln_test, "network": parts.model_test},
            scores_of(parts.model, parts.sta), parts.model.attrs["tested_on"], style, RESPONSES,
        )  # fmt: skip
    return figure


def _stimulus(figure: Figure, frames: xr.DataArray, name: str) -> None:
    """Frames on the crop."""
    (name,) = brief([name])
    text = f"Stimulus {name}: frames of the tested", f"sequence on the crop, {size_text(frames)}"
    head(figure, UPPER[0], TOPS[0], "a", *text)
    row = Row(UPPER[0], TOPS[0] + 2 * LINE + 0.05, UPPER[1] - UPPER[0] - 0.3)
    side, places = row.side(len(frames)), row.places(len(frames))
    draw_frames([axes_at(figure, *place, side, side) for place in places], frames)


def _subunits(figure: Figure, cell: xr.Dataset, style: FigureSettings) -> None:
    """The known subunits, times their sign."""
    images, weights = cell["subunit_filter"].values, cell["subunit_weight"].values
    shown = images[:MOST]
    norm = centred_norm(images)
    head(figure, UPPER[1], TOPS[0], "b", f"Known subunits ({shown_of(len(shown), len(images))})")
    row = Row(UPPER[1], TOPS[0] + 2 * LINE + 0.05, PAGE - UPPER[1] - 0.65)
    titles = [f"weight {text_of(one, 1)}" if len(shown) < 6 else text_of(one, 1) for one in weights]
    pixel_size = float(cell.attrs["pixel_size"])
    panels = draw_row(figure, row, shown, titles[:MOST], norm, pixel_size, style)
    side = row.side(len(shown))
    place = (row.end(len(shown)) + 0.05, row.top + row.title, 0.06, side)
    color_bar(figure, panels[0].images[0], place, "filter")


def _average(figure: Figure, parts: Parts, style: FigureSettings) -> None:
    """The STA with the receptive field."""
    axes = axes_at(figure, LOWER[1], TOPS[1] + 0.45, SIDE, SIDE)
    norm = centred_norm(parts.sta["sta_spatial"].values)
    shown = draw_average(axes, parts.cell, parts.sta, norm, style)
    head_of(axes, LOWER[1], TOPS[1], "d")
    place = (LOWER[1] + SIDE + 0.05, TOPS[1] + 0.6, 0.06, SIDE - 0.3)
    color_bar(figure, shown, place, "STA")
