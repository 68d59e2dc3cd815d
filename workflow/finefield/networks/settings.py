"""Keys of the config about networks: architecture, starts, penalties, samples of a step, steps."""

from collections.abc import Mapping
from typing import Annotated, Literal

from annotated_types import Ge, Interval, MinLen
from pydantic import model_validator

from finefield.base.settings import Fraction, Positive, Settings, Unique
from finefield.responses.settings import SampleSettings

#: Kinds of starts, in the order in which they are trained side by side.
KINDS = ("seeds", "halves", "bootstraps")

NonNegative = Annotated[float, Ge(0)]
Count = Annotated[int, Ge(1)]

#: Keys that networks which start from positions do not use: about filters, which they find, and
#: about training by steps.
OF_STEPS = (
    "filters", "filter_size", "stride", "filter_nonlinearity", "hidden_filters", "hidden_size",
    "weight_spread", "loss_unit", "filter_l1", "drive_l1", "filter_l2", "readout_l2", "rate_l1",
    "l1_ramp", "learning_rate", "learning_rate_decay", "sampling", "background", "batch_size",
    "batch_spikes", "conv_noise", "stimulus_noise", "precision", "steps", "check_every", "patience",
    "select_by",
)  # fmt: skip

#: What a network sets instead of the defaults below.
PRESETS: dict[str, dict] = {
    "yan2020": {
        "start": "random",
        "temporal_basis": 0,
        "decorrelate": False,
        "filters": 8,
        "filter_size": 7,
        "stride": 1,
        "nonnegative_readout": False,
        "drift_trials": 0,
        "conv_noise": 0.1,
        "loss_unit": "second",
        "filter_l1": 0.00055,
        "drive_l1": 0,
        "filter_l2": 0.001,
        "readout_l2": 0.001,
        "rate_l1": 0.001,
        "l1_ramp": 0,
        "learning_rate": 0.001,
        "learning_rate_decay": False,
        "sampling": "uniform",
        "batch_size": 2000,
        "steps": 50000,
        "patience": 200,
        "select_by": "correlation",
    },
    "deep": {
        "start": "random",
        "filters": 8,
        "hidden_filters": 8,
        "nonnegative_readout": False,
        "drive_l1": 0,
    },
    "lnln": {"start": "random", "filter_size": "crop", "filters": 8},
    "ln": {
        "start": "random",
        "filter_size": "crop",
        "filters": 1,
        "filter_nonlinearity": "linear",
        "nonnegative_readout": False,
    },
    "quadratic": {
        "start": "random",
        "filter_size": "crop",
        "filters": 4,
        "filter_nonlinearity": "squared",
        "nonnegative_readout": False,
    },
    "stnmf": {"start": "random", "filters": 20},
}


class Architecture(Settings):
    """What a network is made of."""

    network: Literal["finefield", "yan2020", "deep", "lnln", "ln", "quadratic", "stnmf"] = (
        "finefield"
    )
    """Architecture whose settings are the defaults of the keys below: finefield's own, the one of
    Yan et al. 2020, deep (two convolution layers, after McIntosh et al. 2016), lnln (subunits
    without convolution), ln (one linear filter) or quadratic (squared filters). They are listed
    below the table. Not trained but factorised is stnmf, whose localised modules are the filters;
    it uses the keys lags, filters, sparsity, nonnegative_readout, drift_trials,
    validation_fraction, data_fraction and max_frames alone."""
    temporal_basis: Annotated[int, Ge(0)] = 4
    """Temporal basis functions that the stimulus is projected on; 0 learns every lag freely."""
    decorrelate: bool = True
    """Whether networks of a correlated stimulus, such as images, are learned in coordinates in
    which it is white; white noise is left as it is."""
    filters: Count = 16
    """Convolution filters, or modules of stnmf."""
    filter_size: Literal["crop"] | Count = 9
    """Side of the filters [pixels]; filters larger than the crop are cut to its size, and `crop`
    makes them as large."""
    stride: Count = 2
    """Step between a filter's positions [pixels]."""
    filter_nonlinearity: Literal["rectified_linear", "linear", "squared"] = "rectified_linear"
    """What a filter does to its output."""
    hidden_filters: Annotated[int, Ge(0)] = 0
    """Filters of a second convolution layer; 0 for none."""
    hidden_size: Count = 5
    """Side of the second layer's filters [positions]."""
    sparsity: Annotated[list[NonNegative], MinLen(1), *Unique] = [0, 0.25, 0.5, 1, 1.5, 2]
    """Weights of the sparsity penalty of stnmf; of the modules found with each, those that predict
    the validation data best are selected."""
    nonnegative_readout: bool = True
    """Whether readout weights are kept at 0 or above, as subunits only excite."""


