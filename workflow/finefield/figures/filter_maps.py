"""A network's filters as small maps, those matched to known subunits beneath them."""

from collections.abc import Mapping

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from finefield.figures.maps import centred_norm, color_bar, scale_bar, show_map
from finefield.figures.style import axes_at, text_of, write_at

#: Maps in a row, and sizes on the page [inches]: of maps, and of the text above and beneath them.
COLUMNS, MARGIN, PITCH, SIDE = 8, 0.5, 1.08, 0.88
HEADING, HEADS, FEET, GAP = 0.22, 0.33, {"subunit": 0.0, "match": 0.31, "filter": 0.19}, 0.08

#: A heading and lines of maps; each map is what it shows ("subunit", "match", "filter") and which.
Block = tuple[str, list[list[tuple[str, int]]]]


def filter_blocks(filters: xr.Dataset, matching: xr.Dataset | None) -> list[Block]:
    """Arrange maps in blocks: matched filters under their subunits, then the others.

    Parameters
    ----------
    filters : xarray.Dataset
        The network's filters.
    matching : xarray.Dataset or None
        Filters matched to the known subunits; None for a recorded cell.

    Returns
    -------
    list of (str, list of list of (str, int))
        Heading and lines of maps. Other filters are sorted by falling contribution.
    """
    share = np.nan_to_num(filters["contribution"].values, nan=-1)
    order = [int(one) for one in np.argsort(-share, kind="stable")]
    matched = [] if matching is None else matching["matched_filter"].values.astype(int).tolist()
    rest = [one for one in order if one not in matched]
    blocks = []
    if matched:
        parts = _wrap(list(range(len(matched))))
        lines = [[(what, one) for one in part] for part in parts for what in ("subunit", "match")]
        heading = f"Known subunits (n = {len(matched)}), each above the filter matched to it"
        chance = text_of(float(matching["chance_cosine"]))
        blocks.append((f"{heading} (cosine at chance {chance})", lines))
    if rest:
        effective = int((filters["effective"].values[rest] == 1).sum())
        which = "Other filters" if matched else "Filters"
        heading = f"{which} by falling contribution (n = {len(rest)}, {effective} effective)"
        blocks.append((heading, [[("filter", one) for one in part] for part in _wrap(rest)]))
    return blocks


def _wrap(items: list) -> list[list]:
    return [items[start : start + COLUMNS] for start in range(0, len(items), COLUMNS)]


def _line_height(line: list[tuple[str, int]]) -> float:
    """Height of a line of maps; only filters have text beneath."""
    return HEADS + SIDE + FEET[line[0][0]] + GAP


def blocks_height(blocks: list[Block]) -> float:
    """Height of all blocks on the page [inches], with the legend beneath."""
    return sum(HEADING + sum(map(_line_height, lines)) + 2 * GAP for _, lines in blocks) + 0.2


def draw_blocks(
    figure: Figure,
    top: float,
    blocks: list[Block],
    cell: xr.Dataset,
    filters: xr.Dataset,
    matching: xr.Dataset | None,
    style: Mapping,
) -> None:
    """Draw blocks of maps; all subunits share one colour limit, and so do all filters.

    Parameters
    ----------
    figure : Figure
        The page.
    top : float
        Where the blocks begin, from the page's upper edge [inches].
    blocks : list
        As from `filter_blocks`.
    cell, filters, matching, style
        As for `finefield.figures.cell.cell_figure`.
    """
    images = {"filter": filters["placed"].values}
    norms = {"filter": centred_norm(images["filter"])}
    if matching is not None:
        images |= {"match": matching["matched"].values, "subunit": cell["subunit_filter"].values}
        norms["filter"] = norms["match"] = centred_norm(images["filter"], images["match"])
        norms["subunit"] = centred_norm(images["subunit"])
    barred = set()
    for heading, lines in blocks:
        write_at(figure, MARGIN, top, heading, fontsize=9, weight="bold")
        top += HEADING
        for line in lines:
            for column, (what, one) in enumerate(line):
                place = (MARGIN + column * PITCH, top + HEADS, SIDE, SIDE)
                axes = axes_at(figure, *place)
                shown = show_map(axes, images[what][one], norms[what], style)
                _describe(axes, what, one, cell, filters, matching)
                if column == 0 and line is lines[0]:
                    scale_bar(axes, images[what].shape[2], float(cell.attrs["pixel_size"]))
            kind = "subunits" if what == "subunit" else "filters"
            if kind not in barred:
                beside = place[0] + SIDE + 0.08
                color_bar(figure, shown, (beside, top + HEADS, 0.07, SIDE), kind)
                barred.add(kind)
            top += _line_height(line)
        top += 2 * GAP
    pruned = text_of(float(filters["pruned_correlation"]))
    legend = (
        "I: Moran's I of the spatial profile · %: part of the summed readout drive · ?: undefined"
    )
    write_at(
        figure, MARGIN, top, f"{legend} · r with the null filters removed: {pruned}", fontsize=7
    )


def _describe(
    axes: Axes,
    what: str,
    one: int,
    cell: xr.Dataset,
    filters: xr.Dataset,
    matching: xr.Dataset | None,
) -> None:
    """Say above a map which it is, and beneath it the filter's measures."""
    if what == "subunit":
        weight = f"weight {float(cell['subunit_weight'][one]):.2g}"
        axes.set_title(f"subunit {one}\n{weight}", fontsize=7, pad=2.5, linespacing=1.15)
        return
    cosine = ""
    if what == "match":
        cosine = f"cosine {text_of(float(matching['cosine'][one]))}\n"
        one = int(matching["matched_filter"][one])
    if one < 0:
        axes.set_title("no filter", fontsize=7, pad=2.5, color="0.45")
        return
    effective = int(filters["effective"][one]) == 1
    color = "black" if effective else "0.45"
    kind = "effective" if effective else "null"
    axes.set_title(f"filter {one}\n{kind}", fontsize=7, pad=2.5, color=color, linespacing=1.15)
    share = text_of(100 * float(filters["contribution"][one]), 0, "?")
    autocorrelation = text_of(float(filters["morans_i"][one]), 2, "?")
    axes.set_xlabel(
        f"{cosine}I {autocorrelation}, {share} %",
        fontsize=7,
        labelpad=2.5,
        color=color,
        linespacing=1.15,
    )
