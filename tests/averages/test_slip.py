"""A slip of frames is seen in the spikes, whatever its cause; none is seen where there is none."""

import numpy as np
import pytest
from helpers.cells import YAN2020, noise

from finefield.averages.ln import linear_drive
from finefield.averages.separation import separate
from finefield.averages.slip import FAR, frame_slip
from finefield.averages.sta import spike_triggered_average
from finefield.responses.responses import Responses
from finefield.simulation.cell import build_cell
from finefield.simulation.spikes import simulate_responses

FRAMES = 60_000


def slip(counts, movie):
    """As `locate_cell` finds it, from an average over the whole recording."""
    newest, count = Responses(counts[None], np.array([0]), 30.0).samples(20)
    temporal, spatial, _ = separate(spike_triggered_average(movie, newest, count, 20))
    return frame_slip(linear_drive(movie, temporal, spatial), newest, count)


def spikes(gain, seed):
    cell = build_cell(
        YAN2020.changed(output={"threshold": 1, "gain": gain}, spikes="poisson"), 30.0
    )
    movie = noise(FRAMES, seed)
    return simulate_responses(cell, movie, 1, 30.0, np.random.default_rng(seed)).spike_count[
        0
    ], movie


@pytest.mark.parametrize("gain", [0.3, 4])
@pytest.mark.parametrize("seed", range(3))
def test_a_good_recording_has_no_slip(gain, seed):
    assert slip(*spikes(gain, seed)) == 0


@pytest.mark.parametrize(("at", "by"), [(20_000, 1), (40_000, -1), (25_000, 2)])
def test_a_slip_is_seen(at, by):
    counts, movie = spikes(2, 0)
    counts[at:] = np.roll(counts[at:], by)
    assert slip(counts, movie) == abs(by)


@pytest.mark.parametrize("at", [20_000, 30_000, 45_000])
@pytest.mark.parametrize(("by", "said"), [(8, 8), (20, 20), (100, FAR), (5000, FAR)])
def test_a_long_slip_is_seen(at, by, said):
    """As where triggers were lost in a pause, or a part of the stimulus was another."""
    counts, movie = spikes(2, 0)
    counts[at:] = np.roll(counts[at:], by)
    assert slip(counts, movie) == said


@pytest.mark.parametrize("seed", range(3))
def test_a_cell_that_follows_the_stimulus_in_no_part_has_no_slip(seed):
    counts, movie = spikes(4, seed)
    assert slip(np.random.default_rng(seed).permutation(counts), movie) == 0


def test_a_cell_of_few_spikes_tells_nothing():
    counts, movie = np.zeros(FRAMES, np.uint8), noise(FRAMES)
    counts[[100, 30_000]] = 1
    assert slip(counts, movie) == 0
