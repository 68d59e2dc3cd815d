"""Images on a cell's crop: centred at zero, with a scale bar in µm."""

import numpy as np
from matplotlib import patches, patheffects
from matplotlib.axes import Axes
from matplotlib.colors import Normalize
from matplotlib.figure import Figure
from matplotlib.image import AxesImage
from matplotlib.text import Text

from finefield.averages.ellipse import Ellipse
from finefield.figures.settings import FigureSettings
from finefield.figures.style import SMALL, axes_at, size_of

#: Least side of a map of a single row or column [inches].
THIN = 0.5


def centred_norm(*images: np.ndarray) -> Normalize:
    """Colour limits that all images share, the same on both sides of zero.

    Examples
    --------
    >>> norm = centred_norm(np.array([1.0, np.nan]), np.array([-3.0]))
    >>> norm.vmin, norm.vmax
    (-3.0, 3.0)
    """
    sizes = [np.abs(image[np.isfinite(image)]).max(initial=0) for image in images]
    limit = float(max(sizes, default=0)) or 1.0
    return Normalize(-limit, limit)


def show_map(axes: Axes, image: np.ndarray, norm: Normalize, style: FigureSettings) -> AxesImage:
    """One image (y, x), rows downwards, without ticks; NaN is grey.

    A single row, or column, of long bars fills the axes.
    """
    look = {"aspect": aspect_of(image), "interpolation": "nearest"}
    shown = axes.imshow(image, cmap=style.diverging_colormap, norm=norm, **look)
    axes.set(xticks=[], yticks=[], facecolor="0.8")
    axes.spines[:].set(visible=True, color="0.6", linewidth=0.5)
    return shown


def aspect_of(image: np.ndarray) -> str:
    """How an image fills its axes: pixels are square, but for those of a single row or column."""
    return "auto" if 1 in image.shape else "equal"


def sides_of(height: float, width: float, across: float, most: float) -> tuple[float, float]:
    """Width and height of a map within these; one of a single row or column is drawn thicker.

    Examples
    --------
    >>> sides_of(10, 20, 6, 4), sides_of(10, 20, 6, 2), sides_of(1, 30, 6, 4)
    ((6, 3.0), (4.0, 2.0), (6, 0.5))
    """
    across = min(across, most * width / height)
    return max(THIN, across), max(THIN, across * height / width)


def bar_length(extent: float) -> float:
    """A round length of 1, 2 or 5 times a power of ten, near a third of `extent`.

    Examples
    --------
    >>> bar_length(800), bar_length(240), bar_length(90)
    (200.0, 50.0, 20.0)
    """
    power = 10.0 ** np.floor(np.log10(0.4 * extent))
    return float(max(step * power for step in (1, 2, 5) if step * power <= 0.4 * extent))


def scale_bar(axes: Axes, width: int, pixel_size: float, fontsize: float = SMALL) -> Text:
    """Draw a scale bar within a map, at its lower left.

    Parameters
    ----------
    axes : Axes
        A map as from `show_map`.
    width : int
        Columns of the map [pixels].
    pixel_size : float
        Size of a pixel [µm].
    fontsize : float
        Size of its label [points].

    Returns
    -------
    matplotlib.text.Text
        The label.
    """
    length = bar_length(width * pixel_size)
    start, end = 0.06, 0.06 + length / pixel_size / width
    white = [patheffects.withStroke(linewidth=2.8, foreground="white")]
    axes.plot(
        [start, end], [0.07, 0.07], color="black", linewidth=1.6, solid_capstyle="butt",
        transform=axes.transAxes, path_effects=white,
    )  # fmt: skip
    return axes.annotate(
        f"{length:g} µm", (start, 0.07), (0, 2.5), xycoords="axes fraction",
        textcoords="offset points", fontsize=fontsize, ha="left", va="bottom", path_effects=white,
    )  # fmt: skip


def scale_bar_below(axes: Axes, width: int, pixel_size: float) -> Text:
    """Draw a scale bar beneath a map, as `scale_bar` does within one that is large enough."""
    length = bar_length(width * pixel_size)
    end, low = length / pixel_size / width, -4 / 72 / size_of(axes)[1]
    axes.plot(
        [0, end], [low, low], color="black", linewidth=1.6, solid_capstyle="butt", clip_on=False,
        transform=axes.transAxes,
    )  # fmt: skip
    return axes.annotate(
        f"{length:g} µm", (end, low), (2.5, 0), xycoords="axes fraction", ha="left", va="center",
        textcoords="offset points", fontsize=SMALL, annotation_clip=False,
    )  # fmt: skip


def add_ellipse(axes: Axes, ellipse: Ellipse, linewidth: float = 1.3) -> bool:
    """Draw an ellipse on a map, unless part of it is unknown.

    Parameters
    ----------
    axes : Axes
        A map as from `show_map`.
    ellipse : Ellipse
        On the map.
    linewidth : float
        Width of the line [points].

    Returns
    -------
    bool
        Whether it was drawn.
    """
    if ellipse.is_known:
        white = [patheffects.withStroke(linewidth=linewidth + 0.9, foreground="white")]
        axes.add_patch(outline(ellipse, edgecolor="black", linewidth=linewidth, path_effects=white))
    return ellipse.is_known


def outline(ellipse: Ellipse, **look) -> patches.Ellipse:
    """An ellipse as Matplotlib draws it."""
    centre, sides = (ellipse.x, ellipse.y), (2 * ellipse.major, 2 * ellipse.minor)
    return patches.Ellipse(centre, *sides, angle=ellipse.angle, fill=False, **look)


def color_bar(figure: Figure, shown: AxesImage, place: tuple, name: str) -> None:
    """A slim colour bar at (left, top, width, height) [inches], from limit to limit."""
    axes = axes_at(figure, *place)
    limit = shown.norm.vmax
    bar = figure.colorbar(shown, cax=axes, ticks=[-limit, 0, limit])
    bar.ax.set_yticklabels([f"\N{MINUS SIGN}{limit:.2g}", "0", f"{limit:.2g}"])
    bar.ax.tick_params(labelsize=SMALL, length=2)
    bar.set_label(name, fontsize=SMALL)
    bar.outline.set_linewidth(0.5)
