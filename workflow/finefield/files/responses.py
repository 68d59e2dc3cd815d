"""Files of responses: of all cells of a recording as one, and of each cell."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from finefield.files import store
from finefield.files.declared import File, variables
from finefield.files.stimulus import read_stimulus
from finefield.responses.responses import Responses
from finefield.responses.testing import CellTest, Scores
from finefield.stimuli.window import Window

if TYPE_CHECKING:
    from finefield.recordings.data import Recording
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
RECORDED = COUNTS | LENGTHS
REPEATED = "with a frozen sequence"
ANY = RECORDED | RATE | MEMBRANE
RECORDING = File(
    "recording/{stimulus}.nc",
    "all cells' responses in a recording, whatever its format",
    {"running": RECORDED | OBSERVED, "frozen": RECORDED | OBSERVED},
    {"frozen": REPEATED},
)
RESPONSES = File(
    "responses/{stimulus}/{cell}.nc",
    "one cell's responses to the training sequence, and those that predictions are tested on",
    {"running": ANY, "frozen": ANY, "blocks": RECORDED},
    {"frozen": REPEATED, "blocks": "recordings of which blocks are kept for testing"},
)


def write_recording(
    path: str | Path, recording: "Recording", frame_rate: float, about: Mapping[str, object]
) -> None:
    """Write the responses of all cells of a recording, cell by cell readable."""
    groups = {
        name: vars(one) | {"cell": recording.cells} for name, one in recording.sequences.items()
    }
    for group in groups.values():
        if group["observed"] is not None:
            group["observed"] = group["observed"].astype(np.uint8)
    store.write(path, RECORDING, groups, {**about, "frame_rate": frame_rate})


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
            own = data.sel(cell=[cell]).load()
        found[name] = _responses(own, frame_rate, delay)
        if "observed" in own:
            found[name] = found[name].where(own["observed"].values[0] == 1)
    return found


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
