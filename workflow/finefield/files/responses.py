"""Files of responses: of all cells of a recording as one, and of each cell."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from finefield.files import store
from finefield.files.declared import File, variables
from finefield.files.stimulus import read_stimulus
from finefield.recordings.data import Recording, Sequence
from finefield.recordings.triggers import INTERVALS, Timing
from finefield.responses.responses import Responses
from finefield.responses.testing import CellTest, Scores
from finefield.stimuli.window import Window

if TYPE_CHECKING:
    from finefield.simulation.spikes import Simulated

COUNTS = variables("""
    spike_count (cell, trial, frame): spikes in each stimulus frame
    first_frame (trial): stimulus frame shown at the trial's first frame
""")
LENGTHS = variables(
    "n_frames (trial): frames of the trial; counts beyond are padding", only="recorded cells"
)
RATE = variables(
    "firing_rate (cell, frame) [Hz]: firing rate", only="simulated cells without a membrane"
)
MEMBRANE = variables(
    """
    spike_time (spike) [s]: time of each spike since the first frame's onset
    spike_trial (spike): trial of each spike
    membrane_potential (time_step) [mV]: membrane potential at the start of the first trial
    step_duration [ms]: time between values of the membrane potential
    """,
    only="simulated cells with a membrane",
)
#: Rates in the tested frames, in the files of what predicts them.
RATES = variables("""
    measured_rate (frame) [Hz]: measured firing rate
    predicted_rate (frame) [Hz]: predicted firing rate
""")
#: Scores of what predicts them.
SCORES = variables("""
    correlation: Pearson correlation of predicted and measured rate
    single_correlation: Pearson correlation of predicted rate and spike counts of single trials
    bits_per_spike [bit]: log likelihood of single counts above that of a constant rate, a spike
""")
OBSERVED = variables(
    "observed (cell, trial, frame): 1 where the cell was observed, 0 elsewhere",
    only="recordings of which parts are missing",
)
TIMING = variables(
    """
    gap_time (gap) [s]: when the last frame before a gap between frames appeared
    gap_length (gap): time from that frame to the next one in periods of the frame rate
    interval_count (interval): intervals between frames of about that length
    alone_time (alone) [s]: when triggers appeared that have no other near
    """,
    only="recordings with times of frames",
)
VIOLATIONS = variables(
    "refractory_violations (cell): part of the intervals between spikes that are below 1.5 ms",
    only="recordings with times of spikes",
)
RECORDED = COUNTS | LENGTHS
REPEATED = "with a frozen sequence"
ANY = RECORDED | RATE | MEMBRANE
RECORDING = File(
    "recording/{stimulus}.nc",
    "all cells' responses in a recording, whatever its format",
    {
        "running": RECORDED | OBSERVED | TIMING | VIOLATIONS,
        "frozen": RECORDED | OBSERVED | TIMING,
    },
    {"frozen": REPEATED},
)
RESPONSES = File(
    "responses/{stimulus}/{cell}.nc",
    "one cell's responses to the training sequence, and those that predictions are tested on",
    {"running": ANY, "frozen": ANY, "blocks": RECORDED},
    {"frozen": REPEATED, "blocks": "recordings of which blocks are kept for testing"},
)


def write_recording(
    path: str | Path, recording: Recording, frame_rate: float, about: Mapping[str, object]
) -> None:
    """Write the responses of all cells of a recording, cell by cell readable."""
    groups = {}
    for name, one in recording.sequences.items():
        groups[name] = {
            "cell": recording.cells,
            "spike_count": one.spike_count,
            "first_frame": one.first_frame,
            "n_frames": one.n_frames,
            "observed": None if one.observed is None else one.observed.astype(np.uint8),
            **timing_values(one.timing),
        }
    groups["running"]["refractory_violations"] = recording.violations
    store.write(path, RECORDING, groups, {**about, "frame_rate": frame_rate})


def timing_values(timing: Timing | None) -> dict[str, object]:
    """Values of `TIMING`; none, if the recording has no times of frames."""
    return {} if timing is None else vars(timing) | {"interval": INTERVALS}


def read_recording(path: str | Path) -> Recording:
    """Read all cells' responses, as `write_recording` wrote them."""
    found, violations = {}, None
    for name in store.groups(path):
        data = store.read(path, name)
        found[name] = _sequence(data)
        if "refractory_violations" in data:
            violations = data["refractory_violations"].values
    cells = tuple(data["cell"].values.tolist())
    return Recording(cells, found["running"], found.get("frozen"), violations)


def read_recorded(
    path: str | Path, cell: str, frame_rate: float, delay: int
) -> dict[str, Responses]:
    """Read one cell's responses to the "running" and, if there is one, the "frozen" sequence.

    Parameters
    ----------
    path : path
        A recording's file.
    cell : str
        The cell's name.
    frame_rate, delay
        As in `Responses`.
    """
    found = {}
    for name in store.groups(path):
        with store.opened(path, name) as data:
            own = _sequence(data.sel(cell=[cell]).load())
        found[name] = _of_cell(own, 0, frame_rate, delay)
    return found