class Starts(Settings):
    """Where networks start from, and how many of them are trained side by side."""

    start: Literal["positions", "random"] = "positions"
    """Where filters start from; positions in the receptive field, which find their number and
    shapes by themselves, so that keys about filters, penalties and steps are refused, or random
    weights."""
    seeds: Annotated[int, Interval(ge=1, le=64)] = 1
    """Starts that are trained side by side; the best on the validation data is selected, and all
    are kept."""
    halves: bool = False
    """Whether two more starts are trained, each on one half of the training responses, every other
    block of 500 frames, for the stability of what is found."""
    bootstraps: Annotated[int, Interval(ge=0, le=64)] = 0
    """More starts that are trained on bootstraps of the training responses, for intervals of what
    is found."""
    repetition: Annotated[int, Ge(0)] = 0
    """Another number draws other random numbers."""
    weight_spread: Positive = 1
    """SD of the filters' output at the random start, for white noise."""

    @property
    def n_starts(self) -> dict[str, int]:
        """Number of starts of each kind.

        Examples
        --------
        >>> Starts(seeds=4, halves=True).n_starts
        {'seeds': 4, 'halves': 2, 'bootstraps': 0}
        """
        return dict(zip(KINDS, (self.seeds, 2 * self.halves, self.bootstraps), strict=True))

    @property
    def kinds(self) -> list[str]:
        """Kind of each start, in the order in which they are trained.

        Examples
        --------
        >>> Starts(halves=True).kinds
        ['seeds', 'halves', 'halves']
        """
        return [kind for kind, number in self.n_starts.items() for _ in range(number)]


class Penalties(Settings):
    """What the loss is counted per, and what is added to it."""

    loss_unit: Literal["spike", "frame", "second"] = "spike"
    """What the Poisson loss is counted per, which sets how much the penalties weigh; per spike,
    they are also divided by the square root of the number of spikes."""
    filter_l1: NonNegative = 0.5
    """L1 penalty on the filters."""
    drive_l1: NonNegative = 0.3
    """L1 penalty on the filters, each multiplied by its mean readout; unlike filter_l1 it cannot be
    evaded by a smaller filter with a larger readout."""
    filter_l2: NonNegative = 0
    """L2 penalty on the filters."""
    readout_l2: NonNegative = 0
    """L2 penalty on the readout."""
    rate_l1: NonNegative = 0
    """L1 penalty on the predicted spikes per frame."""
    l1_ramp: Annotated[float, Interval(ge=0, le=0.9)] = 0.6
    """Part of the steps over which the filters' L1 penalties are raised from zero."""


class StepSettings(Settings):
    """What the steps of a training see and do."""

    learning_rate: Positive = 0.02
    """Adam's step size."""
    learning_rate_decay: bool = True
    """Whether the step size falls to zero along half a cosine."""
    sampling: Literal["informed", "uniform"] = "informed"
    """How the samples of a step are chosen; informed draws samples with spikes more often and
    weights them accordingly less, uniform takes every sample once a pass."""
    background: Positive = 2
    """With informed sampling, samples drawn whatever their spikes, for each one drawn for its
    spikes."""
    batch_size: Count | None = None
    """Samples in a step; null for as many as hold batch_spikes spikes on average."""
    batch_spikes: Count = 100
    """Spikes in a step on average, where batch_size is null; at most 4,096 samples if they are
    uniform."""
    conv_noise: NonNegative = 0
    """SD of Gaussian noise on the filters' output in training."""
    stimulus_noise: Fraction = 0
    """Part of the pixels that are exchanged among themselves in every training sample, others in
    each."""
    precision: Literal["float32", "bfloat16"] = "float32"
    """Arithmetic of the convolutions; bfloat16 is faster on some machines and less exact."""
    steps: Count = 3000
    """Steps at most."""
    check_every: Count = 250
    """Steps between checks on the validation data."""
    patience: Count = 10
    """Training stops after this many checks, once the L1 penalties are at their height, without a
    better one."""
    select_by: Literal["loss", "correlation"] = "loss"
    """What the best check on the validation data is: the lowest loss or the highest correlation."""


class NetworkSettings(StepSettings, Penalties, Starts, SampleSettings, Architecture):
    """All keys of a network; those that its architecture sets are its defaults.

    Examples
    --------
    >>> NetworkSettings(network="ln").filters, NetworkSettings(network="ln", filters=2).filters
    (1, 2)
    """

    @model_validator(mode="before")
    @classmethod
    def _with_presets(cls, given: object) -> object:
        """What the network sets, before the defaults; the name is checked later."""
        if not isinstance(given, Mapping):
            return given
        return PRESETS.get(str(given.get("network")), {}) | dict(given)
