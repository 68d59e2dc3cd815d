"""The whole config as types: datasets of both kinds, sweeps, and what belongs to no room."""

from typing import Annotated, Literal

from annotated_types import Ge, Interval, MinLen
from pydantic import BeforeValidator, Tag

from finefield.averages.settings import AverageSettings, ReceptiveFieldSettings
from finefield.base.settings import Name, PathText, Settings, Unique, kind_of
from finefield.figures.settings import FigureSettings
from finefield.networks.settings import NetworkSettings
from finefield.recordings.settings import CountsLayout, Layout
from finefield.simulation.drawn.settings import Circuit
from finefield.simulation.settings import CellSettings, Population
from finefield.stimuli.settings import (
    BinaryNoise,
    Crop,
    FlashedImages,
    Frames,
    MatlabNoise,
    MovingImages,
    NumpyNoise,
    Ran1Noise,
    StimulusField,
)
from finefield.subunits.settings import FilterSettings
from finefield.transfer.settings import TransferSettings

#: Cells by name, recorded ones by number too, or all of them.
Cells = Literal["all"] | Annotated[list[Annotated[str, MinLen(1)] | int], MinLen(1), *Unique]

#: A file, a folder of files, or several that were recorded one after the other.
RecordingPath = PathText | Annotated[list[PathText], MinLen(1), *Unique]


class OwnResponses(Settings):
    """Where the responses to one stimulus lie, if not where the dataset says."""

    recording: RecordingPath | None = None
    """File with the responses to this stimulus, of the same cells, or a list of files; the
    dataset's if left out."""
    layout: Layout | None = None
    """How the responses to this stimulus lie in the recording, with all keys of `layout`; as the
    dataset's layout if left out."""


class RecordedRan1(OwnResponses, Ran1Noise):
    """Responses to noise of the Numerical Recipes generator ran1."""


class RecordedNumpy(OwnResponses, NumpyNoise):
    """Responses to noise of NumPy."""


class RecordedMatlab(OwnResponses, MatlabNoise):
    """Responses to noise of MATLAB's rand."""


class RecordedFrames(OwnResponses, Frames):
    """Responses to frames in files."""


SimulatedStimulus = Annotated[
    Annotated[BinaryNoise, Tag("binary_noise")]
    | Annotated[FlashedImages, Tag("flashed_images")]
    | Annotated[MovingImages, Tag("moving_images")],
    kind_of("kind", "binary_noise"),
]
RecordedStimulus = Annotated[
    Annotated[RecordedRan1, Tag("gollisch_ran1")]
    | Annotated[RecordedNumpy, Tag("numpy")]
    | Annotated[RecordedMatlab, Tag("matlab")]
    | Annotated[RecordedFrames, Tag("frames")],
    kind_of("kind", "gollisch_ran1"),
]


class RecordedField(StimulusField):
    """The stimulus field of the recording."""

    height: Annotated[int, Ge(1)] = 150
    """Rows [pixels]."""
    width: Annotated[int, Ge(1)] = 200
    """Columns [pixels]."""


class Sweep(Settings):
    """Networks are trained once for each value, on the dataset's first stimulus."""

    setting: str
    """The setting that is varied, any key of the networks but `network` and lists."""
    values: Annotated[list[bool | int | float | str | None], MinLen(2), *Unique]
    """The values of the setting; the network's own value takes the network itself, and is not
    trained again."""
    models: Annotated[list[str], MinLen(1), *Unique] | None = None
    """The networks whose setting is varied; the first of `models` if left out."""
    cells: Cells = "all"
    """The cells that they are trained on, by name (recorded ones by number), or `all`."""


class Dataset(Settings):
    """What datasets of both kinds have."""

    min_spikes: Annotated[int, Ge(1)] = 50
    """A cell with fewer spikes in its training responses is dropped, and the summary says so."""
    train: dict[Name, Cells] | None = None
    """Which networks are trained on which cells, by name (recorded ones by number) or `all`; all
    networks on all cells if left out."""
    sweeps: dict[Name, Sweep] = {}
    """One entry per sweep, in which a setting of a network takes several values; the name becomes a
    file name."""


