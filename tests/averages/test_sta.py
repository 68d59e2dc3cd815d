"""Spike-triggered average against brute force, a cell known in closed form and published STAs."""

from pathlib import Path

import numpy as np
import pytest
from scipy.io import loadmat

from finefield.averages.separation import separate
from finefield.averages.sta import field_average, spike_triggered_average
from finefield.base.errors import UserError
from finefield.responses.responses import Responses
from finefield.stimuli.movie import BinaryStimulus, GreyStimulus
from finefield.stimuli.noise import numpy_blocks, ran1_blocks
from finefield.stimuli.window import Window

SHARED = Path(__file__).parents[3] / "shared"


def brute_force(stimulus, newest, count, lags):
    frames = stimulus.frames().astype(np.float64)
    total = np.zeros((lags, *frames.shape[1:]))
    for frame, spikes in zip(newest, count, strict=True):
        for lag in range(lags):
            total[lag] += spikes * frames[frame - lag]
    return total / np.sum(count)


@pytest.mark.parametrize(
    ("n_frames", "height", "width", "lags", "rate"),
    [(300, 3, 5, 7, 0.1), (64, 2, 4, 1, 3.0), (1001, 1, 9, 20, 1.0), (130, 4, 1, 66, 90.0)],
)
def test_equals_brute_force(n_frames, height, width, lags, rate):
    rng = np.random.default_rng(n_frames)
    movie = rng.integers(0, 2, (n_frames, height, width))
    stimulus = BinaryStimulus.from_frames(movie, low=-0.5, high=0.75)
    # Frames come several times and in any order, as those of repeated sequences do.
    newest = rng.integers(lags - 1, n_frames, 2 * n_frames)
    count = rng.poisson(rate, 2 * n_frames).astype(np.float32)
    sta = spike_triggered_average(stimulus, newest, count, lags)
    assert sta.dtype == np.float32
    np.testing.assert_allclose(sta, brute_force(stimulus, newest, count, lags), atol=1e-6)


@pytest.mark.parametrize(("n_frames", "lags"), [(50, 7), (1024, 1), (2500, 20)])
def test_grey_movies_equal_brute_force(n_frames, lags):
    rng = np.random.default_rng(n_frames)
    levels = rng.integers(0, 256, (3, 4, n_frames), dtype=np.uint8)
    stimulus = GreyStimulus(levels, n_frames, offset=-4.0, step=1 / 32)
    newest = rng.integers(lags - 1, n_frames, 2 * n_frames)
    count = rng.poisson(0.5, 2 * n_frames)
    sta = spike_triggered_average(stimulus, newest, count, lags)
    np.testing.assert_allclose(sta, brute_force(stimulus, newest, count, lags), atol=1e-5)


@pytest.mark.parametrize("kind", ["binary", "grey"])
def test_bands_of_rows_give_the_whole_field(kind):
    rng = np.random.default_rng(7)
    if kind == "binary":
        movie = BinaryStimulus.from_frames(rng.integers(0, 2, (700, 11, 6)))
    else:
        movie = GreyStimulus(rng.integers(0, 256, (11, 6, 700), dtype=np.uint8), 700, 0, 1)
    newest, count = np.arange(9, 700), rng.poisson(0.5, 691)
    bands = (movie.crop(Window(y, 0, min(4, 11 - y), 6)) for y in range(0, 11, 4))
    whole = spike_triggered_average(movie, newest, count, 10)
    np.testing.assert_allclose(field_average(bands, newest, count, 10), whole, atol=1e-4)


def test_one_spike_shows_the_stimulus_itself():
    movie = np.random.default_rng(2).integers(0, 2, (5000, 3, 3))
    stimulus = BinaryStimulus.from_frames(movie)
    sta = spike_triggered_average(stimulus, np.array([4321]), np.array([1]), lags=40)
    np.testing.assert_array_equal(sta, 2.0 * movie[4321 : 4321 - 40 : -1] - 1)


def test_unused_bits_do_not_count():
    stimulus = BinaryStimulus(np.full((1, 1, 2), 255, np.uint8), n_frames=9)
    sta = spike_triggered_average(stimulus, np.array([8]), np.array([2]), lags=3)
    np.testing.assert_array_equal(sta.ravel(), [1, 1, 1])


def test_crops_of_the_stimulus_give_crops_of_the_average():
    rng = np.random.default_rng(4)
    stimulus = BinaryStimulus.from_frames(rng.integers(0, 2, (500, 9, 8)))
    newest, count = np.arange(9, 500), rng.poisson(0.5, 491)
    window = Window(2, 3, 5, 4)
    whole = spike_triggered_average(stimulus, newest, count, 10)
    part = spike_triggered_average(stimulus.crop(window), newest, count, 10)
    np.testing.assert_array_equal(part, whole[:, *window.slices])


