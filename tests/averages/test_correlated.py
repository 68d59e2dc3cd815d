"""Receptive fields where the stimulus is correlated, or the field has few pixels."""

import numpy as np
import pytest
from scipy import ndimage

from finefield.averages import ReceptiveFieldSettings, locate_cell
from finefield.responses.responses import Responses
from finefield.stimuli.movie import BinaryStimulus
from finefield.stimuli.window import Window

N_FRAMES, LAGS = 20_000, 8
SETTINGS = ReceptiveFieldSettings(min_size=20, max_size=900, min_crop=4, max_crop=12)


def bars(rng, width=31):
    """A bar of five pixels that wanders over a row, as in Mahuas et al. 2020."""
    place = ndimage.gaussian_filter1d(rng.standard_normal(N_FRAMES), 15)
    place = np.clip(place / place.std() * width / 5 + width / 2, 0, width - 1)
    return (abs(np.arange(width) - place[:, None]) < 2.5)[:, None]


def clouds(rng, side=20):
    """Thresholded noise that is smooth in space and time."""
    noise = ndimage.gaussian_filter(rng.standard_normal((N_FRAMES, side, side)), (2, 2, 2))
    return noise > 0


def flicker(rng):
    """A full field that flickers: a single pixel."""
    return rng.random((N_FRAMES, 1, 1)) > 0.5


def movie_of(frames):
    return BinaryStimulus.from_frames(frames)


def spikes(frames, spatial, rng):
    """Poisson spikes of an ON cell that sees the frame before, rectified."""
    drive = (2.0 * frames.reshape(len(frames), -1) - 1) @ spatial.ravel()
    drive = np.concatenate([[0], drive[:-1] - drive.mean()]) / drive.std()
    return rng.poisson(0.5 * np.maximum(drive, 0) ** 2)


def find(frames, count, crop=None):
    """The field that `locate_cell` finds, read as from a file."""
    movie = movie_of(frames)

    def read_crop(window, n_frames=None):
        part = movie.crop(window)
        return (
            part if n_frames is None else BinaryStimulus.from_frames(part.frames()[:n_frames] > 0)
        )

    responses = Responses(count[None], np.zeros(1, int), 30.0)
    mean = movie.mean_and_sd()[0]
    known = responses, LAGS, frames.shape[1:], 20.0, SETTINGS
    return locate_cell([movie], mean, read_crop, *known, crop)


def gaussian(shape, y, x, sd=1.2):
    rows, columns = np.mgrid[: shape[0], : shape[1]]
    return np.exp(-((rows - y) ** 2 + (columns - x) ** 2) / (2 * sd**2))


@pytest.mark.parametrize(
    ("make", "y", "x"), [(bars, 0, 9), (bars, 0, 21), (clouds, 6, 12), (clouds, 13, 5)]
)
@pytest.mark.parametrize("seed", range(2))
def test_a_correlated_stimulus_shows_where_the_cell_looks(make, y, x, seed):
    rng = np.random.default_rng(seed)
    frames = make(rng)
    found = find(frames, spikes(frames, gaussian(frames.shape[1:], y, x), rng))
    assert found.reason == "" and found.polarity == "ON"
    assert np.hypot(found.ellipse.y - y, found.ellipse.x - x) < 1
    # Smeared by the bar or the clouds it would be twice as wide.
    assert found.ellipse.major < 2.4 and found.snr > 8


@pytest.mark.parametrize("make", [bars, clouds, flicker])
def test_spikes_that_follow_nothing_have_no_receptive_field(make):
    for seed in range(4):
        rng = np.random.default_rng(seed)
        frames = make(rng)
        assert find(frames, rng.poisson(0.3, N_FRAMES)).reason.endswith("within its noise")


def test_a_full_field_has_no_limit_of_size():
    rng = np.random.default_rng(1)
    frames = flicker(rng)
    found = find(frames, spikes(frames, np.ones((1, 1)), rng))
    assert found.reason == "" and found.crop == Window(0, 0, 1, 1) and found.polarity == "ON"


def test_a_row_has_a_limit_of_size_along_it_alone():
    rng = np.random.default_rng(1)
    frames = bars(rng)
    count = spikes(frames, gaussian((1, 31), 0, 15, 1.0), rng)
    assert find(frames, count).reason == ""


def test_a_crop_that_is_known_is_believed():
    rng, crop = np.random.default_rng(1), Window(2, 3, 6, 7)
    frames = clouds(rng)
    for count in (rng.poisson(0.3, N_FRAMES), spikes(frames, gaussian((20, 20), 5, 6), rng)):
        found = find(frames, count, crop)
        assert found.reason == "" and found.crop == crop
    assert np.hypot(found.ellipse.y - 5, found.ellipse.x - 6) < 1
