"""The files of a cell: where it looks, what is known of it, and its physiology."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from finefield.averages.ellipse import Ellipse
from finefield.files import store
from finefield.files.declared import ROOT, File, variables
from finefield.stimuli.window import Window

if TYPE_CHECKING:
    from finefield.averages.fields.location import ReceptiveField
    from finefield.simulation.cell import Cell
    from finefield.simulation.physiology import Physiology

PLACE = variables("""
    crop_y [pixel]: first row of the crop on the stimulus field
    crop_x [pixel]: first column of the crop on the stimulus field
    crop_height [pixel]: height of the crop
    crop_width [pixel]: width of the crop
    rf_y [pixel]: row of the receptive field's centre on the stimulus field
    rf_x [pixel]: column of the receptive field's centre on the stimulus field
    rf_major [um]: semi-major axis of the receptive field's ellipse, one SD
    rf_minor [um]: semi-minor axis of the receptive field's ellipse, one SD
    rf_angle [degree]: angle of the receptive field's major axis, from x towards y
    polarity: ON: responds to light increments; OFF: to decrements; ON-OFF: to both
""")
SIMULATED = variables(
    """
    subunit_filter (subunit, y, x): spatial filter of a subunit on the crop
    subunit_sign (subunit): 1, or -1 for a subunit of the opposite polarity
    subunit_weight (subunit): weight of a subunit's output in the cell's sum
    temporal_filter (lag): temporal filter of all subunits
    cell_type: known type of the cell
    """,
    only="simulated cells",
)
RECORDED = variables(
    """
    sta_snr: peak of the spike-triggered average over its noise
    on_off_index: response to the opposite of the preferred stimulus over that to it
    frame_slip [frame]: how far parts of the recording are apart in their frames; 31: more than 30
    """,
    only="recorded cells",
)
TRIED = variables("""
    frequency [Hz]: temporal frequency of all stimuli
    flicker_contrast (contrast): contrast of a uniform field
    contrast_response (contrast) [Hz]: mean rate with the uniform field, which flickers
    grating_period (period) [pixel]: spatial period of a grating
    grating_phase (phase) [degree]: spatial phase of a grating
    first_harmonic (period, phase) [Hz]: amplitude of the rate at the frequency, F1
    second_harmonic (period, phase) [Hz]: amplitude of the rate at twice the frequency, F2
    nonlinearity_index: F2 over F1 of reversing gratings; above 1, the cell sums nonlinearly
""")
PHYSIOLOGY = File(
    "physiology/{cell}.nc",
    "how a cell with a membrane responds to flicker and to reversing gratings",
    {ROOT: TRIED},
)
#: How the reason begins for which a cell without a receptive field is dropped.
NO_FIELD = "no receptive field: "
CELL = File(
    "cells/{cell}.nc",
    "where a cell looks, and what is known of it",
    {ROOT: PLACE | SIMULATED | RECORDED},
)


def write_simulated_cell(
    path: str | Path,
    name: str,
    cell: "Cell",
    field: Ellipse,
    polarity: str,
    cell_type: str,
    pixel_size: float,
    about: Mapping[str, object],
) -> None:
    """Write a simulated cell.

    Parameters
    ----------
    path : path
        File to make.
    name : str
        The cell's name.
    cell : Cell
        The cell.
    field : Ellipse
        Its receptive field on the stimulus field.
    polarity : {"ON", "OFF"}
        Its polarity.
    cell_type : str
        Its known type; empty for none.
    pixel_size : float
        Side of a stimulus pixel [µm].
    about : dict
        As from `store.provenance`.
    """
    known = {
        "cell_type": cell_type,
        "subunit_filter": cell.subunits,
        "subunit_sign": cell.signs,
        "subunit_weight": cell.weights,
        "temporal_filter": cell.temporal_filter,
    }
    values = _values(name, cell.window, polarity, field, pixel_size) | known
    about = {**about, "pixel_size": pixel_size, "kind": "simulated"}
    store.write(path, CELL, {ROOT: values}, about)


def write_recorded_cell(
    path: str | Path,
    name: str,
    field: "ReceptiveField",
    pixel_size: float,
    about: Mapping[str, object],
) -> None:
    """Write a recorded cell, which is dropped if it has no receptive field.

    Parameters
    ----------
    path, name, pixel_size, about
        As for `write_simulated_cell`.
    field : ReceptiveField
        What was found.
    """
    found = {"sta_snr": field.snr, "on_off_index": field.on_off_index, "frame_slip": field.slip}
    values = _values(name, field.crop, field.polarity, field.ellipse, pixel_size) | found
    about = {**about, "pixel_size": pixel_size, "kind": "recorded"}
    dropped = NO_FIELD + field.reason if field.reason else ""
    store.write(path, CELL, {ROOT: values}, about, dropped)


def write_physiology(
    path: str | Path, name: str, found: "Physiology", about: Mapping[str, object]
) -> None:
    """Write a cell's physiology.

    Parameters
    ----------
    path, name, about
        As for `write_simulated_cell`.
    found : Physiology
        What was found.
    """
    values = {
        "frequency": found.frequency,
        "flicker_contrast": found.contrast,
        "contrast_response": found.contrast_response,
        "grating_period": found.period,
        "grating_phase": found.phase,
        "first_harmonic": found.first,
        "second_harmonic": found.second,
        "nonlinearity_index": found.nonlinearity_index,
    }
    store.write(path, PHYSIOLOGY, {ROOT: values}, {**about, "cell": name})


def _values(
    name: str, crop: Window, polarity: str, field: Ellipse, pixel_size: float
) -> dict[str, object]:
    """What is known of every cell; `field` is its receptive field on the stimulus field."""
    return {f"crop_{side}": size for side, size in vars(crop).items()} | {
        "cell": name,
        "polarity": polarity,
        "rf_y": field.y,
        "rf_x": field.x,
        "rf_major": pixel_size * field.major,
        "rf_minor": pixel_size * field.minor,
        "rf_angle": field.angle,
    }


def receptive_field(cell: xr.Dataset) -> Ellipse:
    """Receptive field of one cell on the stimulus field, from its file or a table of cells."""
    side = cell.attrs["pixel_size"]
    return Ellipse(
        y=float(cell["rf_y"]),
        x=float(cell["rf_x"]),
        major=float(cell["rf_major"]) / side,
        minor=float(cell["rf_minor"]) / side,
        angle=float(cell["rf_angle"]),
    )


def crop(cell: xr.Dataset) -> Window:
    """Crop of one cell, from its file or a table of cells."""
    return Window(*(int(cell[f"crop_{name}"]) for name in ("y", "x", "height", "width")))


def read_window(path: str | Path) -> Window:
    """A cell's crop."""
    return crop(store.read(path))


def read_ellipse(path: str | Path) -> Ellipse:
    """A cell's receptive field on its crop."""
    cell = store.read(path)
    return receptive_field(cell).shifted(-int(cell["crop_y"]), -int(cell["crop_x"]))


def read_known_subunits(path: str | Path) -> np.ndarray | None:
    """Known subunits of a simulated cell (subunit, y, x); None for a recorded one."""
    cell = store.read(path)
    return cell["subunit_filter"].values if "subunit_filter" in cell else None
