"""Bits and grey levels against plain arrays of frames."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from finefield.base.errors import UserError
from finefield.stimuli.movie import BinaryStimulus, GreyStimulus
from finefield.stimuli.window import Window


@given(n_frames=st.integers(1, 70), start=st.integers(0, 70), length=st.integers(0, 70))
def test_frames_come_back_as_packed(n_frames, start, length):
    frames = np.random.default_rng(n_frames).integers(0, 2, (n_frames, 3, 2))
    movie = BinaryStimulus.from_frames(frames, low=-2.0, high=3.0)
    expected = np.where(frames == 1, 3.0, -2.0)[start : start + length]
    assert np.array_equal(movie.frames(start, start + length), expected)


def test_blocks_cover_the_movie_with_their_history():
    frames = np.random.default_rng(0).integers(0, 2, (100, 2, 2))
    movie = BinaryStimulus.from_frames(frames)
    values = movie.frames()
    for start, block in movie.blocks(history=19, size=32):
        assert np.array_equal(block, values[max(0, start - 19) : start + 32])
    assert [start for start, _ in movie.blocks(19, 32)] == [0, 32, 64, 96]


def test_mean_and_sd_are_those_of_the_contrast():
    frames = np.random.default_rng(0).random((333, 4, 5)) < 0.3
    movie = BinaryStimulus.from_frames(frames, low=0.5, high=-0.25)
    values = movie.frames()
    assert np.allclose(movie.mean_and_sd(), (values.mean(), values.std()), atol=1e-6)
    first = replace(movie, codes=movie.codes[..., :2], n_frames=9)
    assert np.allclose(first.mean_and_sd(), (values[:9].mean(), values[:9].std()), atol=1e-6)


@pytest.mark.parametrize("window", [Window(-1, 0, 2, 2), Window(0, 3, 2, 2), Window(3, 0, 2, 2)])
def test_a_crop_outside_the_field_is_the_users_to_mend(window):
    movie = BinaryStimulus.from_frames(np.zeros((8, 4, 4)))
    with pytest.raises(UserError, match="field of 4 rows and 4 columns"):
        movie.crop(window)


def test_a_crop_is_the_same_pixels():
    frames = np.random.default_rng(0).integers(0, 2, (10, 5, 6))
    movie = BinaryStimulus.from_frames(frames)
    assert np.array_equal(movie.crop(Window(1, 2, 3, 4)).frames(), movie.frames()[:, 1:4, 2:6])


@pytest.fixture
def grey():
    """A grey movie and its contrast (frame, y, x)."""
    levels = np.random.default_rng(0).integers(0, 256, (70, 5, 6), dtype=np.uint8)
    movie = GreyStimulus(np.moveaxis(levels, 0, -1), 70, offset=-1.0, step=2 / 255)
    return movie, levels / 255 * 2 - 1


@pytest.mark.parametrize(("start", "stop"), [(0, None), (3, 17), (60, 90)])
def test_grey_frames_are_levels_times_step(grey, start, stop):
    movie, contrast = grey
    assert np.allclose(movie.frames(start, stop), contrast[start:stop], atol=1e-6)
    assert movie.shape == (70, 5, 6)
    assert np.allclose(movie.mean_and_sd(), (contrast.mean(), contrast.std()))


def test_a_crop_of_a_grey_movie_is_the_same_pixels(grey):
    movie, contrast = grey
    crop = movie.crop(Window(1, 2, 3, 4))
    assert np.allclose(crop.frames(), contrast[:, 1:4, 2:6], atol=1e-6)


def test_a_signal_is_what_a_filter_sees_of_each_frame(grey):
    movie, contrast = grey
    spatial = np.random.default_rng(1).normal(size=(5, 6))
    expected = [(frame * spatial).sum() for frame in contrast]
    assert np.allclose(movie.signal(spatial), expected, atol=1e-4)
