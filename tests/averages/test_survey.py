"""A first look finds the receptive fields of cells that have one, on the frames it is given."""

import numpy as np
from helpers.cells import busy_cell, noise

from finefield.averages.fields.survey import LEAST_SPIKES, MOST_CELLS, survey
from finefield.averages.settings import ReceptiveFieldSettings
from finefield.responses.responses import Responses

SETTINGS = ReceptiveFieldSettings(min_crop=6, max_crop=6, min_size=10)
KNOWN = 20, 30.0, SETTINGS


def test_the_field_is_found_in_the_first_frames_alone():
    cell, movie, responses = busy_cell(40_000, n_trials=4)
    few = movie.frames(0, 24_000)
    part = type(movie).from_frames(few > 0, -0.5, 0.5)
    # What follows the first frames must not matter: spikes there are spoiled.
    spoiled = responses.spike_count.copy()
    spoiled[2, 4000:], spoiled[3] = 0, 7
    both = {
        "cell": responses,
        "spoiled": Responses(spoiled, responses.first_frame, 30.0),
        "silent": Responses(np.zeros_like(spoiled), responses.first_frame, 30.0),
    }
    looks = survey(part, both, *KNOWN)
    assert list(looks) == ["cell", "spoiled"]
    one, other = looks.values()
    assert np.array_equal(one.spatial, other.spatial) and one.field == other.field
    assert one.field.reason == ""
    truth = cell.subunits.sum(0)
    peak = np.unravel_index(np.abs(one.spatial).argmax(), one.spatial.shape)
    assert truth[peak] > 0
    assert np.corrcoef(np.abs(one.spatial).ravel(), truth.ravel())[0, 1] > 0.8
    # Maps are dark where darkness excites.
    assert (one.spatial[peak] > 0) == (one.temporal[np.abs(one.temporal).argmax()] > 0)


def test_only_the_cells_that_fire_most_are_looked_at():
    movie = noise(2000)
    rng = np.random.default_rng(0)
    counts = {str(n): rng.poisson(0.02 * n, (1, 2000)) for n in range(1, MOST_CELLS + 5)}
    cells = {name: Responses(one, np.zeros(1, int), 30.0) for name, one in counts.items()}
    looks = survey(movie, cells, *KNOWN)
    spikes = {name: one.samples(20)[1].sum() for name, one in cells.items()}
    most = sorted(spikes, key=spikes.get, reverse=True)[:MOST_CELLS]
    assert list(looks) == most and all(spikes[name] >= LEAST_SPIKES for name in most)
    assert sum(one.field.reason != "" for one in looks.values()) >= MOST_CELLS - 1
