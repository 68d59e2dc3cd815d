"""Small maps of a network: known subunits, the subunits it found, and its filters."""

from dataclasses import dataclass

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from finefield.figures.maps import add_ellipse, centred_norm, color_bar, scale_bar, show_map
from finefield.figures.settings import FigureSettings
from finefield.figures.style import axes_at, diameter, text_of, write_at
from finefield.files.filters import ellipse

#: Maps in a row, and sizes on the page [inches]: of maps, of the text above all maps and beneath
#: each kind of map, of a block's heading and of the line under it, and between lines of maps.
COLUMNS, MARGIN, PITCH, SIDE, HEADS = 8, 0.5, 1.08, 0.88, 0.33
FEET = {"subunit": 0.0, "match": 0.42, "found": 0.19, "filter": 0.31}
HEADING, NOTE, GAP, LEGEND = 0.2, 0.17, 0.08, 0.32
#: What the colour bars of each kind of map are called; kinds of one name share their limit.
BARS = {"subunit": "known", "match": "found", "found": "found", "filter": "filters"}
GREY = "0.45"


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
        images = {
            "found": self.found["found_subunit"].values,
            "filter": self.placements["placed"].values,
        }
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
        return HEADING + NOTE + sum(map(_line_height, self.lines)) + 2 * GAP


def blocks_of(maps: Maps) -> list[Block]:
    """Arrange maps in blocks: known subunits with their matches, other subunits found, filters.

    Parameters
    ----------
    maps : Maps
        What is drawn.

    Returns
    -------
    list of Block
        Subunits found are sorted by falling share, filters by falling contribution.
    """
    matched = set()
    blocks = []
    if maps.matching is not None:
        matched = set(maps.matching["matched_found"].values.astype(int).tolist())
        blocks.append(_known_block(maps))
    rest = [one for one in _falling(maps.found["share"]) if one not in matched]
    if rest or maps.matching is None:
        blocks.append(_found_block(maps, rest))
    order = _falling(maps.filters["contribution"])
    effective = int((maps.filters["effective"].values == 1).sum())
    heading = f"Filters by falling contribution (n = {len(order)}, {effective} effective)"
    note = "each where its readout weight is largest"
    return [*blocks, Block(heading, note, [[("filter", one) for one in x] for x in _wrap(order)])]


def _known_block(maps: Maps) -> Block:
    """Known subunits, each above its match."""
    matching = maps.matching
    fates = matching["fate"].values.tolist()
    parts = _wrap(list(range(len(fates))))
    lines = [[(what, one) for one in part] for part in parts for what in ("subunit", "match")]
    heading = f"Known subunits (n = {len(fates)}), each above the subunit found that matches it"
    names = ("precision", "similarity", "chance_similarity", "chance_low", "chance_high")
    precision, similarity, *chance = (text_of(float(matching[name])) for name in names)
    random = "{} (95 % of them {} to {})".format(*chance)
    parts = (
        f"recovered {fates.count('recovered')} of {len(fates)}", f"precision {precision}",
        f"similarity {similarity}, at random places {random}", _tiling(maps),
    )  # fmt: skip
    return Block(heading, " · ".join(parts), lines)


def _found_block(maps: Maps, shown: list[int]) -> Block:
    """Subunits found that match no known one; all of them for a recorded cell."""
    lines = [[("found", one) for one in part] for part in _wrap(shown)]
    if maps.matching is not None:
        heading = f"Subunits found that match none, by falling share (n = {len(shown)})"
        fates = maps.matching["found_fate"].values[shown].tolist()
        counts = (f"{fates.count(fate)} {fate}" for fate in dict.fromkeys(fates))
        return Block(heading, " · ".join(counts), lines)
    heading = f"Subunits found, by falling share (n = {len(shown)})"
    if shown:
        return Block(heading, _tiling(maps), lines)
    some = np.any(maps.filters["effective"].values == 1)
    reason = "none of its places carries enough of the drive" if some else "no filter is effective"
    return Block(heading, reason, lines)


def _tiling(maps: Maps) -> str:
    """How the subunits found tile the receptive field."""
    coverage, overlap = (text_of(float(maps.filters[name])) for name in ("coverage", "overlap"))
    return f"coverage {coverage}, overlap {overlap}"


