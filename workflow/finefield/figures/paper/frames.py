"""Frames of a stimulus, as the retina sees them."""

from collections.abc import Sequence

import xarray as xr
from matplotlib.axes import Axes

from finefield.figures.maps import aspect_of, centred_norm
from finefield.figures.style import SMALL, text_of


def draw_frames(panels: Sequence[Axes], frames: xr.DataArray) -> None:
    """Draw frames of a stimulus, grey for a contrast of zero.

    Parameters
    ----------
    panels : sequence of Axes
        Where, as many as there are frames.
    frames : xarray.DataArray, dimensions (frame, y, x)
        Contrast, as from `first_frames`.
    """
    norm = centred_norm(frames.values)
    times = frames["frame"].values / float(frames.attrs["frame_rate"])
    for axes, image, time in zip(panels, frames.values, times, strict=True):
        look = {"aspect": aspect_of(image), "interpolation": "nearest"}
        axes.imshow(image, cmap="gray", norm=norm, **look)
        axes.set(xticks=[], yticks=[])
        axes.spines[:].set(visible=True, color="0.6", linewidth=0.5)
        axes.set_title(f"{text_of(time)} s", fontsize=SMALL, pad=2)


def size_text(frames: xr.DataArray) -> str:
    """Size of the frames, for a head.

    Examples
    --------
    >>> import numpy as np
    >>> size_text(xr.DataArray(np.zeros((1, 8, 9)), dims=("frame", "y", "x"),
    ...                        attrs={"pixel_size": 30.0}))
    '8 × 9 pixels of 30 µm'
    """
    height, width = frames.sizes["y"], frames.sizes["x"]
    return f"{height} × {width} pixels of {frames.attrs['pixel_size']:g} µm"
