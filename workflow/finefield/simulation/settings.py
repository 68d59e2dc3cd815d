"""Keys of the config about simulated cells and populations of them."""

from typing import Annotated, Literal, get_args

from annotated_types import Ge, Interval, Len, MinLen
from pydantic import Tag

from finefield.base.settings import Fraction, Name, Positive, Settings, kind_of
from finefield.simulation.mechanisms import (
    Depression,
    GainControl,
    Inhibition,
    Membrane,
    Surround,
)
from finefield.stimuli.settings import Crop

Polarity = Literal["ON", "OFF"]
Spikes = Literal["bernoulli", "poisson"]
TwoPositive = Annotated[list[Positive], Len(2, 2)]
TwoRatios = Annotated[list[Annotated[float, Ge(1)]], Len(2, 2)]
Pixel = Annotated[list[Annotated[int, Ge(0)]], Len(2, 2)]
TwoCounts = Annotated[list[Annotated[int, Ge(1)]], Len(2, 2)]


class TemporalFilter(Settings):
    """Difference of two gamma functions, shared by the cell's subunits, of unit norm."""

    lags: Annotated[int, Ge(4)] = 20
    """Length [frames]."""
    time_constant: Positive = 0.05
    """Time constant of both gammas [s]."""
    delay: Annotated[int, Ge(0)] = 2
    """Frames before the filter sets in."""
    orders: Annotated[list[Annotated[int, Interval(ge=2, le=50)]], Len(2, 2)] = [4, 5]
    """Orders of the leading and of the subtracted gamma."""


class Block(Settings):
    """A rectangle of ones."""

    shape: Literal["block"]
    """Spatial filter: a rectangle of ones (block), a Gaussian with a peak of one, or ones on given
    pixels (patch)."""
    y: Annotated[int, Ge(0)]
    """First row on the crop [pixels]."""
    x: Annotated[int, Ge(0)]
    """First column on the crop [pixels]."""
    height: Annotated[int, Ge(1)] = 2
    """Rows [pixels]."""
    width: Annotated[int, Ge(1)] = 2
    """Columns [pixels]."""
    weight: Positive = 1
    """Weight of the subunit's output in the sum."""
    polarity: Polarity | None = None
    """Polarity of the subunit; null for the cell's."""


class Patch(Settings):
    """Ones on pixels of any outline."""

    shape: Literal["patch"]
    """Spatial filter: a rectangle of ones (block), a Gaussian with a peak of one, or ones on given
    pixels (patch)."""
    pixels: Annotated[list[Pixel], MinLen(1)]
    """Row and column of each pixel on the crop."""
    weight: Positive = 1
    """Weight of the subunit's output in the sum."""
    polarity: Polarity | None = None
    """Polarity of the subunit; null for the cell's."""


class Gaussian(Settings):
    """A Gaussian with a peak of one."""

    shape: Literal["gaussian"]
    """Spatial filter: a rectangle of ones (block), a Gaussian with a peak of one, or ones on given
    pixels (patch)."""
    y: Annotated[float, Ge(0)]
    """Row of the centre on the crop [pixels]."""
    x: Annotated[float, Ge(0)]
    """Column of the centre on the crop [pixels]."""
    sigma: Positive = 1
    """Standard deviation [pixels]; of an ellipse, the geometric mean of both."""
    ratio: Annotated[float, Ge(1)] = 1
    """Long axis over short axis."""
    angle: float = 0
    """Angle of the long axis, from the x axis towards larger y [degree]."""
    weight: Positive = 1
    """Weight of the subunit's output in the sum."""
    polarity: Polarity | None = None
    """Polarity of the subunit; null for the cell's."""


class Output(Settings):
    """Output nonlinearity: firing rate = gain max(0, sum - threshold)."""

    threshold: float = 2.5
    """Threshold on the subunits' weighted sum [1]."""
    gain: Positive = 2
    """Firing rate per unit above threshold [Hz]."""


Subunit = Annotated[
    Annotated[Block, Tag("block")]
    | Annotated[Gaussian, Tag("gaussian")]
    | Annotated[Patch, Tag("patch")],
    kind_of("shape", ""),
]


