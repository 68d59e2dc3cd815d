"""A stimulus in which no cell has a receptive field is doubted, and the right one is named."""

import logging

import numpy as np
import pytest
import xarray as xr

from finefield.averages.fields.location import WITHIN_NOISE
from finefield.files import store
from finefield.files.cell import NO_FIELD
from finefield.files.responses import write_responses
from finefield.responses.responses import Responses
from finefield.stimuli.settings import Frames, NumpyNoise, StimulusField
from finefield.tables.doubts import doubt_stimulus

FRAMES, HEIGHT, WIDTH, SEED = 5000, 9, 14, 8
FIELD = StimulusField(height=HEIGHT, width=WIDTH)
STATED = NumpyNoise(kind="numpy", running_seed=SEED, frozen_seed=1)
FILE = Frames(kind="frames", running_file="a", frozen_file="b")
UNSEEN, SMALL = NO_FIELD + WITHIN_NOISE, f"{NO_FIELD}its diameter is 20 µm, not from 45 to 900 µm"
SHOWN = np.random.RandomState(SEED).random_sample((FRAMES, WIDTH, HEIGHT)).swapaxes(1, 2) > 0.5


@pytest.fixture
def responses(tmp_path):
    """Files of the responses of a cell that sees `SHOWN`, and of an idle one that fires more."""
    rng, about = np.random.default_rng(0), store.provenance("A test", {"seed": 3}, "made")
    seen = SHOWN[:, 5:7, 10:12].sum(axis=(1, 2))
    counts = {"sees": rng.poisson(0.3 * seen), "idle": rng.poisson(0.9, FRAMES)}
    for name, count in counts.items():
        found = Responses(count[None].astype(np.uint8), np.zeros(1, int), 30.0)
        write_responses(tmp_path / name, name, {"running": found, "frozen": found}, about)
    return {name: tmp_path / name for name in counts}


def said(caplog, responses, settings, notes):
    """What the log warns of, if cells have these notes."""
    cells = xr.Dataset({"note": ("cell", notes), "n_spikes": ("cell", [3000, 4500])})
    cells = cells.assign_coords(cell=list(responses))
    with caplog.at_level(logging.WARNING):
        doubt_stimulus(cells, responses, settings, FIELD, 6)
    return caplog.text


def test_the_noise_that_was_shown_is_named(caplog, responses):
    text = said(caplog, responses, STATED, [UNSEEN, SMALL])
    assert "none of 2 cells" in text and "probably not the one" in text and "Fix: " in text
    assert "{kind: numpy, generator: RandomState, threshold: 0.5, order: [frame, x, y]}" in text
    assert "{kind: matlab, order: [y, x, frame]}" in text and text.count("kind: ") == 2


def test_noise_of_another_seed_is_doubted_without_a_name(caplog, responses):
    text = said(caplog, responses, STATED.changed(running_seed=SEED + 1), [UNSEEN, UNSEEN])
    assert "probably not the one" in text and "frame triggers" in text and "kind" not in text


def test_frames_of_a_file_are_doubted_without_a_name(caplog, responses):
    assert "probably not the one" in said(caplog, responses, FILE, [UNSEEN, UNSEEN])


@pytest.mark.parametrize(
    ("settings", "notes"),
    [
        (STATED, ["", UNSEEN]),
        (STATED, ["fewer than 50 spikes", "fewer than 50 spikes"]),
        (FILE, [SMALL, SMALL]),
        # It was shown: the limits of size are wrong.
        (
            STATED.changed(generator="RandomState", threshold=0.5, order=["frame", "x", "y"]),
            [SMALL, UNSEEN],
        ),
    ],
)
def test_a_stimulus_in_which_cells_see_something_is_not_doubted(caplog, responses, settings, notes):
    assert said(caplog, responses, settings, notes) == ""
