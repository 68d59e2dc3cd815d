"""Circuits: ganglion cells of several types that pool bipolar cells of one mosaic."""

from dataclasses import replace
from functools import partial

import numpy as np
from pydantic import ValidationError

from finefield.base.errors import UserError
from finefield.base.rng import generator
from finefield.simulation.cell import build_cell
from finefield.simulation.drawn.calibration import Summed, round_off, summed
from finefield.simulation.drawn.lattice import mosaic, patch
from finefield.simulation.drawn.settings import (
    AmacrineCells,
    BipolarCells,
    Circuit,
    GanglionType,
)
from finefield.simulation.mechanisms import Inhibition, Membrane
from finefield.simulation.settings import CellSettings, Crop, Gaussian, Output
from finefield.stimuli.settings import StimulusField

#: Weight of a bipolar cell at the rim of the dendritic field, in that of one in the middle.
AT_RIM = 0.6
#: SDs at which receptive fields end: of centres alone, and of surrounds.
CENTRE_ENDS, SURROUND_ENDS = 3.0, 2.0
#: Jitter of ganglion cells around their lattice, in its spacing.
JITTER = 0.05
#: Current at which the salamander cell begins to fire [uA/cm2], and its potential there [mV].
RHEOBASE, FIRING = 0.4, -55.0


def draw_circuit(
    settings: Circuit, field: StimulusField, contrast_sd: float, seed: int, dataset: str
) -> dict[str, CellSettings]:
    """Draw a circuit's cells.

    Parameters
    ----------
    settings : Circuit
        What is drawn.
    field, contrast_sd, seed, dataset
        As for `population.draw_population`.

    Returns
    -------
    dict of str to CellSettings
        By name, as under ``datasets.<name>.cells``: each cell's subunits are the bipolar cells that
        it pools, at the same places of the field for all cells that share them.

    Raises
    ------
    UserError
        If a ganglion cell lies off the field, or pools no bipolar cell.

    Examples
    --------
    >>> circuit = Circuit(types={"small": GanglionType(cells=2)})
    >>> field = StimulusField(height=30, width=30)
    >>> drawn = draw_circuit(circuit, field, contrast_sd=0.5, seed=1, dataset="toy")
    >>> [(name, len(cell.subunits)) for name, cell in drawn.items()]
    [('small_0', 6), ('small_1', 7)]
    """
    size = np.array([field.height - 1, field.width - 1]) * field.pixel_size
    own, bipolar, drawn_as = settings.bipolar_cells, {}, settings.drawn_as or dataset
    for polarity in ("ON", "OFF"):
        rng = generator(seed, drawn_as, polarity, "bipolar cells")
        bipolar[polarity] = mosaic(own.density, own.jitter, *size, rng)
    drawn = {}
    for name, kind in settings.types.items():
        where = f"datasets.{dataset}.circuit.types.{name}"
        rng = generator(seed, drawn_as, name, "ganglion cells")
        centres = size / 2 + kind.spacing * patch(kind.cells, JITTER, rng)
        for number, centre in enumerate(centres):
            if not ((centre >= 0) & (centre <= size)).all():
                got = f"{kind.cells}, of which number {number} lies off the field"
                expected = f"cells on the field's {' x '.join(f'{side:g}' for side in size)} um"
                fix = f"lower it or {where}.spacing, or enlarge the field"
                raise UserError(f"{where}.cells", got, expected, fix)
            cell_rng = generator(seed, drawn_as, f"{name}_{number}", "dendrites")
            known = centre, bipolar[kind.polarity], field, contrast_sd, cell_rng, where
            drawn[f"{name}_{number}"] = _cell(kind, own, *known).changed(type=name)
    return drawn


def _cell(
    kind: GanglionType,
    own: BipolarCells,
    centre: np.ndarray,
    places: np.ndarray,
    field: StimulusField,
    contrast_sd: float,
    rng: np.random.Generator,
    where: str,
) -> CellSettings:
    """One ganglion cell at a centre, of bipolar cells at places (cell, 2) [um]."""
    far = np.linalg.norm(places - centre, axis=1)
    pooled = far <= kind.dendrites
    if not pooled.any():
        got = f"{kind.dendrites:g} um, in which no bipolar cell lies"
        least = f"at least {far.min():.0f} um here" if len(far) else "bipolar cells on the field"
        fix = "raise it, or datasets.<name>.circuit.bipolar_cells.density"
        raise UserError(f"{where}.dendrites", got, least, fix)
    weights = AT_RIM ** (far[pooled] / kind.dendrites) ** 2
    weights *= 1 + kind.weights * rng.uniform(-1, 1, len(weights))
    side = field.pixel_size
    crop = _crop(places[pooled] / side, _reach(own) / side, field)
    cell = CellSettings(
        crop=crop,
        polarity=kind.polarity,
        temporal_filter=own.temporal_filter,
        subunits=[
            Gaussian(
                shape="gaussian",
                y=round(y / side - crop.y, 3),
                x=round(x / side - crop.x, 3),
                sigma=round_off(own.sd / side),
                weight=round_off(weight),
            )
            for (y, x), weight in zip(places[pooled], weights, strict=True)
        ],
        surround=own.surround,
        gain_control=own.gain_control,
        depression=own.depression,
        inhibition=kind.inhibition and _in_pixels(kind.inhibition, side),
        spikes=kind.spikes,
        membrane=kind.membrane,
    )
    try:
        return _calibrated(cell, kind, field.frame_rate, contrast_sd, rng)
    except ValidationError as error:
        fault = error.errors()[0]
        key, got = ".".join(map(str, fault["loc"])), f"{fault['input']:g}, found for the cell"
        expected = fault["msg"].lower().removeprefix("input should be ")
        fix = "give the key, or change what the cell's input and reversal potentials are"
        raise UserError(f"{where}.membrane.{key}", got, expected, fix) from None


