"""Small maps of a network: known subunits with their matches, and its filters."""

import textwrap
from dataclasses import dataclass

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from finefield.figures.maps import add_ellipse, centred_norm, color_bar, scale_bar, show_map
from finefield.figures.page.zoom import zoomed
from finefield.figures.settings import FigureSettings
from finefield.figures.style import LARGE, SMALL, axes_at, diameter, text_of, things, write_at
from finefield.files.filters import ellipse

GREY = "0.45"
#: Sizes on the page [inches]: left edge, of a block's heading, of the line under it, between lines
#: of maps, and of the legend beneath all.
MARGIN, HEADING, NOTE, GAP, LEGEND = 0.3, 0.19, 0.15, 0.06, 0.36
#: Most null filters that are shown, and letters of a line of a note.
MAX_NULL, LETTERS = 24, 145


@dataclass(frozen=True)
class Kind:
    """A kind of map: what its colour bar is called, and sizes [inches].

    Kinds whose colour bars have one name share their limit.

    Attributes
    ----------
    bar : str
        Name of the colour bar.
    side, pitch : float
        Size of a map, and distance from map to map.
    head, foot : float
        Heights of the text above and beneath a map.
    columns : int
        Maps in a line.
    """

    bar: str
    side: float
    pitch: float
    head: float
    foot: float
    columns: int


KINDS = {
    "subunit": Kind("known", 0.7, 0.9, 0.27, 0.0, 7),
    "match": Kind("found", 0.7, 0.9, 0.27, 0.4, 7),
    "filter": Kind("filters", 0.7, 0.9, 0.16, 0.28, 7),
    "null": Kind("filters", 0.4, 0.53, 0.16, 0.0, 12),
}


@dataclass(frozen=True)
class Maps:
    """What the maps are drawn from; `matching` is None for a recorded cell."""

    cell: xr.Dataset
    filters: xr.Dataset
    found: xr.Dataset
    placements: xr.Dataset
    matching: xr.Dataset | None

    def images(self) -> dict[str, np.ndarray]:
        """Images (number, y, x) of each kind of map."""
        filters = zoomed(self.placements["placed"].values, self.filters["effective"].values == 1)
        images = {"filter": filters, "null": filters}
        if self.matching is not None:
            images["match"] = self.matching["matched"].values
            images["subunit"] = self.cell["subunit_filter"].values
        return images


@dataclass(frozen=True)
class Block:
    """Lines of maps under a heading and a note; a map is its kind and its number."""

    heading: str
    note: str
    lines: list[list[tuple[str, int]]]

    def height(self) -> float:
        """Height on the page [inches]."""
        return self.head() + sum(map(_line_height, self.lines)) + 2 * GAP

    def head(self) -> float:
        """Height of the heading and the note [inches]."""
        return HEADING + NOTE * (1 + self.note.count("\n"))


def blocks_of(maps: Maps) -> list[Block]:
    """Arrange maps in blocks: known subunits with their matches, effective and null filters.

    Parameters
    ----------
    maps : Maps
        What is drawn.

    Returns
    -------
    list of Block
        Filters are sorted by falling contribution.
    """
    blocks = [_found_block(maps) if maps.matching is None else _known_block(maps)]
    effective, null = (order_of(maps.filters, kind) for kind in ("effective", "null"))
    total = len(effective) + len(null)
    if effective:
        heading = f"Effective filters by falling contribution (n = {len(effective)} of {total})"
        note = "each where its readout weight is largest, cut to the size of the widest"
        blocks.append(Block(heading, note, _lines("filter", effective)))
    if null:
        which = "" if len(null) <= MAX_NULL else f", the first {MAX_NULL} shown"
        heading = f"Null filters by falling contribution (n = {len(null)} of {total}{which})"
        note = "in the colours and the size of effective ones" if effective else ""
        blocks.append(Block(heading, note, _lines("null", null[:MAX_NULL])))
    return [block for block in blocks if block.lines or block.note]


