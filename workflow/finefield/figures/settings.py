"""Keys of the config about figures."""

from typing import Annotated, Literal

from annotated_types import Interval

from finefield.base.settings import Settings


class FigureSettings(Settings):
    """How figures look; changing these keys reruns figures only."""

    format: Literal["svg", "png", "pdf"] = "svg"
    """File format of the figures."""
    film: bool = True
    """Whether the training of each network is also shown as a film of its filters, an animated
    GIF."""
    dpi: Annotated[int, Interval(ge=50, le=600)] = 150
    """Resolution of PNG figures and of images inside the others [dots per inch]."""
    diverging_colormap: str = "RdBu_r"
    """Matplotlib colormap of filters, of spike-triggered averages, and of a transfer grid with a
    score below zero; it is centred at zero."""
    sequential_colormap: str = "viridis"
    """Matplotlib colormap of a transfer grid without a score below zero."""
    measured_color: str = "0.25"
    """Matplotlib colour of measured responses."""
    predicted_color: str = "#d55e00"
    """Matplotlib colour of the network's prediction."""
    ln_color: str = "#0072b2"
    """Matplotlib colour of the LN model's prediction."""