def _falling(values: xr.DataArray) -> list[int]:
    """Order of falling values, undefined ones last."""
    return np.argsort(-np.nan_to_num(values.values, nan=-1), kind="stable").tolist()


def _wrap(items: list) -> list[list]:
    return [items[start : start + COLUMNS] for start in range(0, len(items), COLUMNS)]


def _line_height(line: list[tuple[str, int]]) -> float:
    return HEADS + SIDE + FEET[line[0][0]] + GAP


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
    sets = {bar: [images[one] for one in images if BARS[one] == bar] for bar in BARS.values()}
    norms = {bar: centred_norm(*parts) for bar, parts in sets.items()}
    unbarred = set(norms)
    for block in blocks:
        write_at(figure, MARGIN, top, block.heading, fontsize=9, weight="bold")
        write_at(figure, MARGIN, top + HEADING, block.note, fontsize=7.5)
        top += HEADING + NOTE
        for line in block.lines:
            bar = BARS[line[0][0]]
            for column, (what, one) in enumerate(line):
                left = MARGIN + column * PITCH
                axes = axes_at(figure, left, top + HEADS, SIDE, SIDE)
                shown = show_map(axes, images[what][one], norms[bar], style)
                _describe(axes, what, one, maps)
                if column == 0 and line is block.lines[0]:
                    scale_bar(axes, images[what].shape[2], float(maps.cell.attrs["pixel_size"]))
            if bar in unbarred:
                color_bar(figure, shown, (left + SIDE + 0.08, top + HEADS, 0.07, SIDE), bar)
                unbarred.remove(bar)
            top += _line_height(line)
        top += 2 * GAP
    write_at(figure, MARGIN, top, _legend(maps), fontsize=7, linespacing=1.3)


def _legend(maps: Maps) -> str:
    """What the numbers beneath the maps are."""
    first = "%: part of the summed readout drive · µm: diameter 2 √(major × minor) of the ellipse"
    first += ", which is drawn at one SD"
    second = "I: Moran's I of the spatial profile, p: with its pixels permuted · ?: undefined"
    if maps.matching is not None:
        second = f"cosine, overlap: of a known subunit and its match, of their ellipses · {second}"
    return f"{first}\n{second}"


def _describe(axes: Axes, what: str, one: int, maps: Maps) -> None:
    """Say above a map which it is, and beneath it what was measured."""
    title, feet, color = {
        "subunit": _describe_subunit,
        "match": _describe_match,
        "found": _describe_found,
        "filter": _describe_filter,
    }[what](maps, one)
    axes.set_title(title, fontsize=7, pad=2.5, color=color, linespacing=1.15)
    axes.set_xlabel(feet, fontsize=7, labelpad=2.5, color=color, linespacing=1.15)
    number = int(maps.matching["matched_found"][one]) if what == "match" else one
    if what in ("match", "found") and number >= 0:
        on_crop = ellipse(maps.found.isel(found=number), float(maps.cell.attrs["pixel_size"]))
        add_ellipse(axes, on_crop, linewidth=0.8)


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
    name = f"found {number}"
    if fate == "recovered":
        return name, "\n".join(lines), "black"
    return f"{name}\n{fate}", "\n".join(lines), GREY


def _describe_found(maps: Maps, one: int) -> tuple[str, str, str]:
    fate = "" if maps.matching is None else f"\n{maps.matching['found_fate'].values[one]}"
    return f"found {one}{fate}", _measures(maps, one), GREY if fate else "black"


def _measures(maps: Maps, one: int) -> str:
    """Share and size of a subunit found."""
    found = maps.found.isel(found=one)
    share = text_of(100 * float(found["share"]), 0, "?")
    return f"{share} %, {text_of(float(diameter(found)), 0, '?')} µm"


def _describe_filter(maps: Maps, one: int) -> tuple[str, str, str]:
    data = maps.filters.isel(filter=one)
    effective = int(data["effective"]) == 1
    share = text_of(100 * float(data["contribution"]), 0, "?")
    digits = {"morans_i": 2, "morans_p": 3}
    i, p = (text_of(float(data[name]), number, "?") for name, number in digits.items())
    kind = "effective" if effective else "null"
    return f"filter {one}\n{kind}", f"I {i}, p {p}\n{share} %", "black" if effective else GREY