def _known_block(maps: Maps) -> Block:
    """Known subunits, each above its match."""
    matching = maps.matching
    fates = matching["fate"].values.tolist()
    parts = _wrap(list(range(len(fates))), KINDS["subunit"].columns)
    lines = [[(what, one) for one in part] for part in parts for what in ("subunit", "match")]
    heading = f"Known subunits (n = {len(fates)}), each above the subunit found that matches it"
    names = ("precision", "similarity", "chance_similarity", "chance_low", "chance_high")
    precision, similarity, *chance = (text_of(float(matching[name]), 2, "?") for name in names)
    random = "{} (95 %: {} to {})".format(*chance)
    others = [one for one in matching["found_fate"].values.tolist() if one != "matched"]
    parts = (
        f"recovered {fates.count('recovered')} of {len(fates)}", f"precision {precision}",
        f"similarity {similarity}, at random places {random}", _tiling(maps),
        *(_others(others.count(fate), fate) for fate in dict.fromkeys(others)),
    )  # fmt: skip
    return Block(heading, textwrap.fill(" · ".join(parts), LETTERS), lines)


def _others(number: int, fate: str) -> str:
    """How many subunits found that match none are parts of one, mergers of several, or spurious."""
    return f"{number} spurious" if fate == "spurious" else things(number, fate)


def _found_block(maps: Maps) -> Block:
    """What is said of the subunits of a recorded cell, or of why there is none."""
    share = maps.found["share"].values
    heading = f"Subunits found (n = {len(share)})"
    if len(share):
        sizes = diameter(maps.found)
        low, high = (text_of(float(end(sizes)), 0, "?") for end in (np.nanmin, np.nanmax))
        return Block(heading, f"{_tiling(maps)} · diameters {low} to {high} µm", [])
    some = np.any(maps.filters["effective"].values == 1)
    reason = "none of its places carries enough of the drive" if some else "no filter is effective"
    return Block(heading, reason, [])


def _tiling(maps: Maps) -> str:
    """How the subunits found tile the receptive field."""
    names = ("coverage", "overlap")
    coverage, overlap = (text_of(float(maps.filters[name]), 2, "?") for name in names)
    return f"coverage {coverage}, overlap {overlap}"


def order_of(filters: xr.Dataset, kind: str) -> list[int]:
    """Numbers of the effective or of the null filters, by falling contribution."""
    chosen = (filters["effective"].values == 1) == (kind == "effective")
    values = np.nan_to_num(filters["contribution"].values, nan=-1)  # undefined ones come last
    return [one for one in np.argsort(-values, kind="stable").tolist() if chosen[one]]


def _wrap(items: list, columns: int) -> list[list]:
    return [items[start : start + columns] for start in range(0, len(items), columns)]


def _lines(what: str, numbers: list[int]) -> list[list[tuple[str, int]]]:
    return [[(what, one) for one in line] for line in _wrap(numbers, KINDS[what].columns)]


def _line_height(line: list[tuple[str, int]]) -> float:
    kind = KINDS[line[0][0]]
    return kind.head + kind.side + kind.foot + GAP


def blocks_height(blocks: list[Block]) -> float:
    """Height of all blocks on the page [inches], with the legend beneath."""
    return sum(block.height() for block in blocks) + LEGEND


