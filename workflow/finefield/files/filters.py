"""The file of a network's filters, and of the subunits that they stand for."""

from collections.abc import Mapping
from dataclasses import astuple
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from finefield.averages.ellipse import Ellipse
from finefield.files import store
from finefield.files.declared import ROOT, File, variables

if TYPE_CHECKING:
    from finefield.subunits.filters import Filters
    from finefield.subunits.finding import Subunits
    from finefield.subunits.removal import Removal

JUDGED = variables("""
    temporal (filter, lag): temporal profile of a filter
    explained (filter): part of a filter's energy in its product of space and time
    morans_i (filter): Moran's I of a filter's spatial profile
    morans_p (filter): probability of such a Moran's I with the profile's pixels permuted
    contribution (filter): part of the summed readout drive that passes through a filter
    removal_cost (filter): rise of the validation loss per spike without the filter
    removal_error (filter): standard error of the removal cost
    duplicate_of (filter): filter that an otherwise effective filter only repeats; -1 for none
    effective (filter): effective filter (1) or null filter (0)
    n_found: number of subunits found
    coverage: part of the receptive field that the subunits found cover
    overlap: subunits found over a covered point, on average
""")
PATCHES = variables("spatial (filter, y, x): spatial profile of a filter")
FOUND = variables("""
    found_subunit (found, y, x): spatial profile of a subunit found, on the crop
    share (found): part of the summed readout drive that passes there
    centre_y (found) [pixel]: row of the subunit's centre on the crop
    centre_x (found) [pixel]: column of the subunit's centre on the crop
    major (found) [um]: semi-major axis of the subunit's ellipse, one SD
    minor (found) [um]: semi-minor axis of the subunit's ellipse, one SD
    angle (found) [degree]: angle of the ellipse's major axis, from x towards y
""")
PLACEMENTS = variables("""
    placed (filter, y, x): spatial profile of a filter on the crop, where its readout looks
    placed_filter (placement): filter that is read out at the place
    first_y (placement) [pixel]: first row of the filter on the crop
    first_x (placement) [pixel]: first column of the filter on the crop
    share (placement): part of the summed readout drive that passes there
    merged_into (placement): subunit found that the placed filter is part of; -1 for none
    sign (placement): -1 if the placed filter's time course is opposite to its subunit's, else 1
""")
FILTERS = File(
    "filters/{model}/{stimulus}/{cell}.nc",
    "a network's filters, and the subunits that they stand for",
    {ROOT: JUDGED, "patches": PATCHES, "found": FOUND, "placements": PLACEMENTS},
)


def write_filters(
    path: str | Path,
    cell: str,
    filters: "Filters",
    removal: "Removal",
    subunits: "Subunits",
    tiling: tuple[float, float],
    pixel_size: float,
    about: Mapping[str, object],
) -> None:
    """Write a network's filters and subunits.

    Parameters
    ----------
    path : path
        File to make.
    cell : str
        The cell's name.
    filters, removal, subunits
        As from `found_subunits`.
    tiling : (float, float)
        Coverage of the receptive field by the subunits, and their overlap.
    pixel_size : float
        Side of a stimulus pixel [µm].
    about : dict
        As from `store.provenance`.
    """
    values = dict(vars(filters))
    patches, placed = {"spatial": values.pop("spatial")}, {"placed": values.pop("placed")}
    root = values | {
        "cell": cell,
        "effective": filters.effective.astype("int8"),
        "removal_cost": removal.cost,
        "removal_error": removal.error,
        "duplicate_of": subunits.duplicate_of,
        "n_found": len(subunits.image),
        "coverage": tiling[0],
        "overlap": tiling[1],
    }
    groups = {
        ROOT: root,
        "patches": patches,
        "found": found_values(subunits, pixel_size),
        "placements": placed | vars(subunits.placements),
    }
    store.write(path, FILTERS, groups, about)


def found_values(subunits: "Subunits", pixel_size: float) -> dict[str, object]:
    """Values of `FOUND`, of subunits on a crop of pixels of that size [µm]."""
    y, x, major, minor, angle = np.reshape([astuple(one) for one in subunits.ellipse], (-1, 5)).T
    return {
        "found_subunit": subunits.image,
        "share": subunits.share,
        "centre_y": y,
        "centre_x": x,
        "major": pixel_size * major,
        "minor": pixel_size * minor,
        "angle": angle,
    }


def read_found(path: str | Path) -> np.ndarray:
    """Subunits found (found, y, x)."""
    return store.read(path, "found")["found_subunit"].values


def ellipse(found: xr.Dataset, pixel_size: float) -> Ellipse:
    """Ellipse of one subunit found, on the crop."""
    return Ellipse(
        y=float(found["centre_y"]),
        x=float(found["centre_x"]),
        major=float(found["major"]) / pixel_size,
        minor=float(found["minor"]) / pixel_size,
        angle=float(found["angle"]),
    )
