"""Spike-triggered covariance against np.cov, cells whose filters are known, and chance."""

import numpy as np
import pytest
from scipy.signal import lfilter

from finefield.averages.stc import spike_triggered_covariance
from finefield.base.errors import UserError
from finefield.stimuli.movie import BinaryStimulus, GreyStimulus
from finefield.stimuli.noise import NORMAL_OFFSET, NORMAL_STEP, binary_noise, ran1_normal_blocks

TEMPORAL = np.array([0.2, 0.8, 0.5, -0.3, -0.4, -0.1])
LAGS = len(TEMPORAL)


def normal_noise(seed, n_frames, side):
    blocks = [levels for _, levels in ran1_normal_blocks(-1 - seed, n_frames, side, side)]
    return GreyStimulus(np.concatenate(blocks, axis=2), n_frames, NORMAL_OFFSET, NORMAL_STEP)


def drive(stimulus, spatial):
    """What a filter in space and `TEMPORAL` sees, with an SD of 1."""
    seen = lfilter(TEMPORAL, 1, stimulus.frames().reshape(stimulus.n_frames, -1) @ spatial.ravel())
    return (seen - seen.mean()) / seen.std()


def analyse(stimulus, rate, n_shuffles, seed):
    """Covariance of a Poisson cell with `rate` spikes a frame (frame,)."""
    count = np.random.default_rng(seed).poisson(rate)[LAGS - 1 :]
    newest = np.arange(LAGS - 1, stimulus.n_frames)
    rng = np.random.default_rng([seed, 1])
    return spike_triggered_covariance(stimulus, newest, count, TEMPORAL, n_shuffles, rng)


def grating(side, phase):
    y, x = np.mgrid[:side, :side] - (side - 1) / 2
    envelope = np.exp(-(x**2 + y**2) / (2 * (side / 6) ** 2))
    return envelope * np.cos(2 * np.pi * x / (side / 2) + phase)


def overlap(components, filters):
    """Smallest cosine of the angles between two subspaces, given by rows of pixels."""
    one, other = (np.linalg.qr(each.reshape(len(each), -1).T)[0] for each in (components, filters))
    return np.linalg.svd(one.T @ other, compute_uv=False).min()


@pytest.mark.parametrize("grey", [True, False])
def test_equals_brute_force(grey):
    rng = np.random.default_rng(3)
    n_frames, shape = 9000, (3, 4)  # longer than a block of frames
    if grey:
        stimulus = GreyStimulus(rng.integers(0, 256, (*shape, n_frames), np.uint8), n_frames, 5, 2)
    else:
        stimulus = BinaryStimulus.from_frames(rng.integers(0, 2, (n_frames, *shape)), 0.2, 1.4)
    # Frames come several times and in any order, as those of repeated sequences do.
    newest = rng.integers(LAGS - 1, n_frames, 3000)
    count = rng.poisson(0.7, len(newest))
    stc = spike_triggered_covariance(stimulus, newest, count, 3 * TEMPORAL, 1, rng)

    frames = stimulus.frames().reshape(n_frames, -1).astype(float)
    seen = lfilter(TEMPORAL / np.linalg.norm(TEMPORAL), 1, (frames - frames.mean()), axis=0)
    spikes = np.repeat(seen[newest] / frames.std(), count, axis=0)
    average = spikes.mean(0) / np.linalg.norm(spikes.mean(0))
    covariance = np.cov(spikes - np.outer(spikes @ average, average), rowvar=False)
    expected = np.linalg.eigvalsh(covariance)[::-1]
    assert stc.eigenvalue.shape == (11,) and stc.component.shape == (11, *shape)
    np.testing.assert_allclose(stc.eigenvalue, expected[:-1], atol=1e-5)
    assert abs(expected[-1]) < 1e-10  # of the average's direction, which is left out
    flat = stc.component.reshape(11, -1)
    np.testing.assert_allclose(flat @ flat.T, np.eye(11), atol=1e-6)
    np.testing.assert_allclose(flat @ average, 0, atol=1e-5)
    np.testing.assert_allclose(covariance @ flat.T, flat.T * stc.eigenvalue, atol=1e-5)
    assert np.all(flat[np.arange(11), np.abs(flat).argmax(1)] > 0)


def test_fewer_spikes_than_pixels_still_leave_the_average_out():
    stimulus = normal_noise(4, 500, 6)
    newest = np.array([20, 130, 240, 350, 460])
    rng = np.random.default_rng(0)
    stc = spike_triggered_covariance(stimulus, newest, np.ones(5), np.ones(1), 1, rng)
    average = stimulus.frames()[newest].mean(0)
    flat = stc.component.reshape(35, -1)
    np.testing.assert_allclose(flat @ (average / np.linalg.norm(average)).ravel(), 0, atol=1e-2)
    # Five samples less their average's direction span at most four others.
    assert stc.eigenvalue[3] > 0.1 and np.allclose(stc.eigenvalue[4:], 0, atol=1e-2)


