"""Noise against retinawhitenoise, NumPy, the recordings' checksums, and the laws of fair coins."""

import csv
import hashlib
from pathlib import Path

import numpy as np
import pytest

from finefield.base.errors import UserError
from finefield.stimuli.noise import (
    NORMAL_OFFSET,
    NORMAL_STEP,
    numpy_blocks,
    ran1_blocks,
    ran1_normal_blocks,
)
from finefield.stimuli.numpy_noise import numpy_stream_blocks
from finefield.stimuli.ran1 import normal_source
from finefield.stimuli.settings import NumpyNoise

CHECKSUMS = Path(__file__).parents[3] / "shared/reference/stimulus_sha256.csv"


def frames(blocks, n_frames):
    """Zeros and ones (frame, y, x) of all blocks; their order and sizes are checked on the way."""
    parts, first = [], 0
    for start, bits in blocks:
        assert start == first and bits.dtype == np.uint8
        part = np.unpackbits(bits, axis=-1, bitorder="little")[..., : n_frames - first]
        assert bits.shape[-1] == -(-part.shape[-1] // 8)
        parts.append(np.moveaxis(part, -1, 0))
        first += part.shape[-1]
    assert first == n_frames
    return np.concatenate(parts)


def numpy_noise(generator, distribution, order):
    """Settings of noise of NumPy; the seeds are not used."""
    names = [{"f": "frame"}.get(axis, axis) for axis in order]
    keys = {"generator": generator, "distribution": distribution, "order": names}
    return NumpyNoise(kind="numpy", running_seed=0, frozen_seed=0, **keys)


def contrast(blocks, n_frames):
    """Contrast (frame, y, x) of all blocks of levels; their order and sizes are checked."""
    parts, first = [], 0
    for start, levels in blocks:
        assert start == first and levels.dtype == np.uint8
        parts.append(np.moveaxis(NORMAL_OFFSET + NORMAL_STEP * levels, -1, 0))
        first += levels.shape[-1]
    assert first == n_frames
    return np.concatenate(parts)


def assert_nearest_levels(made, exact):
    """Each value is the nearest level, or the last one if it is beyond (`exact` may be float32)."""
    last = NORMAL_OFFSET + 255 * NORMAL_STEP
    off = np.abs(made - np.clip(exact, NORMAL_OFFSET, last))
    assert made.shape == exact.shape and off.max() <= NORMAL_STEP / 2 + 1e-6


@pytest.mark.parametrize(
    ("seed", "n_frames", "height", "width", "block"),
    [(-10000, 150, 5, 7, 64), (-1, 1300, 3, 2, 32768), (-20000, 700, 4, 1, 576), (0, 1, 1, 1, 64)],
)
def test_ran1_equals_retinawhitenoise(seed, n_frames, height, width, block):
    stimulus = pytest.importorskip("retinawhitenoise").Rng(seed)
    drawn = np.array(stimulus.ranb(n_frames * width * height)).reshape(n_frames, width, height)
    made = frames(ran1_blocks(seed, n_frames, height, width, block), n_frames)
    np.testing.assert_array_equal(made, drawn.swapaxes(1, 2))


@pytest.mark.parametrize("seed", [-10000, -1, -77, -2147483646])
def test_gasdev_equals_retinawhitenoise(seed):
    stimulus = pytest.importorskip("retinawhitenoise").Rng(seed)
    draw = normal_source(seed)
    # Pieces of odd sizes leave the second of a pair for the next.
    made = np.concatenate([draw(n) for n in (1, 2, 7, 0, 1, 49_990, 250_000)])
    # In double precision to the last bit where both take the logarithm of the same library.
    np.testing.assert_allclose(made, stimulus.gasdev(len(made)), rtol=1e-12)


@pytest.mark.parametrize(
    ("seed", "n_frames", "height", "width", "block"),
    [(-10000, 150, 5, 7, 64), (-3, 1300, 3, 1, 4096), (-20000, 333, 30, 41, 128)],
)
def test_ran1_normal_noise_is_that_of_retinawhitenoise(seed, n_frames, height, width, block):
    stimulus = pytest.importorskip("retinawhitenoise").gaussianstimulus
    exact = np.moveaxis(next(stimulus.recreate(seed, (width, height), n_frames)), -1, 0)
    blocks = ran1_normal_blocks(seed, n_frames, height, width, block)
    assert_nearest_levels(contrast(blocks, n_frames), exact.swapaxes(1, 2).astype(float))


def test_levels_keep_what_docstring_says_of_normal_noise():
    made = contrast(ran1_normal_blocks(-5, 2000, 30, 30), 2000)
    exact = normal_source(-5)(2000 * 900).reshape(2000, 30, 30).swapaxes(1, 2)
    assert np.corrcoef(made.ravel(), exact.ravel())[0, 1] == pytest.approx(0.99996, abs=1e-5)
    clipped = (np.abs(made - exact) > NORMAL_STEP / 2 + 1e-12).mean()
    assert clipped == pytest.approx(1 / 15_750, rel=0.3)  # 114 values, with an SD of 11


@pytest.mark.parametrize("seed", [5, 2**31 - 1, -(2**31) + 1])
def test_seeds_that_ran1_does_not_start_from(seed):
    for blocks in (ran1_blocks, ran1_normal_blocks):
        with pytest.raises(UserError, match=f"seed of ran1: got {seed};.*minus sign"):
            next(blocks(seed, 64, 2, 2))


def one_call(generator, distribution, seed, shape):
    """What a stimulus program in NumPy does."""
    if generator == "default_rng":
        rng = np.random.default_rng(seed)
        return rng.integers(0, 2, shape) if distribution == "binary" else rng.standard_normal(shape)
    rng = np.random.RandomState(seed)
    return rng.randint(0, 2, shape) if distribution == "binary" else rng.randn(*shape)


@pytest.mark.parametrize("generator", ["default_rng", "RandomState"])
@pytest.mark.parametrize("distribution", ["binary", "gaussian"])
@pytest.mark.parametrize("order", [("frame", "y", "x"), ("frame", "x", "y")])
@pytest.mark.parametrize(("n_frames", "block"), [(333, 64), (333, 192), (200, 4096)])
def test_numpy_streams_equal_one_call(generator, distribution, order, n_frames, block):
    sizes = {"frame": n_frames, "y": 3, "x": 5}
    whole = one_call(generator, distribution, 12, tuple(sizes[name] for name in order))
    whole = whole.transpose([order.index(name) for name in ("frame", "y", "x")])
    settings = numpy_noise(generator, distribution, order)
    blocks = numpy_stream_blocks(settings, 12, n_frames, n_frames, 3, 5, block)
    if distribution == "binary":
        np.testing.assert_array_equal(frames(blocks, n_frames), whole)
    else:
        assert_nearest_levels(contrast(blocks, n_frames), whole)


@pytest.mark.parametrize("seed", [-1, 2**32])
def test_numpy_streams_refuse_seeds_that_numpy_refuses(seed):
    with pytest.raises(UserError, match=f"seed: got {seed}"):
        next(numpy_stream_blocks(numpy_noise("RandomState", "binary", "fyx"), seed, 8, 8, 2, 2))


@pytest.mark.parametrize(
    "unknown", [("Generator", "binary", "fyx"), ("RandomState", "normal", "fyx")]
)
def test_numpy_streams_are_of_known_kinds(unknown):
    with pytest.raises(ValueError, match="Input should be"):
        numpy_noise(*unknown)


@pytest.mark.skipif(not CHECKSUMS.exists(), reason="no ../shared with the recordings' checksums")
@pytest.mark.parametrize(("sequence", "trial_frames"), [("frozen", 300), ("running", 1500)])
def test_ran1_gives_the_recordings_stimulus(sequence, trial_frames):
    with CHECKSUMS.open() as file:
        rows = [row for row in csv.DictReader(file) if row["sequence"] == sequence]
    rows = [row for row in rows if int(row["trial"]) < 2]
    n_frames = trial_frames * len(rows)
    made = frames(ran1_blocks(int(rows[0]["seed"]), n_frames, 150, 200, block=1024), n_frames)
    for row in rows:
        trial = made[int(row["trial"]) * trial_frames :][:trial_frames]
        packed = np.packbits(np.ascontiguousarray(trial.swapaxes(1, 2)))
        assert hashlib.sha256(packed.tobytes()).hexdigest() == row["sha256"]


def test_unused_bits_are_zero():
    for blocks in (
        ran1_blocks(-5, 67, 4, 4),
        numpy_blocks(np.random.default_rng(0), 67, 4, 4),
    ):
        ((_, bits),) = blocks
        assert bits.shape == (4, 4, 9) and bits[..., -1].max() < 8


def test_numpy_noise_does_not_depend_on_the_block_and_grows_at_its_end():
    def made(n_frames, block):
        return frames(numpy_blocks(np.random.default_rng(3), n_frames, 3, 5, block), n_frames)

    np.testing.assert_array_equal(made(1000, 64), made(1000, 4096))
    np.testing.assert_array_equal(made(1000, 64)[:130], made(130, 128))


def test_numpy_noise_is_fair_and_independent():
    movie = frames(numpy_blocks(np.random.default_rng(8), 20_000, 6, 6), 20_000)
    signed = 2.0 * movie - 1
    # Means and correlations of n independent signs have an SD of 1 / sqrt(n).
    assert abs(signed.mean()) < 4.5 / np.sqrt(signed.size)
    pixels = signed.reshape(len(signed), -1)
    between = pixels.T @ pixels / len(pixels)
    assert abs(between[~np.eye(36, dtype=bool)]).max() < 4.5 / np.sqrt(len(pixels))
    for step in (1, 2, 7, 8, 32, 64, 128):
        assert abs((signed[step:] * signed[:-step]).mean()) < 4.5 / np.sqrt(signed[step:].size)


@pytest.mark.parametrize("block", [0, -64, 100])
def test_odd_block_sizes_are_refused(block):
    with pytest.raises(ValueError, match="multiple of 64"):
        next(ran1_blocks(-1, 100, 2, 2, block))
    with pytest.raises(ValueError, match="multiple of 64"):
        next(numpy_blocks(np.random.default_rng(0), 100, 2, 2, block))
    with pytest.raises(ValueError, match="multiple of 64"):
        next(ran1_normal_blocks(-1, 100, 2, 2, block))