def _in_pixels(own: AmacrineCells, side: float) -> Inhibition:
    """Inhibition with its size in pixels of a side [um]."""
    return Inhibition(weight=own.weight, sd=round_off(own.sd / side), delay=own.delay)


def _reach(own: BipolarCells) -> float:
    """How far a bipolar cell sees [um]."""
    if own.surround is None:
        return CENTRE_ENDS * own.sd
    return max(CENTRE_ENDS, SURROUND_ENDS * own.surround.ratio) * own.sd


def _crop(places: np.ndarray, reach: float, field: StimulusField) -> Crop:
    """The part of the field that bipolar cells at places (cell, 2) see [pixels]."""
    room = np.array([field.height, field.width])
    first = np.maximum(np.floor(places.min(0) - reach), 0).astype(int)
    last = np.minimum(np.ceil(places.max(0) + reach), room - 1).astype(int)
    height, width = (last - first + 1).tolist()
    return Crop(y=int(first[0]), x=int(first[1]), height=height, width=width)


def _calibrated(
    cell: CellSettings, kind: GanglionType, frame_rate: float, contrast_sd: float, rng
) -> CellSettings:
    """A cell that begins to fire as many SDs above its mean input as its type says."""
    drawn, membrane = _input(cell, frame_rate, contrast_sd, rng), cell.own_membrane
    if membrane is None:
        return cell.changed(output=drawn.output(kind.threshold_sd, kind.rate))
    level = drawn.above_mean(kind.threshold_sd)
    given = kind.membrane.model_fields_set if kind.membrane else ()
    if "excitation" not in given:
        membrane = membrane.changed(excitation=round_off(_excitation(membrane, kind.spikes, level)))
    if kind.inhibition and "inhibition" not in given:
        membrane = membrane.changed(inhibition=round_off(_inhibition(membrane)))
    return cell.changed(output=Output(threshold=0), membrane=membrane)


def _input(cell: CellSettings, frame_rate: float, contrast_sd: float, rng) -> Summed:
    """Excitation less inhibition in noise, the two taken as independent."""
    built = build_cell(cell, frame_rate)
    images = built.subunits.reshape(len(built.subunits), -1)
    drawn = summed(images, built.weights, contrast_sd, rng, partial(_settled, cell))
    if built.inhibitor is None:
        return drawn
    sd = contrast_sd * np.linalg.norm(built.inhibitor.image)
    inhibition = np.maximum(rng.normal(0, sd, len(drawn.total)), 0)
    return replace(drawn, total=drawn.total - built.inhibitor.weight * inhibition)


def _excitation(membrane: Membrane, spikes: str, level: float) -> float:
    """Conductance for each unit of excitation with which a level just makes the cell fire."""
    current, potential = RHEOBASE, FIRING
    if spikes == "lif":
        potential = membrane.lif.threshold
        current = membrane.leak * (potential - membrane.leak_reversal)
    return current / (membrane.excitation_reversal - potential) / level


def _inhibition(membrane: Membrane) -> float:
    """Conductance for a unit of inhibition whose current cancels that of a unit of excitation."""
    excited, inhibited = membrane.excitation_reversal, membrane.inhibition_reversal
    return membrane.excitation * (excited - FIRING) / (FIRING - inhibited)


def _settled(cell: CellSettings, output: np.ndarray) -> np.ndarray:
    """Outputs of bipolar cells (draw, subunit) as gain control and depression leave them."""
    if cell.gain_control:
        strength = cell.gain_control.strength
        output = output / ((1 + np.sqrt(1 + 4 * strength * output.mean(0))) / 2)
    if cell.depression:
        emptied = cell.depression.release * cell.depression.time_constant / 1000
        output = output / (1 + emptied * output.mean(0))
    return output