class SimulatedDataset(Dataset):
    """Simulated cells, which are named or drawn at random, and what they see."""

    kind: Literal["simulated"]
    """Whether cells are simulated or read from a recording."""
    field: StimulusField = StimulusField()
    """The stimulus field that all cells of the dataset look at."""
    stimuli: Annotated[dict[Name, SimulatedStimulus], MinLen(1)] = {"white_noise": BinaryNoise()}
    """One entry per stimulus; the name becomes a folder or file name in `results/`."""
    cells: Annotated[dict[Name, CellSettings], MinLen(1)] | None = None
    """One entry per simulated cell; without it there must be a population or a circuit."""
    population: Population | None = None
    """Cells drawn at random, with Gaussian subunits on a jittered hexagonal lattice; they are named
    by number."""
    circuit: Circuit | None = None
    """Ganglion cells that share bipolar cells on a mosaic, with sizes in um; they are named by type
    and number."""


def _named(given: object) -> object:
    """Cells by name, also those that a config numbers."""
    return {str(name): one for name, one in given.items()} if isinstance(given, dict) else given


class RecordedDataset(Dataset):
    """Cells of a recording, and what they saw."""

    kind: Literal["recorded"]
    """Whether cells are simulated or read from a recording."""
    recording: RecordingPath
    """The recording's file, or its folder of text files or of phy; or a list of files that were
    recorded one after the other, as layout.parts says. docs/own-data.md tells the formats."""
    cells: Literal["all"] | Annotated[list[Annotated[int, Ge(0)] | str], MinLen(1), *Unique] = "all"
    """Which cells of the recording, by number (counted from 0) or by name; `all` for all of
    them."""
    layout: Layout = CountsLayout()
    """How spikes and frame times lie in the recording."""
    test_fraction: Annotated[float, Interval(gt=0, le=0.5)] | None = None
    """Part of the responses to the running stimulus that is kept for testing, in blocks spread over
    the recording; null for a tenth where no sequence was repeated, and nothing elsewhere."""
    delay: Annotated[int, Ge(0)] = 1
    """A response is predicted from frames at least so many before its own; 1 leaves out its own."""
    field: RecordedField = RecordedField()
    """The stimulus field of the recording."""
    stimuli: Annotated[dict[Name, RecordedStimulus], MinLen(1)] = {"white_noise": RecordedRan1()}
    """One entry per stimulus that the cells respond to, and how to get its frames; the name becomes
    a folder or file name in `results/`. Receptive fields are found with the first, which is to be
    noise."""
    receptive_field: ReceptiveFieldSettings = ReceptiveFieldSettings()
    """How receptive fields are found and crops chosen."""
    crops: Annotated[dict[str, Crop], BeforeValidator(_named)] = {}
    """Crops of cells, by name or number, where they are known; a cell with a crop is not dropped
    for want of a receptive field."""


AnyDataset = Annotated[
    Annotated[SimulatedDataset, Tag("simulated")] | Annotated[RecordedDataset, Tag("recorded")],
    kind_of("kind", ""),
]


class Config(Settings):
    """Everything a run depends on. Every key but `datasets` may be left out."""

    seed: Annotated[int, Ge(0)] = 1
    """Seed of every random number, combined with dataset, cell and purpose."""
    datasets: Annotated[dict[Name, AnyDataset], MinLen(1)]
    """One entry per dataset, a stimulus field with its cells; the name becomes a folder of
    `results/`."""
    models: Annotated[dict[Name, NetworkSettings], MinLen(1)] = {"finefield": NetworkSettings()}
    """One entry per network; the name becomes a folder of `models/`."""
    device: Literal["auto", "cpu", "cuda"] = "auto"
    """Where networks that start at random are trained; auto takes a GPU if there is one; the others
    are found on the CPU. Changing it reruns nothing."""
    sta: AverageSettings = AverageSettings()
    """Spike-triggered averages."""
    filters: FilterSettings = FilterSettings()
    """How effective filters are told from null ones, and subunits from effective filters."""
    transfer: TransferSettings = TransferSettings()
    """How every network is tried on every cell."""
    stnmf_python: PathText = ".venv-stnmf/bin/python"
    """Python of the environment of STNMF, as `make stnmf` builds it from
    envs/requirements-stnmf.txt. If there is no such file, models of network stnmf are left out, and
    a warning says so. Changing it reruns nothing."""
    figures: FigureSettings = FigureSettings()
    """How figures look; changing these keys reruns figures only."""