def responses_of(
    recording: Recording, frame_rate: float, delay: int
) -> Iterator[tuple[str, dict[str, Responses]]]:
    """Each cell's name and its responses to the sequences, as from `read_recorded`."""
    for number, cell in enumerate(recording.cells):
        sequences = recording.sequences.items()
        yield cell, {name: _of_cell(one, number, frame_rate, delay) for name, one in sequences}


def _sequence(data: xr.Dataset) -> Sequence:
    """One sequence of a recording."""
    values = {key: data[key].values for key in COUNTS | LENGTHS}
    observed = data["observed"].values == 1 if "observed" in data else None
    timing = None
    if "interval" in data:
        timing = Timing(**{key: data[key].values for key in TIMING})
    return Sequence(**values, observed=observed, timing=timing)


def _of_cell(sequence: Sequence, number: int, frame_rate: float, delay: int) -> Responses:
    """One cell's responses to a sequence, in the frames in which the cell was observed."""
    about = sequence.first_frame, frame_rate, delay, sequence.n_frames
    found = Responses(sequence.spike_count[number], *about)
    return found if sequence.observed is None else found.where(sequence.observed[number])


def read_recorded_frames(path: str | Path) -> dict[str, int]:
    """Stimulus frames that a recording's responses reach in each of its sequences."""
    found = {}
    for name in store.groups(path):
        with store.opened(path, name) as data:
            found[name] = int((data["first_frame"] + data["n_frames"]).max())
    return found


def write_responses(
    path: str | Path,
    cell: str,
    responses: Mapping[str, Responses],
    about: Mapping[str, object],
    simulated: Mapping[str, "Simulated"] | None = None,
    dropped: str = "",
) -> None:
    """Write one cell's responses.

    Parameters
    ----------
    path : path
        File to make.
    cell : str
        The cell's name.
    responses : dict of str to Responses
        To the "running" sequence, and to the "frozen" one or in "blocks" kept for testing.
    about : dict
        As from `store.provenance`.
    simulated : dict of str to Simulated, optional
        What else is known of a simulated cell's responses to both sequences.
    dropped : str
        Why the cell is not used, if it is not.
    """
    groups = {
        name: {
            "cell": [cell],
            "spike_count": one.spike_count[None],
            "first_frame": one.first_frame,
            "n_frames": one.n_frames,
        }
        for name, one in responses.items()
    }
    for name, one in (simulated or {}).items():
        rate = None if one.rate is None else one.rate[None]
        groups[name] |= {"firing_rate": rate, **membrane_values(one)}
    running = responses["running"]
    known = {"frame_rate": running.frame_rate, "delay": running.delay, "n_spikes": running.n_spikes}
    store.write(path, RESPONSES, groups, {**about, **known}, dropped)


def membrane_values(one: "Simulated") -> dict[str, object]:
    """Values of `MEMBRANE`; none, if the cell has no membrane."""
    if one.potential is None:
        return {}
    return {
        "spike_time": one.spike_time,
        "spike_trial": one.spike_trial,
        "membrane_potential": one.potential,
        "step_duration": one.step,
    }


def read_responses(path: str | Path, group: str = "running") -> Responses:
    """Read one cell's responses: "running", "frozen" or "blocks"."""
    data = store.read(path, group)
    return _responses(data, float(data.attrs["frame_rate"]), int(data.attrs["delay"]))


def tested_group(responses: str | Path) -> str:
    """Where the responses lie that predictions are tested on: "frozen", or else "blocks"."""
    return next(name for name in ("frozen", "blocks") if name in store.groups(responses))


def read_test(stimulus: str | Path, responses: str | Path, window: Window, lags: int) -> CellTest:
    """Read what a cell's predictions are tested on, on the cell's crop.

    Parameters
    ----------
    stimulus, responses : path
        Files of both.
    window : Window
        The cell's crop.
    lags : int
        Number of frames that a prediction uses.
    """
    found, blocks = store.groups(responses), None
    if "blocks" in found:
        running = read_stimulus(stimulus, window)
        blocks = CellTest.of(running, read_responses(responses, "blocks"), lags, "blocks")
        if "frozen" not in found:
            return blocks
    frozen = read_stimulus(stimulus, window, "frozen")
    repeats = CellTest.of(frozen, read_responses(responses, "frozen"), lags)
    return replace(repeats, blocks=blocks)


def _responses(data: xr.Dataset, frame_rate: float, delay: int) -> Responses:
    """The first cell's responses."""
    return Responses(
        spike_count=data["spike_count"].values[0],
        first_frame=data["first_frame"].values,
        frame_rate=frame_rate,
        delay=delay,
        n_frames=data["n_frames"].values if "n_frames" in data else None,
    )


def rates(test: CellTest, found: Scores) -> dict[str, np.ndarray]:
    """Values of `RATES`: measured and predicted (frame,) [Hz]."""
    measured = {"frame": test.frame, "measured_rate": test.measured}
    return measured | {"predicted_rate": found.predicted}


def about_test(test: CellTest) -> dict[str, object]:
    """Attributes of the files of what predicts a test."""
    return {"frame_rate": test.frame_rate, "tested_on": test.kind}


def scores(found: Scores) -> dict[str, float]:
    """Values of `SCORES`."""
    return {name: getattr(found, name) for name in SCORES}