class CellSettings(Settings):
    """A simulated cell."""

    crop: Crop
    """The cell's window on the stimulus field."""
    type: str | None = None
    """Name of the cell's known type, which clusters of cells by transfer are compared with."""
    polarity: Polarity = "OFF"
    """Whether the cell responds to light increments (ON) or decrements (OFF)."""
    temporal_filter: TemporalFilter = TemporalFilter()
    """Difference of two gamma functions, shared by the cell's subunits, of unit norm."""
    subunits: Annotated[list[Subunit], MinLen(1)]
    """The subunits that the cell sums."""
    subunit_nonlinearity: Literal["rectified_linear", "squared", "softplus"] = "rectified_linear"
    """What each subunit does to its drive before the sum."""
    surround: Surround | None = None
    """Surround of Gaussian subunits; null for none."""
    gain_control: GainControl | None = None
    """Gain control of each subunit; null for none."""
    depression: Depression | None = None
    """Depression of each subunit's synapse; null for none."""
    inhibition: Inhibition | None = None
    """An amacrine cell whose output is subtracted from the sum, or opens a membrane's inhibitory
    conductance; null for none."""
    output: Output = Output()
    """Output nonlinearity: firing rate = gain max(0, sum - threshold); a membrane has an excitatory
    conductance instead of the rate."""
    spikes: Literal[Spikes, "lif", "fohlmeister_miller"] = "bernoulli"
    """How spikes arise: drawn, at most one a frame (bernoulli) or Poisson counts, or from the
    potential of a membrane that integrates and fires (lif) or has a salamander ganglion cell's
    channels (fohlmeister_miller)."""
    membrane: Membrane | None = None
    """The membrane, with spikes of lif or fohlmeister_miller; null for its defaults."""

    @property
    def own_membrane(self) -> Membrane | None:
        """The membrane; None if spikes are drawn."""
        if self.spikes in get_args(Spikes):
            return None
        return (self.membrane or Membrane()).of(self.spikes)


class PopulationType(Settings):
    """What differs in a known type of cells; null for as the population."""

    subunits: TwoCounts | None = None
    """As for the population."""
    sigma: TwoPositive | None = None
    """As for the population."""
    widths: TwoPositive | None = None
    """As for the population."""
    ratio: TwoRatios | None = None
    """As for the population."""
    shape: Literal["gaussian", "patch"] | None = None
    """As for the population."""
    opposite: Fraction | None = None
    """As for the population."""
    weights: TwoPositive | None = None
    """As for the population."""
    spacing: Annotated[float, Ge(1)] | None = None
    """As for the population."""
    jitter: Annotated[float, Ge(0)] | None = None
    """As for the population."""
    polarity: Annotated[list[Polarity], MinLen(1)] | None = None
    """As for the population."""
    threshold_sd: Annotated[float, Interval(ge=0, le=3)] | None = None
    """As for the population."""
    rate: Positive | None = None
    """As for the population."""


class Population(Settings):
    """Cells drawn at random, with subunits on a jittered hexagonal lattice."""

    cells: Annotated[int, Ge(1)] = 30
    """Number of cells; more of them begin with the same ones."""
    prefix: Name = "r"
    """What names begin with, before the number."""
    crop: Annotated[int, Ge(4)] = 16
    """Side of the square crops, which lie anywhere on the field [pixels]."""
    subunits: TwoCounts = [3, 12]
    """Least and most subunits of a cell."""
    sigma: TwoPositive = [0.8, 1.4]
    """Least and most SD of a cell's subunits [pixels]."""
    widths: TwoPositive = [0.9, 1.1]
    """Least and most width of a subunit, in its cell's."""
    ratio: TwoRatios = [1, 1]
    """Least and most ratio of a Gaussian subunit's axes, which have any angle."""
    shape: Literal["gaussian", "patch"] = "gaussian"
    """Spatial filters: Gaussians, or patches of as many pixels as a lattice cell has, which grow
    side by side and tile the receptive field."""
    opposite: Fraction = 0
    """Part of the subunits that have the opposite of their cell's polarity."""
    spacing: Annotated[float, Ge(1)] = 2
    """Distance of neighbouring subunits in SDs; at 2 their filters' cosine is 0.37."""
    jitter: Annotated[float, Ge(0)] = 0.1
    """SD of the subunits' places around the lattice's, in its spacing."""
    weights: TwoPositive = [0.5, 1.5]
    """Least and most weight of a subunit."""
    polarity: Annotated[list[Polarity], MinLen(1)] = ["ON", "OFF"]
    """Polarities that are drawn from."""
    threshold_sd: Annotated[float, Interval(ge=0, le=3)] = 1
    """Output threshold above the mean summed drive, in its SDs."""
    rate: Positive = 2
    """Mean firing rate to white noise of the contrasts of the first stimulus [Hz]; with
    threshold_sd 2 or more it may be missed by a sixth."""
    spikes: Spikes = "poisson"
    """How spikes are drawn; bernoulli allows low rates only, about 0.4 Hz at 30 frames/s."""
    types: Annotated[dict[Name, PopulationType], MinLen(2)] | None = None
    """Known types of cells, by name, each with what differs from the keys above; cells take them in
    turn."""

    def of_type(self, name: str) -> "Population":
        """The population as a known type differs from it."""
        own = self.types[name].model_dump(exclude_none=True)
        return self.changed(**own)
