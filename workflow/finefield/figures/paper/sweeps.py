"""All sweeps of a dataset on one page."""

from collections.abc import Mapping

import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from finefield.figures.settings import FigureSettings
from finefield.figures.style import LARGE, PAGE, SMALL, brief, letter, rc, write_at
from finefield.figures.sweep import draw_sweep, sweep_height

#: Most sweeps on a page, and height of a sweep's name and of a note [inches].
MOST, NAME, NOTE = 4, 0.22, 0.2


def sweeps_figure(sweeps: Mapping[str, xr.Dataset], style: FigureSettings) -> Figure:
    """Draw the scores of each sweep in a row of panels.

    Parameters
    ----------
    sweeps : dict of str to xarray.Dataset
        Name of a sweep -> its file, as for `sweep_figure`.
    style : FigureSettings
        The config's part `figures`.

    Returns
    -------
    matplotlib.figure.Figure
        The first `MOST` sweeps.
    """
    shown = dict(list(sweeps.items())[:MOST])
    more = len(sweeps) - len(shown)
    total = sum(NAME + sweep_height(one) for one in shown.values()) + NOTE * bool(more)
    panels: list[Axes] = []
    with rc(style):
        figure = Figure(figsize=(PAGE, total))
        top = 0.0
        for name, data in shown.items():
            (short,) = brief([name])
            write_at(figure, 0.1, top + 0.1, f"sweep {short}", fontsize=LARGE - 1, weight="bold")
            panels += draw_sweep(figure, top + NAME, data, style)
            top += NAME + sweep_height(data)
        letter(panels, left=0.5)
        if more:
            text = f"the first {MOST} of {len(sweeps)} sweeps"
            write_at(figure, 0.1, total - NOTE + 0.05, text, fontsize=SMALL)
    return figure
