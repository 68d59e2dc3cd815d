"""Keys of the config about how a recording is laid out, for each format."""

from typing import Annotated, ClassVar, Literal

from annotated_types import Ge, Len, MinLen
from pydantic import Tag

from finefield.base.settings import Positive, Settings, Unique, kind_of

Counted = Annotated[int, Ge(50)] | None
Outside = Literal["error", "ignore"]


class AnyLayout(Settings):
    """What the layouts of all formats have."""

    #: Key that names where the responses to each sequence lie; `*` stands for its name.
    sequence_key: ClassVar[str]

    silent_trials: Literal["keep", "leave_out"] = "keep"
    """Whether trials in which no cell fires, and silent ends of trials, such as those that were not
    recorded, are kept or left out; a warning names them."""
    parts: Literal["go_on", "start_anew"] | Annotated[list[Annotated[int, Ge(0)]], MinLen(1)] = (
        "go_on"
    )
    """Of a recording in several files: whether the running stimulus goes on in the next file with
    the frame after the last one, or starts anew; or the frame with which each file begins, counted
    from 0."""

    @property
    def sequences(self) -> dict[str, str]:
        """Where the responses to the "running" and, if there is one, the "frozen" sequence lie."""
        found = {one: getattr(self, self.key_of(one)) for one in ("running", "frozen")}
        return {one: name for one, name in found.items() if name is not None}

    @classmethod
    def key_of(cls, sequence: str) -> str:
        """The key that names where the responses to a sequence lie."""
        return cls.sequence_key.replace("*", sequence)


class CountsLayout(AnyLayout):
    """Spike counts per stimulus frame."""

    sequence_key = "*_key"

    format: Literal["counts"] = "counts"
    """Counts per stimulus frame."""
    running_key: str = "spk1"
    """Variable with the responses to the running stimulus."""
    frozen_key: str | None = "spk2"
    """Variable with the responses to the frozen sequence; null if no sequence was repeated."""
    axes: Annotated[list[Literal["cell", "frame", "trial"]], Len(3, 3), *Unique] = [
        "cell",
        "frame",
        "trial",
    ]
    """Order of the axes of both variables."""
    names_key: str | None = None
    """Variable with the cells' names; null to number them from 0."""
    trials: Annotated[int, Ge(2)] | None = None
    """Use the first so many trials of each file; null for all."""
    running_frames: Counted = None
    """Frames that each trial of the running stimulus must have; null for as many as there are."""
    frozen_frames: Counted = None
    """Frames that the frozen sequence must have; null for as many as there are."""


class TimesLayout(AnyLayout):
    """What layouts with frame times have."""

    sequence_key = "*_times_key"

    running_times_key: str = "running_frame_times"
    """Variable or file with the onsets of the running stimulus' frames; of phy, a file .npy or .txt
    beside the others."""
    frozen_times_key: str | None = "frozen_frame_times"
    """Variable or file with the onsets of the frozen sequence's frames, a row for each repeat; null
    if no sequence was repeated."""
    frozen_frames: Counted = None
    """Frames of the frozen sequence, where its repeats lie one after another in one row; null where
    each row is a repeat."""
    lost_triggers: Literal["not_shown", "shown"] = "not_shown"
    """What a gap of two to ten periods between frames means: that frames were not shown, and the
    stimulus went on after them; or that they were shown and their triggers lost."""
    spikes_outside: Outside = "error"
    """Whether spikes before the first and after the last frame are an error, as from wrong units,
    or ignored."""


class SpikeTimesLayout(TimesLayout):
    """Spike times with frame times."""

    format: Literal["spike_times"]
    """Spike times with frame times."""
    spikes_key: str = "spike_times"
    """Cell array, group or folder with each cell's spike times; or one vector of all spikes, with
    `ids_key`."""
    ids_key: str | None = None
    """Variable with the cell of each spike, a number or name, where all spikes are one vector; null
    where they are apart by cell."""
    names_key: str | None = None
    """Variable with the names of a cell array's cells; null to number them from 0."""
    seconds_per_unit: Positive = 1
    """Length of the unit of all times [s], such as 0.001 for milliseconds."""


class PhyLayout(TimesLayout):
    """A folder of phy or Kilosort, with frame times beside."""

    format: Literal["phy"]
    """A folder of phy or Kilosort, with frame times beside."""
    groups: Annotated[list[Literal["good", "mua", "unsorted", "noise"]], MinLen(1), *Unique] = [
        "good"
    ]
    """Which clusters are cells, by what cluster_group.tsv says of them, or cluster_KSLabel.tsv."""
    sample_rate: Positive | None = None
    """Samples per second of the recording, in which all times are [Hz]; null for what params.py
    says."""


class NwbLayout(AnyLayout):
    """Neurodata Without Borders."""

    sequence_key = "*_series"

    format: Literal["nwb"]
    """Neurodata Without Borders."""
    units: str = "units"
    """Table of the sorted units."""
    names_key: str = "id"
    """Column of the table with the cells' names."""
    running_series: str = "running_noise"
    """Series under stimulus that tells when each frame of the running stimulus was shown."""
    frozen_series: str | None = "frozen_noise"
    """The same for the frozen sequence; null if no sequence was repeated."""
    first_index: Literal[0, 1] | None = None
    """What the series call the first frame; null for 0, and a message where no index is below 1."""
    spikes_outside: Outside = "error"
    """Whether spikes before the first and after the last frame are an error, as from wrong units,
    or ignored."""


Layout = Annotated[
    Annotated[CountsLayout, Tag("counts")]
    | Annotated[SpikeTimesLayout, Tag("spike_times")]
    | Annotated[NwbLayout, Tag("nwb")]
    | Annotated[PhyLayout, Tag("phy")],
    kind_of("format", "counts"),
]
