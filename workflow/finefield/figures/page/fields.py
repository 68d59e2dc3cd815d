"""The receptive field of a cell and the subunits found in it, as maps; its name and scores."""

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.colors import Normalize
from matplotlib.image import AxesImage

from finefield.averages.ellipse import Ellipse
from finefield.figures.maps import add_ellipse, scale_bar_below, show_map
from finefield.figures.page.zoom import zoom_to
from finefield.figures.settings import FigureSettings
from finefield.figures.style import LETTERS, brief, count, diameter, text_of
from finefield.figures.subunits.mosaic import contour, draw_mosaic
from finefield.files.cell import receptive_field
from finefield.files.filters import ellipse

#: Most letters of each of three names that are long together.
SHORT = 16


def title_of(cell: xr.Dataset, model: xr.Dataset, responses: xr.Dataset) -> str:
    """A cell's name, its network and the stimulus of the training, and the number of spikes."""
    names = [cell["cell"].item()]
    names += [str(model.attrs[one]) for one in ("model", "stimulus") if one in model.attrs]
    most = SHORT if sum(map(len, names)) > 3 * SHORT else LETTERS
    name, *others = (brief([one], most)[0] for one in names)
    return " · ".join([f"cell {name}", *others, count(int(responses.attrs["n_spikes"]), "spike")])


def scores_of(model: xr.Dataset, sta: xr.Dataset) -> dict[str, float]:
    """Correlations of the LN model and of the network, and the noise ceiling if it is known."""
    scores = {"LN model": float(sta["correlation"]), "network": float(model["correlation"])}
    if "noise_ceiling" in sta and model.attrs.get("tested_on") != "blocks":
        scores["measured"] = float(sta["noise_ceiling"])
    return scores


def draw_average(
    axes: Axes, cell: xr.Dataset, sta: xr.Dataset, norm: Normalize, style: FigureSettings
) -> AxesImage:
    """Draw the spatial part of a cell's STA with the ellipse of its receptive field.

    Parameters
    ----------
    axes : Axes
        Where.
    cell, sta : xarray.Dataset
        Root groups of the cell's files.
    norm : Normalize
        Limits of the map, as from `centred_norm`.
    style : FigureSettings
        The config's part `figures`.

    Returns
    -------
    matplotlib.image.AxesImage
        The map, for a colour bar.
    """
    image = sta["sta_spatial"]
    shown = show_map(axes, image.values, norm, style)
    scale_bar_below(axes, image.sizes["x"], float(cell.attrs["pixel_size"]))
    snr = f"\nSNR {text_of(float(cell['sta_snr']), 1)}" if "sta_snr" in cell else ""
    drawn = "1-SD" if add_ellipse(axes, _on_crop(cell)) else "no"
    axes.set_title(f"STA, spatial part,\n{drawn} ellipse{snr}", loc="left")
    return shown


def draw_found(
    axes: Axes,
    cell: xr.Dataset,
    sta: xr.Dataset,
    found: xr.Dataset,
    norm: Normalize,
    shares: Normalize,
    style: FigureSettings,
) -> None:
    """Draw the subunits found in a cell on its STA, as far as these reach.

    Parameters
    ----------
    axes : Axes
        Where.
    cell, sta, found : xarray.Dataset
        Of the cell's files.
    norm : Normalize
        Limits of the map.
    shares : Normalize
        Limits of the shares' colours, as from `mosaic.shares_of`.
    style : FigureSettings
        The config's part `figures`.
    """
    image, pixel_size = sta["sta_spatial"].values, float(cell.attrs["pixel_size"])
    subunits = [ellipse(found.isel(found=one), pixel_size) for one in range(found.sizes["found"])]
    field = _on_crop(cell)
    show_map(axes, image, norm, style).set_alpha(0.35)
    axes.set_facecolor("white")
    zoom_to(axes, [contour(one) for one in (field, *subunits) if one.is_known])
    scale_bar_below(axes, 1, pixel_size * float(np.ptp(axes.get_xlim())))
    draw_mosaic(axes, field, subunits, np.nan_to_num(found["share"].values), shares)
    axes.set_title(f"{count(len(subunits), 'subunit')} found,\n1.5 SD, on the STA", loc="left")


def tiling_of(found: xr.Dataset, filters: xr.Dataset) -> str:
    """How the subunits found tile the receptive field, or why there is none; two lines."""
    if found.sizes["found"]:
        names = ("coverage", "overlap")
        coverage, overlap = (text_of(float(filters[name]), 2, "?") for name in names)
        sizes = diameter(found)
        low, high = (text_of(float(end(sizes)), 0, "?") for end in (np.nanmin, np.nanmax))
        return f"coverage {coverage}, overlap {overlap}\ndiameters {low} to {high} µm"
    if np.any(filters["effective"].values == 1):
        return "none of its places carries\nenough of the drive"
    return "no filter is effective"


def _on_crop(cell: xr.Dataset) -> Ellipse:
    """The receptive field [pixels of the crop]."""
    return receptive_field(cell).shifted(-float(cell["crop_y"]), -float(cell["crop_x"]))
