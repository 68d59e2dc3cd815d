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
#: Sizes on the page [inches]: left edges of headings and of maps, width of a line of maps, space
#: between maps, heights of a heading, of a line of a note and of a row of text, and space around.
MARGIN, LEFT, WIDTH, BETWEEN = 0.3, 0.8, 5.7, 0.06
HEADING, NOTE, TEXT, GAP = 0.17, 0.12, 0.096, 0.04
#: Letters of a line of a note, and most columns of maps with words beneath them.
LETTERS, WORDS = 150, 12
#: Columns, and most lines of known subunits and of filters: the first that fit the page are taken.
LAYOUTS = (
    *((columns, 99, 99) for columns in (8, 10, 12, 14)),
    *((14, *lines) for lines in ((2, 3), (1, 3), (2, 2), (1, 2), (1, 1))),
)


@dataclass(frozen=True)
class Maps:
    """What the maps are drawn from; `matching` is None for a recorded cell."""

    cell: xr.Dataset
    sta: xr.Dataset
    filters: xr.Dataset
    found: xr.Dataset
    placements: xr.Dataset
    matching: xr.Dataset | None

    def polarity(self, kind: str, shown: list[int]) -> list[str]:
        """Which known subunits, or effective filters, have the opposite of the cell's polarity."""
        sign = self.filters["temporal"].values @ self.sta["sta_temporal"].values
        sign = self.cell["subunit_sign"] if kind == "known" else sign * self.filters["effective"]
        return ["opposite" if sign[one] < 0 else "" for one in shown]

    def images(self) -> dict[str, np.ndarray]:
        """Images (number, y, x) of each kind of map, by the names of the colour bars."""
        filters = zoomed(self.placements["placed"].values, self.filters["effective"].values == 1)
        if self.matching is None:
            return {"filters": filters}
        known, found = self.cell["subunit_filter"].values, self.matching["matched"].values
        return {"filters": filters, "found": found, "known": known}


@dataclass(frozen=True)
class Line:
    """Maps of a kind side by side, by their numbers, with rows of text above and beneath."""

    kind: str
    numbers: list[int]
    above: dict[str, list[str]]
    beneath: dict[str, list[str]]
    grey: list[bool]

    def heights(self) -> tuple[float, float]:
        """Heights of the text above and beneath [inches]."""
        above, beneath = (len(rows) * TEXT + GAP for rows in (self.above, self.beneath))
        return above, beneath


@dataclass(frozen=True)
class Block:
    """Lines of maps, so many columns wide, under a heading and a note."""

    heading: str
    note: str
    columns: int
    lines: list[Line]

    def head(self) -> float:
        """Height of the heading and the note [inches]."""
        return HEADING + NOTE * (1 + self.note.count("\n")) * bool(self.note) + GAP

    def side(self) -> float:
        """Side of a map [inches]."""
        return WIDTH / self.columns - BETWEEN

    def height(self) -> float:
        """Height on the page [inches]."""
        lines = sum(sum(line.heights()) + self.side() for line in self.lines)
        return self.head() + lines + 2 * GAP


def blocks_of(maps: Maps, room: float) -> list[Block]:
    """Arrange maps in blocks: known subunits with their matches, and filters.

    Parameters
    ----------
    maps : Maps
        What is drawn.
    room : float
        Height for all blocks with the legend beneath [inches]. Maps are as large as it allows;
        of very many, those with the largest parts of the drive are shown.

    Returns
    -------
    list of Block
        Effective filters are sorted by falling contribution, and followed by null ones.
    """
    for columns, known, filters in LAYOUTS:
        blocks = [_filter_block(maps, columns, filters * columns)]
        if maps.matching is not None:
            words = min(columns, WORDS)
            blocks.insert(0, _known_block(maps, words, known * words))
        if blocks_height(blocks) <= room:
            break
    return blocks


def blocks_height(blocks: list[Block]) -> float:
    """Height of all blocks on the page [inches], with the legend beneath."""
    return sum(block.height() for block in blocks) + NOTE


