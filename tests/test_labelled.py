"""Sessions in Python: labelled arrays go in and come out as the rooms and files have them."""

import numpy as np
import pytest
import xarray as xr

import finefield
from finefield.base.errors import UserError
from finefield.files.filters import FOUND
from finefield.labelled import as_movie, frame_rate_of
from finefield.responses.scores import correlation
from finefield.stimuli.files.frames import open_frames

BLOCKS = [{"shape": "block", "y": y, "x": x} for y in (1, 3) for x in (1, 3)]
CELL = {"subunits": BLOCKS, "output": {"threshold": 1, "gain": 4}, "spikes": "poisson"}


@pytest.fixture(scope="module")
def stimulus():
    return finefield.white_noise(20_000, height=6, width=7, frame_rate=30, seed=1)


@pytest.fixture(scope="module")
def cell(stimulus):
    return finefield.simulate(stimulus, CELL, seed=1)


@pytest.fixture(scope="module")
def trained(stimulus, cell):
    return finefield.train(stimulus, cell["spike_count"], seed=1, seeds=2)


def test_noise_is_balanced_and_repeats(stimulus):
    assert set(np.unique(stimulus)) == {-0.5, 0.5} and abs(float(stimulus.mean())) < 0.01
    again = finefield.white_noise(20_000, height=6, width=7, frame_rate=30, seed=1)
    other = finefield.white_noise(20_000, height=6, width=7, frame_rate=30, seed=2)
    assert stimulus.identical(again) and not stimulus.equals(other)


def test_a_simulated_cell_says_what_it_is(stimulus, cell):
    assert cell["subunit_filter"].dims == ("subunit", "y", "x")
    assert cell["subunit_filter"].shape == (4, 6, 7)
    assert cell["firing_rate"].attrs["units"] == "Hz"
    assert cell["spike_count"].sizes == {"frame": 20_000}
    expected = float(cell["firing_rate"].mean()) / 30
    assert float(cell["spike_count"].mean()) == pytest.approx(expected, rel=0.05)


def test_a_network_predicts_frames_that_it_has_not_seen(cell, trained):
    movie = finefield.white_noise(2_000, height=6, width=7, seed=9)
    rate = finefield.simulate(movie, CELL)["firing_rate"]
    predicted = trained.predict(movie)
    assert predicted.dims == ("frame",) and predicted["frame"][0] == 19
    assert correlation(predicted.values, rate.values[19:]) > 0.8


def test_subunits_are_found_and_matched(cell, trained):
    found = finefield.find_subunits(trained, pixel_size=30)
    assert set(found.data_vars) == set(FOUND) and found["major"].attrs["units"] == "um"
    matched = finefield.match_subunits(cell["subunit_filter"], found["found_subunit"])
    assert matched["cosine"].sizes == {"subunit": 4}
    assert float(matched["similarity"]) > float(matched["chance_high"])


def test_trials_give_the_same_network_as_one_train_of_spikes(stimulus, cell, trained):
    """Trials that are cut from one sequence miss the samples without history alone."""
    counts = cell["spike_count"].values.reshape(2, -1)
    first_frame = {"first_frame": ("trial", [0, 10_000])}
    trials = xr.DataArray(counts, first_frame, ("trial", "frame"))
    again = finefield.train(stimulus, trials, seed=1)
    assert len(again.known.data.newest) == 20_000 - 2 * 19
    assert len(trained.known.data.newest) == 20_000 - 19


def test_grey_levels_are_kept_to_a_part_of_their_range():
    frames = np.random.default_rng(0).normal(size=(50, 3, 4))
    movie = xr.DataArray(frames, dims=("frame", "y", "x"))
    step = (frames.max() - frames.min()) / 255
    assert np.abs(as_movie(movie).frames() - frames).max() <= 0.51 * step
    turned = as_movie(movie.transpose("y", "frame", "x"))
    assert np.array_equal(turned.frames(), as_movie(movie).frames())


def test_whole_numbers_are_kept_as_those_of_a_file_are(tmp_path):
    frames = np.random.default_rng(0).integers(0, 200, (50, 3, 4))
    movie = as_movie(xr.DataArray(frames, dims=("frame", "y", "x")))
    np.save(tmp_path / "movie.npy", frames)
    ((_, codes),) = open_frames(tmp_path / "movie.npy").blocks()
    assert np.array_equal(movie.frames(), frames) and np.array_equal(movie.codes, codes)


@pytest.mark.parametrize(
    ("frames", "dims", "message"),
    [
        (np.ones((5, 2, 2)), ("frame", "y", "x"), "two finite contrasts"),
        (np.full((5, 2, 2), np.nan), ("frame", "y", "x"), "two finite contrasts"),
        (np.eye(4)[None], ("time", "y", "x"), "stimulus.rename"),
    ],
)
def test_what_is_no_movie_is_refused(frames, dims, message):
    with pytest.raises(UserError, match=message):
        as_movie(xr.DataArray(frames, dims=dims))


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"network": "stnmf"}, "network: got stnmf; expected one that is trained"),
        ({"filtres": 3}, "filtres: got an unknown key .+ Fix: rename it to filters"),
        ({"filters": 0}, "filters: got 0; expected a whole number, at least 1"),
    ],
)
def test_settings_that_are_none_are_refused_as_in_a_config(stimulus, cell, settings, message):
    with pytest.raises(UserError, match=message):
        finefield.train(stimulus, cell["spike_count"], **settings)


def test_a_cell_and_trials_that_say_too_little_are_refused(stimulus, cell):
    with pytest.raises(UserError, match="subunits: got no such key"):
        finefield.simulate(stimulus, {"polarity": "ON"})
    trials = cell["spike_count"].values.reshape(2, -1)
    with pytest.raises(UserError, match="a coordinate first_frame"):
        finefield.train(stimulus, xr.DataArray(trials, dims=("trial", "frame")))


def test_a_movie_without_a_frame_rate_and_too_many_responses_are_refused(stimulus, cell):
    with pytest.raises(UserError, match="frames per second"):
        frame_rate_of(stimulus.drop_attrs())
    with pytest.raises(UserError, match="at most the stimulus' 100 frames"):
        finefield.train(stimulus[:100], cell["spike_count"])
