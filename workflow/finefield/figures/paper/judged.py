"""Filters against known subunits: how alike they are, which are effective, and what they carry."""

from dataclasses import replace

import numpy as np
import seaborn as sns
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.ticker import MaxNLocator

from finefield.figures.maps import centred_norm, scale_bar, show_map
from finefield.figures.page.blocks import order_of
from finefield.figures.page.courses import ABOVE, draw_pruning
from finefield.figures.page.fields import title_of
from finefield.figures.paper.filters import draw_filters
from finefield.figures.paper.rows import LINE, Row, head, shown_of
from finefield.figures.parts import Parts
from finefield.figures.settings import FigureSettings
from finefield.figures.style import (
    LARGE,
    PAGE,
    SMALL,
    axes_at,
    count,
    rc,
    text_of,
    write_at,
)

#: Edges of the left and the right column, tops of the rows, and height of the page [inches].
LEFT, RIGHT, TOPS, HEIGHT = 0.15, 4.6, (0.4, 2.3, 4.35), 5.7
#: Largest side of an entry of the matrix, of the matrix, and least side of an entry with a number,
#: and of a map beside it with a scale bar [inches].
ENTRY, MATRIX, WRITTEN, BARRED = 0.6, 3.1, 0.26, 0.45
#: Most subunits whose maps stand beside the matrix, and most filters that are shown.
MAX_BESIDE, MAX_FILTERS = 24, 8


def judged_figure(parts: Parts, style: FigureSettings) -> Figure:
    """Draw the filters of a simulated cell's network against its known subunits.

    Parameters
    ----------
    parts : Parts
        What is known of the cell and its network.
    style : FigureSettings
        The config's part `figures`.

    Returns
    -------
    matplotlib.figure.Figure
        Cosines of known subunits and those found, Moran's I and part of the drive of each filter,
        the score against the number of filters kept, and the filters.
    """
    with rc(style):
        figure = Figure(figsize=(PAGE, HEIGHT))
        title = title_of(parts.cell, parts.model, parts.responses)
        write_at(figure, LEFT, 0.1, title, fontsize=LARGE - 1, weight="bold")
        _matrix(figure, parts, style)
        head(figure, RIGHT - 0.5, TOPS[0], "b", "Which filters are effective")
        draw_judged(axes_at(figure, RIGHT, TOPS[0] + 0.5, 2.4, 0.95), parts.filters, style)
        if parts.pruning is not None and parts.pruning.sizes["kept"]:
            head(figure, RIGHT - 0.5, TOPS[1], "c", "Score without some filters")
            draw_pruning(axes_at(figure, RIGHT, TOPS[1] + 0.62, 2.4, 0.95), parts.pruning, style)
        _filters(figure, parts, style)
    return figure


def draw_judged(axes: Axes, filters: xr.Dataset, style: FigureSettings) -> None:
    """Draw Moran's I of each filter against its part of the drive.

    Parameters
    ----------
    axes : Axes
        Where.
    filters : xarray.Dataset
        Root group of a file of filters.
    style : FigureSettings
        The config's part `figures`.
    """
    effective = filters["effective"].values == 1
    x, y = 100 * filters["contribution"].values, filters["morans_i"].values
    kinds = {
        "effective": (effective, {"color": style.predicted_color, "marker": "o"}),
        "null": (~effective, {"color": "0.55", "marker": "X"}),
    }
    for name, (chosen, look) in kinds.items():
        chosen = chosen & np.isfinite(x) & np.isfinite(y)
        if chosen.any():
            look |= {"label": f"{name} ({count(int(chosen.sum()), 'filter')})", "s": 18}
            sns.scatterplot(x=x[chosen], y=y[chosen], linewidth=0.3, ax=axes, **look)
    axes.axhline(0, color="0.7", linewidth=0.6, zorder=0)
    axes.set(xlabel="part of the drive [%]", ylabel="Moran's I")
    most = np.nanmax(x, initial=0) or 1.0
    axes.set_xlim(-0.04 * most, 1.06 * most)
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_locator(MaxNLocator(5))
    if axes.collections:
        axes.legend(**ABOVE | {"ncols": 2})


