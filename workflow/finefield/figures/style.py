"""How figures look and are saved; `style` is the config's part `figures`, with defaults."""

import textwrap
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from io import BytesIO
from pathlib import Path

import matplotlib
import numpy as np
import seaborn as sns
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Text

from finefield.base.errors import UserError
from finefield.base.whole import whole
from finefield.figures.fonts import with_fonts
from finefield.figures.settings import FigureSettings

#: Widths of one column and of a page of a journal, 89 and 183 mm [inches].
COLUMN, PAGE = 3.5, 7.2
#: Sizes of text [points]: of most, of notes and ticks, and of headings.
TEXT, SMALL, LARGE = 7, 6, 9
#: Okabe and Ito's colours, safe for the colour-blind, and markers to tell them apart in grey.
COLORS = ("#d55e00", "#0072b2", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000")
MARKERS = ("o", "s", "^", "D", "v", "P", "X")
#: Most letters of a name in a figure.
LETTERS = 24
#: Names of scores on axes, whose meaning in full is too long there; captions have the full one.
BRIEF = {"Pearson correlation of predicted and measured rate": "correlation"}
#: Parts of a file that would hold the time of its making.
UNDATED = {"svg": {"Date": None}, "pdf": {"CreationDate": None}, "png": {}}


def rc(style: FigureSettings) -> AbstractContextManager:
    """Matplotlib's settings of all figures, for a ``with`` block or as a decorator.

    Parameters
    ----------
    style : FigureSettings
        The config's part `figures`.
    """
    settings = {
        **sns.axes_style("ticks"),
        "font.family": "DejaVu Sans",  # comes with Matplotlib, and so looks alike everywhere
        "mathtext.fontset": "dejavusans",
        "font.size": TEXT,
        "axes.titlesize": TEXT,
        "axes.labelsize": TEXT,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.edgecolor": "black",
        "axes.labelcolor": "black",
        "xtick.color": "black",
        "ytick.color": "black",
        "text.color": "black",
        "axes.linewidth": 0.6,
        "axes.prop_cycle": matplotlib.cycler(color=COLORS),
        "xtick.labelsize": SMALL,
        "ytick.labelsize": SMALL,
        "xtick.major.width": 0.6,
        "ytick.major.width": 0.6,
        "xtick.major.size": 2.5,
        "ytick.major.size": 2.5,
        "legend.fontsize": SMALL,
        "legend.title_fontsize": SMALL,
        "legend.frameon": False,
        "lines.linewidth": 1.0,
        "figure.facecolor": "white",
        "savefig.dpi": style.dpi,
        "svg.hashsalt": "finefield",
        "svg.fonttype": "none",
        "pdf.fonttype": 42,
    }
    return matplotlib.rc_context({**matplotlib.rcParamsDefault, **settings, "backend": "agg"})


def save(figure: Figure, path: str | Path, style: FigureSettings) -> None:
    """Save a figure whole, with its fonts, the same bytes each time, in the path's format.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        The figure.
    path : path
        File to make: svg, png or pdf.
    style : FigureSettings
        The config's part `figures`; its `dpi` is used.

    Raises
    ------
    UserError
        If the suffix is another.
    """
    suffix = Path(path).suffix[1:]
    if suffix not in UNDATED:
        raise UserError(str(path), f"format {suffix!r}", "svg, png or pdf", "set figures.format")
    drawn = BytesIO()
    with rc(style):
        figure.savefig(drawn, format=suffix, dpi=style.dpi, metadata=UNDATED[suffix])
    content = drawn.getvalue()
    with whole(path) as part:
        Path(part).write_bytes(with_fonts(content, figure) if suffix == "svg" else content)


def save_text(text: str, path: str | Path, style: FigureSettings) -> None:
    """Save a `placeholder` as `save` does."""
    save(placeholder(text, style), path, style)


def text_of(value: float, digits: int = 2, undefined: str = "undefined") -> str:
    """A number for a label; a NaN is called `undefined`.

    Examples
    --------
    >>> text_of(0.123), text_of(-0.001), text_of(float("nan"))
    ('0.12', '0.00', 'undefined')
    """
    if np.isnan(value):
        return undefined
    return f"{round(value, digits) + 0.0:.{digits}f}".replace("-", "\N{MINUS SIGN}")


def units(variable: xr.DataArray) -> str:
    """Units for a label: ``" [µm]"``, or nothing for those without dimension.

    Examples
    --------
    >>> units(xr.DataArray(0, attrs={"units": "um"})), units(xr.DataArray(0, attrs={"units": "1"}))
    (' [µm]', '')
    """
    unit = variable.attrs.get("units", "1")
    return (
        "" if unit == "1" else f" [{unit.replace('um', 'µm') if unit.startswith('um') else unit}]"
    )


def label(variable: xr.DataArray, width: int = 200) -> str:
    """``long_name [units]`` of a variable, broken into lines of at most `width` characters.

    Examples
    --------
    >>> label(xr.DataArray(0, attrs={"long_name": "firing rate", "units": "Hz"}))
    'firing rate [Hz]'
    """
    name = str(variable.attrs.get("long_name", variable.name))
    name = BRIEF.get(name, name)
    return textwrap.fill(name + units(variable), width)


def progress(model: xr.Dataset) -> str:
    """What the training of a network consists of: steps, or stages of the course from positions."""
    return "stage" if model.attrs.get("start") == "positions" else "step"


def things(number: int, noun: str) -> str:
    """A number with its noun.

    Examples
    --------
    >>> things(1, "cell"), things(1200, "cell")
    ('1 cell', '1,200 cells')
    """
    return f"{number:,} {noun}{'s' * (number != 1)}"


def count(number: int, noun: str) -> str:
    """Size of a sample, for a label.

    Examples
    --------
    >>> count(1, "cell")
    'n = 1 cell'
    """
    return f"n = {things(number, noun)}"


def brief(names: Iterable[str], most: int = LETTERS) -> list[str]:
    """Names of at most `most` letters: of longer ones, the beginning and the end.

    Names that would become the same are numbered.

    Examples
    --------
    >>> brief(["left", "large_ganglion_cell_of_patch_12"], 15)
    ['left', 'large_g…atch_12']
    """
    names = [str(name) for name in names]
    head = most // 2
    short = [x if len(x) <= most else f"{x[:head]}…{x[len(x) - most + head + 1 :]}" for x in names]
    if len(set(short)) == len(set(names)):
        return short
    return [
        x if x == whole else f"{x[: most - 5]}…{number}"
        for number, (x, whole) in enumerate(zip(short, names, strict=True), start=1)
    ]


def palette(style: FigureSettings) -> list[str]:
    """Colours of networks in turn: that of predictions first, that of LN models never."""
    taken = (style.predicted_color, style.ln_color)
    return [style.predicted_color, *(one for one in COLORS if one not in taken)]


def letter(axes: Sequence[Axes], left: float = 0.3, up: float = 0.02, first: str = "a") -> None:
    """Letter panels a, b, c, … at the upper left of each.

    Parameters
    ----------
    axes : sequence of Axes
        Panels, in the order of their letters.
    left, up : float
        How far a letter stands to the left of its panel, and above it [inches].
    first : str
        Letter of the first panel.
    """
    for number, one in enumerate(axes):
        place = {"xycoords": "axes fraction", "textcoords": "offset points"}
        name = chr(ord(first) + number)
        one.annotate(
            name, (0, 1), (-72 * left, 72 * up), ha="left", va="bottom",
            fontsize=LARGE, fontweight="bold", annotation_clip=False, **place,
        )  # fmt: skip


def line(axes: Axes, x: np.ndarray, y: np.ndarray, **look) -> None:
    """A line as it is: seaborn takes no means and shows no spread."""
    sns.lineplot(x=x, y=y, estimator=None, legend=False, ax=axes, **look)


def diameter(subunits: xr.Dataset) -> np.ndarray:
    """Diameter of ellipses with semi-axes `major` and `minor`: that of a circle of their area.

    Examples
    --------
    >>> float(diameter(xr.Dataset({"major": 9.0, "minor": 4.0})))
    12.0
    """
    return 2 * np.sqrt(subunits["major"].values * subunits["minor"].values)


def axes_at(
    figure: Figure, left: float, top: float, width: float, height: float, **settings
) -> Axes:
    """Axes at a place on the page, in inches from its upper left corner."""
    page_width, page_height = figure.get_size_inches()
    place = (
        left / page_width,
        1 - (top + height) / page_height,
        width / page_width,
        height / page_height,
    )
    return figure.add_axes(place, **settings)


def size_of(axes: Axes) -> tuple[float, float]:
    """Width and height of axes on the page [inches]."""
    place, page = axes.get_position(), axes.figure.get_size_inches()
    return float(place.width * page[0]), float(place.height * page[1])


def write_at(figure: Figure, left: float, top: float, text: str, **settings) -> Text:
    """Text with its upper left corner at a place on the page, as for `axes_at`."""
    page_width, page_height = figure.get_size_inches()
    settings = {"ha": "left", "va": "top"} | settings
    return figure.text(left / page_width, 1 - top / page_height, text, **settings)


def placeholder(text: str, style: FigureSettings) -> Figure:
    """A small figure that says in words why there is nothing to show.

    Parameters
    ----------
    text : str
        The reason.
    style : FigureSettings
        The config's part `figures`.

    Returns
    -------
    matplotlib.figure.Figure
    """
    lines = textwrap.wrap(text, 60) or [""]
    with rc(style):
        figure = Figure(figsize=(COLUMN, 0.5 + 0.13 * len(lines)))
        figure.text(0.5, 0.5, "\n".join(lines), ha="center", va="center")
    return figure
