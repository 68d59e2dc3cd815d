"""A network's filters in a row, those that carry most first."""

from matplotlib.figure import Figure

from finefield.figures.maps import centred_norm, color_bar
from finefield.figures.page.blocks import order_of
from finefield.figures.page.zoom import zoomed
from finefield.figures.paper.rows import Row, draw_row, head, shown_of
from finefield.figures.parts import Parts
from finefield.figures.settings import FigureSettings
from finefield.figures.style import text_of


def draw_filters(
    figure: Figure, top: float, letter: str, row: Row, parts: Parts, kind: str, most: int,
    style: FigureSettings,
) -> None:  # fmt: skip
    """Draw effective or null filters by falling contribution, in the same colours.

    Parameters
    ----------
    figure : Figure
        The page.
    top : float
        Where their head begins, from the page's upper edge [inches].
    letter : str
        The panel's letter.
    row : Row
        Where the filters stand.
    parts : Parts
        What is known of the cell and its network.
    kind : {"effective", "null"}
        Which filters.
    most : int
        Most filters that are shown.
    style : FigureSettings
        The config's part `figures`.
    """
    effective, share = (parts.filters[name].values for name in ("effective", "contribution"))
    order = order_of(parts.filters, kind)
    images = zoomed(parts.placements["placed"].values, effective == 1)
    shown, norm = order[:most], centred_norm(images)
    name = f"{kind.capitalize()} filters ({shown_of(len(shown), len(order))})"
    more = ["with their parts of the drive"] if shown else []
    head(figure, row.left, top, letter, name, *more)
    titles = [f"{text_of(100 * share[one], 0, '?')} %" for one in shown]
    pixel_size = float(parts.cell.attrs["pixel_size"])
    panels = draw_row(figure, row, images[shown], titles, norm, pixel_size, style)
    if panels:
        place = (row.end(len(shown)) + 0.05, row.top + row.title, 0.06, row.side(len(shown)))
        color_bar(figure, panels[0].images[0], place, "filter")