def _known_block(maps: Maps, columns: int, most: int) -> Block:
    """Known subunits, each above its match."""
    matching, fates = maps.matching, maps.matching["fate"].values.tolist()
    matched = matching["matched_found"].values.astype(int)
    shares = np.append(np.nan_to_num(maps.found["share"].values), -1)[matched]
    shown = sorted(np.argsort(-shares, kind="stable")[:most].tolist())
    above = {
        "subunit": [str(one) for one in shown],
        "weight": [f"{float(maps.cell['subunit_weight'][one]):.2g}" for one in shown],
        "polarity": maps.polarity("known", shown),
    }
    measures = [_measures(maps, one) for one in shown]
    beneath = {name: [one[name] for one in measures] for name in measures[0]}
    said = _said_once(above, "weight")
    grey = [fates[one] != "recovered" for one in shown]
    known = _lines("known", shown, above, {}, [False] * len(shown), columns)
    found = _lines("found", shown, {}, beneath, grey, columns)
    lines = [line for pair in zip(known, found, strict=True) for line in pair]
    names = ("precision", "similarity", "chance_similarity", "chance_low", "chance_high")
    precision, similarity, *chance = (text_of(float(matching[name]), 2, "?") for name in names)
    others = [one for one in matching["found_fate"].values.tolist() if one != "matched"]
    parts = (
        f"recovered {fates.count('recovered')} of {len(fates)}", f"precision {precision}",
        "similarity {}, at random places {} (95 %: {} to {})".format(similarity, *chance),
        *(_others(others.count(fate), fate) for fate in dict.fromkeys(others)), *said,
    )  # fmt: skip
    number = _shown(len(shown), len(fates))
    heading = f"Known subunits ({number}), each above the subunit found that matches it"
    return Block(heading, textwrap.fill(" · ".join(parts), LETTERS), columns, lines)


def _measures(maps: Maps, one: int) -> dict[str, str]:
    """What is told of a known subunit's match."""
    number, matching = int(maps.matching["matched_found"][one]), maps.matching.isel(subunit=one)
    told = dict.fromkeys(("found", "fate", "cosine", "overlap", "drive [%]", "size [µm]"), "")
    told |= {"found": "none", "fate": str(matching["fate"].values)}
    if number >= 0:
        match = maps.found.isel(found=number)
        told |= {
            "found": str(number),
            "cosine": text_of(float(matching["cosine"])),
            "overlap": text_of(float(matching["ellipse_overlap"]), 2, "?"),
            "drive [%]": text_of(100 * float(match["share"]), 0, "?"),
            "size [µm]": text_of(float(diameter(match)), 0, "?"),
        }
    return told


def _others(number: int, fate: str) -> str:
    """How many subunits found that match none are parts of one, mergers of several, or spurious."""
    return f"{number} {fate}" if fate == "spurious" else things(number, fate)


def _filter_block(maps: Maps, columns: int, most: int) -> Block:
    """Effective filters, followed by null ones in grey."""
    effective, null = (order_of(maps.filters, kind) for kind in ("effective", "null"))
    shown, n_shown = (effective + null)[:most], min(most, len(effective))
    drive, i, p = (maps.filters[one] for one in ("contribution", "morans_i", "morans_p"))
    beneath = {
        "drive [%]": [text_of(100 * float(drive[one]), 0, "?") for one in shown],
        "Moran's I": [text_of(float(i[one]), 2, "?") for one in shown],
        "p": [text_of(float(p[one]), 3, "?") for one in shown],
        "polarity": maps.polarity("filters", shown),
    }
    note = ["each where its readout weight is largest, cut to the size of the widest effective one"]
    note = note * bool(effective) + _said_once(beneath, "p")
    heading = f"Filters by falling contribution: effective ({_shown(n_shown, len(effective))})"
    if null:
        heading += f", null in grey ({_shown(len(shown) - n_shown, len(null))})"
    grey = [number >= n_shown for number in range(len(shown))]
    lines = _lines("filters", shown, {"filter": list(map(str, shown))}, beneath, grey, columns)
    return Block(heading, " · ".join(note), columns, lines)


