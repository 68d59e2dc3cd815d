"""How figures look and are saved; `style` is the config's part `figures`, with defaults."""

import textwrap
from contextlib import AbstractContextManager
from pathlib import Path

import matplotlib
import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Text

from finefield.base.errors import UserError
from finefield.base.whole import whole
from finefield.figures.settings import FigureSettings

#: Okabe and Ito's colours, safe for the colour-blind, and markers to tell them apart in grey.
COLORS = ("#d55e00", "#0072b2", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000")
MARKERS = ("o", "s", "^", "D", "v", "P", "X")
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
        "font.size": 8,
        "axes.titlesize": 8,
        "axes.labelsize": 8,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.linewidth": 0.6,
        "xtick.labelsize": 7,
        "ytick.labelsize": 7,
        "xtick.major.width": 0.6,
        "ytick.major.width": 0.6,
        "legend.fontsize": 7,
        "legend.frameon": False,
        "lines.linewidth": 1.2,
        "figure.facecolor": "white",
        "savefig.dpi": style.dpi,
        "svg.hashsalt": "finefield",
        "svg.fonttype": "none",
        "pdf.fonttype": 42,
    }
    return matplotlib.rc_context({**matplotlib.rcParamsDefault, **settings, "backend": "agg"})


def save(figure: Figure, path: str | Path, style: FigureSettings) -> None:
    """Save a figure whole, the same bytes each time, in the format of the path's suffix.

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
    with rc(style), whole(path) as part:
        figure.savefig(part, format=suffix, dpi=style.dpi, metadata=UNDATED[suffix])


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
    return textwrap.fill(name + units(variable), width)


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
        figure = Figure(figsize=(5, 0.8 + 0.17 * len(lines)))
        figure.text(0.5, 0.5, "\n".join(lines), ha="center", va="center", fontsize=9)
    return figure