def _matrix(figure: Figure, parts: Parts, style: FigureSettings) -> None:
    """Cosines of known subunits and of those found, whose maps stand beside it."""
    matching, known = parts.matching, parts.cell["subunit_filter"].values
    found = parts.found["found_subunit"].values
    columns = _columns(matching["matched_found"].values, len(found))
    found = found[columns]
    cosine = matching["found_cosine"].transpose("subunit", "found").values[:, columns]
    levels = [text_of(float(matching[f"chance_{name}"])) for name in ("similarity", "low", "high")]
    lines = (
        f"Cosine of known subunits ({shown_of(len(known), len(known))}) and those found "
        f"(n = {len(found)});",
        "framed: one-to-one matches, of mean cosine {}".format(
            text_of(float(matching["similarity"]))
        ),
        "(at random places {}, 95 %: {} to {})".format(*levels),
    )
    head(figure, LEFT, TOPS[0], "a", *lines)
    top = TOPS[0] + len(lines) * LINE + 0.22
    if not len(found):
        write_at(figure, LEFT + 0.3, top, "no subunit was found")
        return
    beside = max(cosine.shape) <= MAX_BESIDE
    side = min(ENTRY, MATRIX / (max(cosine.shape) + beside))
    first = LEFT + 0.2 + beside * (side + 0.05), top + beside * (side + 0.05)
    size = cosine.shape[1] * side, cosine.shape[0] * side
    axes = axes_at(figure, *first, *size)
    _heat(axes, cosine, side, style)
    for row, number in enumerate(matching["matched_found"].values):
        if number >= 0:
            width = min(1.2, 12 * side)  # of frames that hide no entry
            look = {"fill": False, "edgecolor": "black", "linewidth": width, "clip_on": False}
            axes.add_patch(Rectangle((columns.index(number), row), 1, 1, **look))
    bar = axes_at(figure, first[0] + size[0] + 0.08, first[1], 0.08, min(size[1], 1.2))
    bar = figure.colorbar(axes.collections[0], cax=bar)
    bar.set_label("cosine")
    bar.outline.set_linewidth(0.5)
    write_at(figure, first[0] + size[0] / 2, top - 0.13, "subunits found", ha="center")
    look = {"rotation": 90, "va": "center"}
    write_at(figure, LEFT, first[1] + size[1] / 2, "known subunits", **look)
    if beside:
        pixel_size = float(parts.cell.attrs["pixel_size"])
        places = [(first[0] + n * side, top) for n in range(len(found))]
        _maps(figure, places, found, side, pixel_size, style)
        places = [(LEFT + 0.2, first[1] + n * side) for n in range(len(known))]
        _maps(figure, places, known, side, pixel_size, style)


def _heat(axes: Axes, cosine: np.ndarray, side: float, style: FigureSettings) -> None:
    """The matrix itself, centred at zero if a cosine is clearly negative."""
    limits = {"cmap": style.sequential_colormap, "vmin": 0, "vmax": 1}
    if cosine.min() < -0.05:
        limits = {"cmap": style.diverging_colormap, "vmin": -1, "vmax": 1}
    texts = np.vectorize(text_of, otypes=[str])(cosine) if side >= WRITTEN else None
    sns.heatmap(
        cosine, ax=axes, cbar=False, annot=texts, fmt="", annot_kws={"fontsize": SMALL},
        xticklabels=False, yticklabels=False, **limits,
    )  # fmt: skip


def _columns(matched: np.ndarray, n_found: int) -> list[int]:
    """Order of the subunits found: the matches of the known ones first, as in their rows."""
    first = [one for one in matched.tolist() if one >= 0]
    return first + [one for one in range(n_found) if one not in first]


def _maps(
    figure: Figure,
    places: list[tuple[float, float]],
    images: np.ndarray,
    side: float,
    pixel_size: float,
    style: FigureSettings,
) -> None:
    """Maps beside the matrix, with the same limit."""
    norm, inner = centred_norm(images), 0.9 * side
    for number, (place, image) in enumerate(zip(places, images, strict=True)):
        axes = axes_at(figure, place[0] + 0.05 * side, place[1] + 0.05 * side, inner, inner)
        show_map(axes, image, norm, style)
        if number == 0 and side > BARRED:
            scale_bar(axes, image.shape[1], pixel_size)


def _filters(figure: Figure, parts: Parts, style: FigureSettings) -> None:
    """Effective and null filters, all of one size."""
    rows = {
        "effective": Row(LEFT, TOPS[2] + 0.25, 3.3),
        "null": Row(RIGHT - 0.5, TOPS[2] + 0.25, 2.4),
    }
    numbers = {kind: min(MAX_FILTERS, len(order_of(parts.filters, kind))) for kind in rows}
    side = min(row.side(numbers[kind]) for kind, row in rows.items())
    for letter, (kind, row) in zip("de", rows.items(), strict=True):
        row = replace(row, largest=side)
        draw_filters(figure, TOPS[2], letter, row, parts, kind, MAX_FILTERS, style)