def test_known_cell():
    """A cell with rate (1 + w . s) / 2 for signs s and sum |w| <= 1 has the STA w exactly."""
    n_frames, lags = 400_000, 4
    ((_, bits),) = numpy_blocks(np.random.default_rng(5), n_frames, 3, 3, block=400_000)
    stimulus = BinaryStimulus(bits, n_frames)
    filters = np.zeros((lags, 3, 3))
    filters[1, 1, 1], filters[1, 1, 2], filters[2, 1, 1] = 0.4, 0.3, -0.2
    signs = stimulus.frames()
    drive = sum(
        np.tensordot(signs[lags - 1 - lag : n_frames - lag], filters[lag], 2) for lag in range(lags)
    )
    spikes = np.random.default_rng(6).random(len(drive)) < (1 + drive) / 2
    sta = spike_triggered_average(stimulus, np.arange(lags - 1, n_frames), spikes, lags)
    assert np.abs(sta - filters).max() < 4.5 / np.sqrt(spikes.sum())


@pytest.mark.parametrize(
    ("newest", "count", "words"),
    [
        ([5, 6], [0, 0], "no spike"),
        ([5, 6], [1, -1], "-1"),
        ([5, 6], [1, 0.5], "0.5"),
        ([5, 6], [1, np.nan], "nan"),
        ([1, 6], [1, 1], "frames 1 to 6"),
        ([5, 10], [1, 1], "frames 2 to 9"),
        ([], [], "no spike"),
    ],
)
def test_bad_spikes_are_refused(newest, count, words):
    stimulus = BinaryStimulus.from_frames(np.ones((10, 2, 2)))
    with pytest.raises(UserError, match=words):
        spike_triggered_average(stimulus, np.array(newest, int), np.array(count), lags=3)


def test_separable_filter_is_taken_apart():
    rng = np.random.default_rng(7)
    time, space = rng.standard_normal(12), rng.standard_normal((5, 6))
    space *= np.sign(space.flat[np.abs(space).argmax()]) / np.linalg.norm(space)
    for sign in (1, -1):
        temporal, spatial, explained = separate(sign * time[:, None, None] * space)
        np.testing.assert_allclose(temporal, sign * time)
        np.testing.assert_allclose(spatial, space)
        assert explained == pytest.approx(1)


def test_explained_energy_of_two_orthogonal_parts():
    sta = np.zeros((3, 1, 2))
    sta[0, 0, 0], sta[2, 0, 1] = -3, 1
    temporal, spatial, explained = separate(sta)
    assert explained == pytest.approx(9 / 10)
    np.testing.assert_allclose(temporal, [-3, 0, 0], atol=1e-12)
    np.testing.assert_allclose(spatial, [[1, 0]], atol=1e-12)
    assert np.isnan(separate(np.zeros((3, 2, 2)))[2])


@pytest.fixture(scope="module")
def recorded_stimulus():
    """The recordings' running noise on the rows and columns where cells look."""
    window, n_frames = Window(30, 64, 80, 90), 219 * 1500
    bits = np.empty((window.height, window.width, -(-n_frames // 8)), np.uint8)
    for first, block in ran1_blocks(-10000, n_frames, 150, 200):
        bits[..., first // 8 : first // 8 + block.shape[-1]] = block[window.slices]
    return window, BinaryStimulus(bits, n_frames)


@pytest.mark.slow
@pytest.mark.skipif(not SHARED.exists(), reason="no ../shared with recordings and published STAs")
@pytest.mark.parametrize("cell", [0, 3, 9, 18, 27, 31])
def test_recorded_cells_have_the_published_average(recorded_stimulus, cell):
    counts = loadmat(SHARED / "recordings/liu2017_white_noise_cells_00-39.mat")["spk1"][cell]
    with np.load(SHARED / "reference/sta_windows.npz") as published:
        x, y = published[f"origin_{cell:02d}"]
        # Published as (lag, x, y), the newest frame last.
        expected = published[f"cell_{cell:02d}"][::-1].swapaxes(1, 2)
    field, stimulus = recorded_stimulus
    window = Window(y - field.y, x - field.x, 32, 32)
    responses = Responses(counts.T, 1500 * np.arange(219), 30.0, delay=1)
    sta = spike_triggered_average(stimulus.crop(window), *responses.samples(20), 20)
    assert np.corrcoef(sta.ravel(), expected.ravel())[0, 1] > 0.999999
    np.testing.assert_allclose(sta, expected, atol=1e-6)