def draw_blocks(
    figure: Figure, top: float, blocks: list[Block], maps: Maps, style: FigureSettings
) -> None:
    """Draw blocks of maps: known subunits, subunits found and filters have a limit each.

    Parameters
    ----------
    figure : Figure
        The page.
    top : float
        Where the blocks begin, from the page's upper edge [inches].
    blocks : list of Block
        As from `blocks_of`.
    maps : Maps
        What is drawn.
    style : FigureSettings
        The config's part `figures`.
    """
    images = maps.images()
    bars = {kind.bar for kind in KINDS.values()}
    sets = {bar: [images[one] for one in images if KINDS[one].bar == bar] for bar in bars}
    norms = {bar: centred_norm(*parts) for bar, parts in sets.items()}
    unbarred = set(norms)
    for block in blocks:
        write_at(figure, MARGIN, top, block.heading, fontsize=LARGE - 1, weight="bold")
        write_at(figure, MARGIN, top + HEADING, block.note, fontsize=SMALL)
        top += block.head()
        for line in block.lines:
            kind = KINDS[line[0][0]]
            for column, (what, one) in enumerate(line):
                left = MARGIN + column * kind.pitch
                axes = axes_at(figure, left, top + kind.head, kind.side, kind.side)
                shown = show_map(axes, images[what][one], norms[kind.bar], style)
                _describe(axes, what, one, maps)
                if column == 0 and line is block.lines[0] and what != "null":
                    scale_bar(axes, images[what].shape[2], float(maps.cell.attrs["pixel_size"]))
            if kind.bar in unbarred:
                place = (left + kind.side + 0.06, top + kind.head, 0.06, kind.side)
                color_bar(figure, shown, place, kind.bar)
                unbarred.remove(kind.bar)
            top += _line_height(line)
        top += 2 * GAP
    write_at(figure, MARGIN, top, _legend(maps), fontsize=SMALL, linespacing=1.3)


def _legend(maps: Maps) -> str:
    """What the numbers beneath the maps are."""
    first = "%: part of the summed readout drive · µm: diameter 2 √(major × minor) of the ellipse"
    first += " of one SD · ?: undefined"
    second = "I: Moran's I of the spatial profile, p: with its pixels permuted"
    if maps.matching is not None:
        second = f"cosine, overlap: of a known subunit and its match, of their ellipses · {second}"
    return f"{first}\n{second}"


def _describe(axes: Axes, what: str, one: int, maps: Maps) -> None:
    """Say above a map which it is, and beneath it what was measured."""
    title, feet, color = {
        "subunit": _describe_subunit,
        "match": _describe_match,
        "filter": _describe_filter,
        "null": _describe_null,
    }[what](maps, one)
    look = {"fontsize": SMALL, "color": color, "linespacing": 1.1}
    axes.set_title(title, pad=2, **look)
    axes.set_xlabel(feet, labelpad=2, **look)
    if what == "match" and (number := int(maps.matching["matched_found"][one])) >= 0:
        on_crop = ellipse(maps.found.isel(found=number), float(maps.cell.attrs["pixel_size"]))
        add_ellipse(axes, on_crop, linewidth=0.7)


def _describe_subunit(maps: Maps, one: int) -> tuple[str, str, str]:
    return f"subunit {one}\nweight {float(maps.cell['subunit_weight'][one]):.2g}", "", "black"


def _describe_match(maps: Maps, one: int) -> tuple[str, str, str]:
    matching = maps.matching
    number, fate = int(matching["matched_found"][one]), str(matching["fate"].values[one])
    if number < 0:
        return f"no match\n{fate}", "", GREY
    lines = (
        f"cosine {text_of(float(matching['cosine'][one]))}",
        f"overlap {text_of(float(matching['ellipse_overlap'][one]), 2, '?')}",
        _measures(maps, number),
    )
    color = "black" if fate == "recovered" else GREY
    return f"found {number}\n{fate}", "\n".join(lines), color


def _measures(maps: Maps, one: int) -> str:
    """Share and size of a subunit found."""
    found = maps.found.isel(found=one)
    share = text_of(100 * float(found["share"]), 0, "?")
    return f"{share} %, {text_of(float(diameter(found)), 0, '?')} µm"


def _describe_filter(maps: Maps, one: int) -> tuple[str, str, str]:
    data = maps.filters.isel(filter=one)
    share = text_of(100 * float(data["contribution"]), 0, "?")
    digits = {"morans_i": 2, "morans_p": 3}
    i, p = (text_of(float(data[name]), number, "?") for name, number in digits.items())
    return f"filter {one}", f"{share} %\nI {i}, p {p}", "black"


def _describe_null(maps: Maps, one: int) -> tuple[str, str, str]:
    return f"{one}", "", GREY