def order_of(filters: xr.Dataset, kind: str) -> list[int]:
    """Numbers of the effective or of the null filters, by falling contribution."""
    chosen = (filters["effective"].values == 1) == (kind == "effective")
    values = np.nan_to_num(filters["contribution"].values, nan=-1)  # undefined ones come last
    return [one for one in np.argsort(-values, kind="stable").tolist() if chosen[one]]


def _shown(shown: int, total: int) -> str:
    return f"n = {total}" if shown == total else f"n = {total}, {shown} shown"


def _said_once(rows: dict[str, list[str]], name: str) -> list[str]:
    """Take a row that says the same of all maps out of the rows, for the note."""
    if len(rows[name]) < 2 or len(set(rows[name])) > 1:
        return []
    return [f"{name} of all: {rows.pop(name)[0]}"]


def _lines(kind: str, numbers: list[int], above, beneath, grey, columns: int) -> list[Line]:
    """Maps with their rows of text, but for empty rows, in lines of so many columns."""
    lines, both = [], (above, beneath)
    above, beneath = ({name: row for name, row in one.items() if any(row)} for one in both)
    for start in range(0, len(numbers), columns):
        part = slice(start, start + columns)
        rows = ({name: row[part] for name, row in one.items()} for one in (above, beneath))
        lines.append(Line(kind, numbers[part], *rows, grey[part]))
    return lines


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
    norms = {kind: centred_norm(images[kind]) for kind in images}
    unbarred = set(images)
    for block in blocks:
        write_at(figure, MARGIN, top, block.heading, fontsize=LARGE - 1, weight="bold")
        write_at(figure, MARGIN, top + HEADING, block.note, fontsize=SMALL)
        top, side = top + block.head(), block.side()
        for line in block.lines:
            above, beneath = line.heights()
            _write(figure, line, top, side)
            for column, one in enumerate(line.numbers):
                left = LEFT + column * (side + BETWEEN)
                axes = axes_at(figure, left, top + above, side, side)
                shown = show_map(axes, images[line.kind][one], norms[line.kind], style)
                if line.kind == "found":
                    _outline(axes, maps, one)
                if column == 0 and line is block.lines[0]:
                    scale_bar(axes, shown.get_size()[1], float(maps.cell.attrs["pixel_size"]))
            if line.kind in unbarred:
                unbarred.remove(line.kind)
                place = (left + side + 0.06, top + above, 0.06, side)
                color_bar(figure, shown, place, line.kind)
            top += above + side + beneath
        top += 2 * GAP
    write_at(figure, MARGIN, top, _legend(maps), fontsize=SMALL)


def _write(figure: Figure, line: Line, top: float, side: float) -> None:
    """Write the rows of text of a line of maps, with their names at the left."""
    above, _ = line.heights()
    for rows, start in ((line.above, top + GAP), (line.beneath, top + above + side + GAP / 2)):
        for number, (name, texts) in enumerate(rows.items()):
            place = start + number * TEXT
            write_at(figure, LEFT - 0.06, place, name, fontsize=SMALL, color=GREY, ha="right")
            for column, (text, grey) in enumerate(zip(texts, line.grey, strict=True)):
                middle = LEFT + column * (side + BETWEEN) + side / 2
                look = {"fontsize": SMALL, "color": GREY if grey else "black", "ha": "center"}
                write_at(figure, middle, place, text, **look)


def _outline(axes: Axes, maps: Maps, one: int) -> None:
    """The ellipse of the match of a known subunit."""
    if (number := int(maps.matching["matched_found"][one])) >= 0:
        on_crop = ellipse(maps.found.isel(found=number), float(maps.cell.attrs["pixel_size"]))
        add_ellipse(axes, on_crop, linewidth=0.7)


def _legend(maps: Maps) -> str:
    """What the rows of text beneath the maps are."""
    both = " · cosine, overlap of ellipses: with the match · size: 2 √(major × minor), 1 SD"
    both = both if maps.matching is not None else ""
    return f"drive: part of the sum{both} · p: of Moran's I, pixels permuted · ?: undefined"