def test_shuffles_are_spikes_at_other_samples():
    """With every shift of a short recording, the null is the range of brute force over shifts."""
    stimulus = binary_noise(np.random.default_rng(0), 60, 2, 2)
    newest = np.arange(60)
    count = np.random.default_rng(1).poisson(1.0, 60)
    rng = np.random.default_rng(2)
    stc = spike_triggered_covariance(stimulus, newest, count, np.ones(1), 2000, rng)
    # The movie's shuffle by s samples is the movie shifted back under the same spikes.
    frames = stimulus.frames()
    ranges = []
    for shift in range(1, 60):
        moved = BinaryStimulus.from_frames(np.roll(frames, -shift, axis=0) > 0)
        values = spike_triggered_covariance(moved, newest, count, np.ones(1), 1, rng).eigenvalue
        ranges.append((values.min(), values.max()))
    low, high = np.transpose(ranges)
    assert stc.null_low == pytest.approx(low.min()) and stc.null_high == pytest.approx(high.max())


@pytest.mark.parametrize("noise", ["normal", "binary"])
def test_energy_cell_shows_its_two_filters(noise):
    side, n_frames = 12, 60_000
    if noise == "normal":
        stimulus = normal_noise(1, n_frames, side)
    else:
        stimulus = binary_noise(np.random.default_rng(1), n_frames, side, side)
    filters = np.array([grating(side, phase) for phase in (0, np.pi / 2)])
    energy = sum(drive(stimulus, one) ** 2 for one in filters)
    # A weak linear part makes an average.
    center = np.exp(-np.sum((np.mgrid[:side, :side] - 2) ** 2, axis=0) / 4)
    rate = np.maximum(0.1 * energy + 0.05 * drive(stimulus, center), 0)
    stc = analyse(stimulus, rate, 99, seed=1)
    assert stc.n_excitatory == 2 and stc.n_suppressive == 0
    assert overlap(stc.component[:2], filters) > 0.9


def test_divisive_filter_is_suppressive():
    stimulus = normal_noise(2, 60_000, 8)
    suppressor = grating(8, 0)
    y = np.arange(8)[:, None] - 3.5
    excitation = np.exp(-(y**2) / 4) * np.ones((8, 8))
    rate = np.exp(0.5 * drive(stimulus, excitation)) / (1 + drive(stimulus, suppressor) ** 2)
    stc = analyse(stimulus, rate, 99, seed=2)
    assert stc.n_suppressive == 1 and stc.n_excitatory == 0
    assert overlap(stc.component[-1:], suppressor[None]) > 0.9


@pytest.mark.parametrize("cell", ["LN", "independent"])
def test_no_component_is_significant_by_chance(cell):
    """With 99 shuffles 2 cells of 100 are: of 20, more than 2 with a probability of 0.007."""
    alarms = 0
    for seed in range(20):
        stimulus = normal_noise(seed, 10_000, 6)
        rate = np.full(10_000, 0.3)
        if cell == "LN":
            spatial = np.zeros((6, 6))
            spatial[2:4, 2:4] = 1
            rate = 0.6 * np.maximum(drive(stimulus, spatial), 0)
        stc = analyse(stimulus, rate, 99, seed)
        alarms += stc.n_excitatory + stc.n_suppressive > 0
    assert alarms <= 2


def test_few_shuffles_raise_false_alarms_as_stated():
    stimulus = normal_noise(5, 40_000, 4)
    alarms = 0
    for seed in range(200):
        start = 199 * seed  # each cell sees a part of the movie, half of it new
        part = GreyStimulus(
            stimulus.codes[..., start : start + 400], 400, NORMAL_OFFSET, NORMAL_STEP
        )
        stc = analyse(part, np.full(400, 0.5), 9, seed)
        alarms += stc.n_excitatory + stc.n_suppressive > 0
    # 2 / (9 + 1) of 200 with a binomial SD of 5.7
    assert abs(alarms - 40) < 17


@pytest.mark.parametrize(
    ("newest", "count", "words"),
    [
        ([5, 6], [0, 1], "spike count: got 1 in 2 samples"),
        ([], [], "spike count: got 0 in 0 samples"),
        ([4, 6], [1, 1], "frames 4 to 6 with 6 lags; expected frames 5 to 9"),
        ([5, 10], [1, 1], "frames 5 to 10 with 6 lags; expected frames 5 to 9"),
    ],
)
def test_bad_spikes_are_refused(newest, count, words):
    stimulus = binary_noise(np.random.default_rng(0), 10, 2, 2)
    with pytest.raises(UserError, match=words):
        spike_triggered_covariance(
            stimulus, np.array(newest, int), np.array(count), TEMPORAL, 1, np.random.default_rng(0)
        )
