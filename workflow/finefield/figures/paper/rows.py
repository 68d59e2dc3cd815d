"""What composites are made of: lettered heads, and rows of maps."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import Normalize
from matplotlib.figure import Figure

from finefield.figures.maps import scale_bar_below, show_map
from finefield.figures.settings import FigureSettings
from finefield.figures.style import LARGE, SMALL, axes_at, write_at

#: Distance of a head's text from its letter, and height of a line of text [inches].
INDENT, LINE = 0.17, 0.125


def head(figure: Figure, left: float, top: float, letter: str, *lines: str) -> None:
    """Write a panel's letter, and beside it what the panel shows, at a place on the page [inches].

    Parameters
    ----------
    figure : Figure
        The page.
    left, top : float
        Upper left corner of the letter, from the page's upper left corner.
    letter : str
        The letter.
    *lines : str
        Lines of text.
    """
    write_at(figure, left, top + 0.005, letter, fontsize=LARGE, weight="bold")
    write_at(figure, left + INDENT, top, "\n".join(lines), linespacing=1.2)


def head_of(axes: Axes, left: float, top: float, letter: str) -> None:
    """Write a panel's own title as its head, as `head` does."""
    head(axes.figure, left, top, letter, *axes.get_title("left").split("\n"))
    axes.set_title("", loc="left")


@dataclass(frozen=True)
class Row:
    """Where maps stand side by side [inches].

    Attributes
    ----------
    left, top, width : float
        Of the whole, with the maps' titles, from the page's upper left corner.
    largest : float
        Largest side of a map.
    gap : float
        Space between maps.
    title : float
        Height of the text above a map.
    columns : int
        Most maps side by side; the others follow beneath.
    """

    left: float
    top: float
    width: float
    largest: float = 0.85
    gap: float = 0.08
    title: float = LINE + 0.02
    columns: int = 8

    def side(self, number: int) -> float:
        """Side of each of some maps."""
        columns = max(1, min(number, self.columns))
        return min(self.largest, (self.width - (columns - 1) * self.gap) / columns)

    def places(self, number: int) -> list[tuple[float, float]]:
        """Upper left corner of each of some maps."""
        side = self.side(number)
        pitch = side + self.gap, side + self.gap + self.title
        parts = [divmod(one, self.columns) for one in range(number)]
        first = self.top + self.title
        return [(self.left + column * pitch[0], first + row * pitch[1]) for row, column in parts]

    def end(self, number: int) -> float:
        """Right edge of the last map of the first of the lines."""
        columns = max(1, min(number, self.columns))
        return self.left + columns * (self.side(number) + self.gap) - self.gap


def draw_row(
    figure: Figure,
    row: Row,
    images: np.ndarray,
    titles: Sequence[str],
    norm: Normalize,
    pixel_size: float,
    style: FigureSettings,
) -> list[Axes]:
    """Draw maps side by side, with a scale bar beneath the first of the last line.

    Parameters
    ----------
    figure : Figure
        The page.
    row : Row
        Where.
    images : ndarray, shape (map, y, x)
        The maps.
    titles : sequence of str
        What is written above each.
    norm : Normalize
        Limits of their colours.
    pixel_size : float
        Size of a pixel [µm].
    style : FigureSettings
        The config's part `figures`.

    Returns
    -------
    list of Axes
        The maps.
    """
    side = row.side(len(images))
    panels = [axes_at(figure, *place, side, side) for place in row.places(len(images))]
    for axes, image, title in zip(panels, images, titles, strict=True):
        show_map(axes, image, norm, style)
        axes.set_title(title, fontsize=SMALL, pad=2)
    if panels:
        last = (len(panels) - 1) // row.columns * row.columns
        scale_bar_below(panels[last], images.shape[2], pixel_size)
    return panels


def shown_of(shown: int, total: int) -> str:
    """How many of some maps are shown, for a head.

    Examples
    --------
    >>> shown_of(4, 4), shown_of(8, 20)
    ('n = 4', 'n = 20, the first 8 shown')
    """
    return f"n = {total}" if shown == total else f"n = {total}, the first {shown} shown"
