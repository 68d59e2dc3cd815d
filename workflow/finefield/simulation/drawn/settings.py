"""Keys of the config about circuits: ganglion cells that share a mosaic of bipolar cells."""

from typing import Annotated, Literal

from annotated_types import Ge, Interval, MinLen

from finefield.base.settings import Name, Positive, Settings
from finefield.simulation.mechanisms import (
    Depression,
    GainControl,
    Inhibition,
    Membrane,
    Surround,
)
from finefield.simulation.settings import Polarity, TemporalFilter


class BipolarCells(Settings):
    """Bipolar cells on a jittered hexagonal mosaic, one of each polarity."""

    density: Annotated[float, Interval(ge=10, le=20_000)] = 230
    """Cells per area [1/mm2]."""
    jitter: Annotated[float, Interval(ge=0, le=0.5)] = 0.1
    """SD of their places around the lattice's, in its spacing."""
    sd: Annotated[float, Interval(ge=1, le=500)] = 30
    """SD of the receptive fields' Gaussian centres [um]."""
    temporal_filter: TemporalFilter = TemporalFilter()
    """As for cells."""
    surround: Surround | None = None
    """As for cells."""
    gain_control: GainControl | None = None
    """As for cells."""
    depression: Depression | None = None
    """As for cells."""


class AmacrineCells(Inhibition):
    """An amacrine cell for each ganglion cell, of its polarity."""

    sd: Annotated[float, Interval(ge=1, le=5000)] = 90
    """SD of its receptive field around the cell's own [um]."""


class GanglionType(Settings):
    """Ganglion cells of one type, on a hexagonal lattice around the middle of the field."""

    cells: Annotated[int, Ge(1)] = 6
    """Number of cells; their names are the type's and a number."""
    polarity: Polarity = "OFF"
    """Polarity of the cells, and of the bipolar cells that they pool."""
    spacing: Annotated[float, Interval(ge=1, le=5000)] = 120
    """Distance of neighbouring cells [um]."""
    dendrites: Annotated[float, Interval(ge=1, le=2000)] = 90
    """Radius of the dendritic field, within which bipolar cells are pooled [um]."""
    weights: Annotated[float, Interval(ge=0, lt=1)] = 0.2
    """Weights fall to 0.6 at the rim, and vary by up to this part around that."""
    inhibition: AmacrineCells | None = None
    """As for cells."""
    spikes: Literal["poisson", "lif", "fohlmeister_miller"] = "fohlmeister_miller"
    """As for cells."""
    threshold_sd: Annotated[float, Interval(ge=0, le=3)] = 1
    """Excitation less inhibition at which the cell begins to fire, in SDs above its mean, in noise
    of the first stimulus' contrasts; with a membrane it sets conductances that are not given."""
    rate: Positive = 2
    """Mean firing rate of drawn spikes [Hz]."""
    membrane: Membrane | None = None
    """As for cells."""


class Circuit(Settings):
    """A patch of retina: bipolar cells, and ganglion cells of several types that share them."""

    bipolar_cells: BipolarCells = BipolarCells()
    """The bipolar cells, which are the ganglion cells' subunits."""
    types: Annotated[dict[Name, GanglionType], MinLen(1)]
    """Types of ganglion cells by name."""
    drawn_as: Name | None = None
    """What places and weights are drawn by, so that datasets can have one circuit; null for the
    dataset's name."""
