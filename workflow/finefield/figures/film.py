"""The film of a training: a network's filters at each check, as an animated GIF."""

from collections.abc import Sequence
from pathlib import Path

import matplotlib
import numpy as np
import xarray as xr
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import Normalize
from matplotlib.figure import Figure
from matplotlib.image import AxesImage
from PIL import Image
from scipy.spatial.distance import cdist

from finefield.base.whole import whole
from finefield.figures.maps import centred_norm, color_bar, scale_bar, show_map
from finefield.figures.page.blocks import GREY
from finefield.figures.settings import FigureSettings
from finefield.figures.style import (
    LARGE,
    TEXT,
    axes_at,
    placeholder,
    progress,
    rc,
    save_text,
    text_of,
    write_at,
)

#: Most filters and frames shown, and maps in a row.
MAX_FILTERS, MAX_FRAMES, COLUMNS = 16, 60, 4
#: Sizes [inches]: of maps, from map to map across and down, and of the edges of a frame.
SIDE, ACROSS, DOWN, LEFT, TOP, RIGHT = 0.9, 1.05, 1.2, 0.2, 0.62, 0.65
#: Resolution [dots per inch], and how long a frame and the last one stay [ms].
DPI, SHOWN, LAST = 100, 400, 2500
#: Colours of the GIF's palette that are the colormap's, zero's among them, and greys of the text;
#: 128 in all, as more make a larger file.
N_COLORS, N_GREYS = 97, 31
#: Places of red, green and blue in a packed colour [bits].
SHIFTS = np.array([16, 8, 0], np.uint32)


def save_film(
    film: xr.Dataset | None,
    model: xr.Dataset,
    filters: xr.Dataset,
    pixel_size: float,
    path: str | Path,
    style: FigureSettings,
) -> None:
    """Save the film of a network's filters whole, the same bytes each time.

    Parameters
    ----------
    film : xarray.Dataset or None
        ``film (epoch, filter, y, x)``: the filters at each check [1]; none of a network that is not
        trained step by step, whose film says so.
    model : xarray.Dataset
        ``step (epoch)`` and ``best_step``: training steps done at each check and at the one kept.
    filters : xarray.Dataset
        ``contribution (filter)`` and ``effective (filter)`` of the network that was kept.
    pixel_size : float
        Size of a pixel [µm].
    path : path
        GIF file to make.
    style : FigureSettings
        The config's part `figures`.

    Notes
    -----
    The `MAX_FILTERS` filters of the largest contribution are shown at `MAX_FRAMES` checks at most,
    spread evenly, all in one colour limit: that of the weights kept. What is larger earlier in
    the training has the colour of the limit, so that no late frame is pale.
    """
    if film is None:
        return save_reason("no film: this network is not trained step by step", path, style)
    share = np.nan_to_num(filters["contribution"].values, nan=-1)
    order = np.argsort(-share, kind="stable")[:MAX_FILTERS]
    n_checks = film.sizes["epoch"]
    checks = np.unique(np.linspace(0, n_checks - 1, min(n_checks, MAX_FRAMES)).round().astype(int))
    images = film["film"].transpose("epoch", "filter", "y", "x").values[np.ix_(checks, order)]
    steps, best = model["step"].values, float(model["best_step"])
    kept = images[np.argmin(np.abs(steps[checks] - best))]
    norm = centred_norm(kept if np.any(kept) else images)
    frames = []
    with rc(style):
        figure, maps = _page(images[-1], norm, filters, order, style)
        scale_bar(maps[0].axes, images.shape[-1], pixel_size)
        title = write_at(figure, LEFT, 0.12, "", fontsize=LARGE, weight="bold")
        for check, shown in zip(checks, images, strict=True):
            kept = ", weights kept" if steps[check] == best else ""
            title.set_text(f"{progress(model)} {steps[check]:,} of {steps[-1]:,}{kept}")
            for one, image in zip(maps, shown, strict=True):
                one.set_data(image)
            frames.append(_drawn(figure))
    _save(frames, path, style)


def save_reason(reason: str, path: str | Path, style: FigureSettings) -> None:
    """Save a figure, or a film of one frame, that says in words why there is nothing to show."""
    if Path(path).suffix != ".gif":
        return save_text(reason, path, style)
    figure = placeholder(reason, style)
    with rc(style):
        figure.set_dpi(DPI)
        frame = _drawn(figure)
    _save([frame], path, style)


def _drawn(figure: Figure) -> np.ndarray:
    """A frame as an image of uint8 (y, x, colour)."""
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    return np.asarray(canvas.buffer_rgba())[..., :3].copy()


def _page(
    images: np.ndarray,
    norm: Normalize,
    filters: xr.Dataset,
    order: np.ndarray,
    style: FigureSettings,
) -> tuple[Figure, list[AxesImage]]:
    """The page that all frames share, and the maps of the filters in this order."""
    rows, columns = -(-len(images) // COLUMNS), max(2, min(len(images), COLUMNS))
    size = LEFT + columns * ACROSS + RIGHT, TOP + rows * DOWN
    figure, maps = Figure(figsize=size, dpi=DPI), []
    for place, (number, image) in enumerate(zip(order, images, strict=True)):
        row, column = divmod(place, COLUMNS)
        axes = axes_at(figure, LEFT + column * ACROSS, TOP + row * DOWN, SIDE, SIDE)
        maps.append(show_map(axes, image, norm, style))
        share = text_of(100 * float(filters["contribution"][number]), 0, "?")
        color = "black" if int(filters["effective"][number]) == 1 else GREY
        axes.set_title(f"filter {number}, {share} %", fontsize=TEXT, pad=3, color=color)
    left = LEFT + min(len(images), COLUMNS) * ACROSS - 0.05
    color_bar(figure, maps[0], (left, TOP, 0.08, SIDE), "filters")
    return figure, maps


def _palette(style: FigureSettings) -> np.ndarray:
    """The colours of all frames: those of the maps, and greys for the text."""
    colormap = matplotlib.colormaps[style.diverging_colormap]
    greys = np.repeat(np.linspace(0, 1, N_GREYS)[:, None], 3, axis=1)
    colors = np.concatenate([colormap(np.linspace(0, 1, N_COLORS))[:, :3], greys])
    return (255 * colors).round().astype("uint8")


def _indexed(frames: Sequence[np.ndarray], palette: np.ndarray) -> list[Image.Image]:
    """Frames in the nearest colours of a palette; Pillow's own choice is a little off."""
    packed = [frame.astype(np.uint32) @ (1 << SHIFTS) for frame in frames]
    nearest = np.zeros(1 << 24, np.uint8)
    for one in packed:
        nearest[one] = 1
    colors = np.flatnonzero(nearest)
    nearest[colors] = cdist((colors[:, None] >> SHIFTS) & 255, palette).argmin(1)
    images = [Image.fromarray(nearest[one], "P") for one in packed]
    for image in images:
        image.putpalette(palette.tobytes())
    return images


def _save(frames: Sequence[np.ndarray], path: str | Path, style: FigureSettings) -> None:
    """Write frames (y, x, colour) as one GIF that repeats for ever."""
    first, *others = _indexed(frames, _palette(style))
    duration = [SHOWN] * len(others) + [LAST]
    with whole(path) as part:
        first.save(part, "GIF", save_all=True, append_images=others, duration=duration, loop=0)
