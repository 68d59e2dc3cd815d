"""Keys of the config about what lies between a cell's subunits and its spikes."""

from typing import Annotated

from annotated_types import Ge, Interval

from finefield.base.settings import Positive, Settings

#: Leak [mS/cm2] and its reversal potential [mV] of each membrane.
LEAKS = {"lif": (0.1, -65.0), "fohlmeister_miller": (0.05, -62.0)}
#: Conductances [mS/cm2], potentials [mV] and times [ms] that a retinal cell can have: values in
#: volts, siemens or seconds are refused.
Conductance = Annotated[float, Interval(gt=0, le=200)]
Synaptic = Annotated[float, Interval(ge=1e-5, le=10)]
Rest = Annotated[float, Interval(ge=-100, le=-40)]
Time = Annotated[float, Interval(ge=0.5, le=60_000)]


class Surround(Settings):
    """Surround of the bipolar cells, a Gaussian that is subtracted from each Gaussian subunit."""

    weight: Annotated[float, Interval(gt=0, le=1)] = 0.6
    """Its integral, in the centre's."""
    ratio: Annotated[float, Interval(gt=1, le=10)] = 3
    """Its SD, in the centre's; it ends at two of its SDs."""


class GainControl(Settings):
    """Contrast gain control: each bipolar cell's output divides what comes after it."""

    time_constant: Time = 150
    """Time constant of the average that divides [ms]."""
    strength: Positive = 0.5
    """What a unit of average output adds to the divisor, which is 1 without output."""


class Depression(Settings):
    """Depression of the ribbon synapse: release empties a pool of vesicles."""

    time_constant: Time = 250
    """Time constant with which the pool fills [ms]."""
    release: Positive = 4
    """Part of the pool that a unit of output releases per second [1/s]."""


class Inhibition(Settings):
    """An amacrine cell of the cell's polarity that inhibits the ganglion cell."""

    weight: Positive = 1
    """Weight of its rectified output; white noise drives it as strongly as the mean subunit."""
    sd: Positive = 3
    """SD of its receptive field around the cell's own [pixels]."""
    delay: Annotated[float, Interval(ge=0, le=1000)] = 30
    """Time by which it follows the bipolar cells [ms]."""


class Lif(Settings):
    """Leaky integrate-and-fire membrane."""

    threshold: Rest = -50
    """Potential at which it spikes [mV]."""
    reset: Rest = -65
    """Potential after a spike [mV]."""
    refractory: Annotated[float, Interval(ge=0, le=100)] = 2
    """Time after a spike for which it stays there [ms]."""


class FohlmeisterMiller(Settings):
    """Single compartment of a salamander ganglion cell (Fohlmeister and Miller 1997), at 22 °C."""

    sodium: Conductance = 50
    """Density of sodium channels [mS/cm2]."""
    calcium: Conductance = 2.2
    """Density of calcium channels [mS/cm2]."""
    potassium: Conductance = 12
    """Density of delayed rectifier channels [mS/cm2]."""
    a_type: Conductance = 36
    """Density of A-type potassium channels [mS/cm2]."""
    calcium_activated: Conductance = 0.05
    """Density of calcium-activated potassium channels [mS/cm2]."""
    radius: Annotated[float, Interval(ge=1, le=50)] = 12.5
    """Radius of the cell body, whose volume calcium fills [um]."""
    step: Annotated[float, Interval(ge=0.001, le=0.1)] = 0.05
    """Step of integration [ms]."""


class Membrane(Settings):
    """Membrane of the ganglion cell: 1 uF/cm2, a leak, and conductances of its synapses."""

    excitation: Synaptic = 0.02
    """Excitatory conductance for each unit above the output's threshold [mS/cm2]."""
    inhibition: Synaptic = 0.02
    """Inhibitory conductance for each unit of inhibition [mS/cm2]."""
    excitation_reversal: Annotated[float, Interval(ge=-30, le=80)] = 0
    """Reversal potential of excitation [mV]."""
    inhibition_reversal: Rest = -70
    """Reversal potential of inhibition [mV]."""
    time_constant: Annotated[float, Interval(ge=0.5, le=500)] = 5
    """Time constant of both conductances [ms]."""
    leak: Conductance | None = None
    """Leak [mS/cm2]; null for 0.1 with lif, 0.05 with fohlmeister_miller."""
    leak_reversal: Rest | None = None
    """Reversal potential of the leak [mV]; null for -65 with lif, -62 with fohlmeister_miller."""
    noise: Annotated[float, Interval(ge=0, le=20)] = 0.3
    """SD of a noise current [uA/cm2]."""
    noise_time_constant: Annotated[float, Interval(ge=0.5, le=1000)] = 5
    """Its time constant [ms]."""
    kept: Annotated[float, Ge(0)] = 2
    """Time for which the membrane potential is kept, from the start of each sequence [s]."""
    lif: Lif = Lif()
    """Leaky integrate-and-fire membrane, with `spikes: lif`."""
    fohlmeister_miller: FohlmeisterMiller = FohlmeisterMiller()
    """Channels of the membrane, with `spikes: fohlmeister_miller`."""

    def of(self, spikes: str) -> "Membrane":
        """The membrane with the leak that belongs to `spikes`, where it is null."""
        given = self.leak, self.leak_reversal
        pairs = zip(given, LEAKS[spikes], strict=True)
        leak, reversal = (default if own is None else own for own, default in pairs)
        return self.changed(leak=leak, leak_reversal=reversal)
