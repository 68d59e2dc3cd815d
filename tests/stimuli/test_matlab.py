"""Noise of MATLAB's rand against published numbers, and arrays of every order against one call."""

from itertools import permutations

import numpy as np
import pytest

from finefield.stimuli import numpy_noise
from finefield.stimuli.build import sequence_blocks
from finefield.stimuli.movie import BinaryStimulus
from finefield.stimuli.numpy_noise import numpy_stream_blocks
from finefield.stimuli.settings import MatlabNoise, NumpyNoise

ORDERS = [list(order) for order in permutations(("frame", "y", "x"))]
SIZES = {"frame": 333, "y": 3, "x": 5}
#: What MATLAB prints of rand(1, 10) after rng(0), and of rand(1, 4) after rng(1).
PRINTED = {
    0: [0.8147, 0.9058, 0.1270, 0.9134, 0.6324, 0.0975, 0.2785, 0.5469, 0.9575, 0.9649],
    1: [0.4170, 0.7203, 0.0001, 0.3023],
}


def matlab(**keys):
    return MatlabNoise(kind="matlab", running_seed=0, frozen_seed=0, **keys)


def ones(settings, seed, drawn, n_frames, height, width, block=None):
    """Zeros and ones (frame, y, x) of all blocks."""
    parts = []
    for first, bits in numpy_stream_blocks(settings, seed, drawn, n_frames, height, width, block):
        assert first == 8 * sum(part.shape[2] for part in parts)
        parts.append(bits)
    bits = np.unpackbits(np.concatenate(parts, axis=2), axis=2, bitorder="little")
    assert not bits[..., n_frames:].any()
    return np.moveaxis(bits[..., :n_frames], -1, 0)


@pytest.mark.parametrize("seed", PRINTED)
def test_numbers_are_those_that_matlab_prints(seed):
    printed = PRINTED[seed]
    for number, value in enumerate(printed):
        for threshold, bright in ((value - 5.1e-5, 1), (value + 5.1e-5, 0)):
            found = ones(matlab(threshold=threshold), seed, 1, 1, len(printed), 1)
            assert found[0, number, 0] == bright


def test_a_frame_at_a_time_is_the_default_order():
    """As a script that calls `rand(h, w) > 0.5` for each frame."""
    source = np.random.RandomState(77)
    frames = [source.random_sample(3 * 5).reshape((3, 5), order="F") > 0.5 for _ in range(333)]
    assert np.array_equal(ones(matlab(), 77, 333, 333, 3, 5, 64), frames)


@pytest.mark.parametrize("order", ORDERS)
def test_matlab_fills_the_first_axis_first(order):
    numbers = np.random.RandomState(9).random_sample(np.prod(list(SIZES.values())))
    array = numbers.reshape([SIZES[name] for name in order], order="F")
    expected = array.transpose([order.index(name) for name in SIZES]) < 0.2
    settings = matlab(order=order, threshold=0.2, bright="below")
    assert np.array_equal(ones(settings, 9, 333, 100, 3, 5, 64), expected[:100])


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("generator", ["default_rng", "RandomState"])
@pytest.mark.parametrize("threshold", [None, 0.7])
def test_numpy_fills_the_last_axis_first(monkeypatch, order, generator, threshold):
    # Lines in several pieces, and the array drawn again for each 64 frames.
    monkeypatch.setattr(numpy_noise, "PIECE", 101)
    monkeypatch.setattr(numpy_noise, "HELD", 3 * 5 * 8)
    size, rng = [SIZES[name] for name in order], getattr(np.random, generator)(4)
    if threshold is not None:
        array = rng.random(size) > threshold
    else:
        array = rng.integers(0, 2, size) if generator == "default_rng" else rng.randint(0, 2, size)
    expected = array.transpose([order.index(name) for name in SIZES])
    keys = {"kind": "numpy", "generator": generator, "threshold": threshold, "order": order}
    noise = NumpyNoise(running_seed=4, frozen_seed=0, **keys)
    assert np.array_equal(ones(noise, 4, 333, 300, 3, 5, 64), expected[:300])
    inverted = noise.changed(bright="below")
    assert np.array_equal(ones(inverted, 4, 333, 300, 3, 5, 64), expected[:300] == 0)


@pytest.mark.parametrize("order", ORDERS[2:])
def test_normal_numbers_of_every_order(order):
    array = np.random.default_rng(4).standard_normal([SIZES[name] for name in order])
    expected = array.transpose([order.index(name) for name in SIZES])
    noise = NumpyNoise(
        kind="numpy", distribution="gaussian", order=order, running_seed=4, frozen_seed=0
    )
    blocks = numpy_stream_blocks(noise, 4, 333, 200, 3, 5, 64)
    levels = np.concatenate([levels for _, levels in blocks], axis=2)
    off = np.moveaxis(levels, -1, 0) / 32 - 4 - expected[:200]
    assert np.abs(off[np.abs(expected[:200]) < 3.9]).max() <= 1 / 64 + 1e-12


def test_each_part_is_an_array_of_its_own():
    """Also of the last one, of which fewer frames were shown than drawn."""
    lengths = {5: 130, 6: 90}
    parts = [{"seed": seed, "frames": length} for seed, length in lengths.items()]
    noise = MatlabNoise(
        kind="matlab", order=["frame", "y", "x"], running_seed=parts, frozen_seed=[parts[0]]
    )
    arrays = [
        np.random.RandomState(seed).random_sample(length * 15).reshape((length, 3, 5), order="F")
        for seed, length in lengths.items()
    ]
    expected = 2.0 * (np.concatenate(arrays)[:200] > 0.5) - 1
    blocks = sequence_blocks(noise, "running", 200, 3, 5)
    codes = np.concatenate([codes for _, codes in blocks.blocks], axis=2)
    assert np.array_equal(BinaryStimulus(codes, 200, *blocks.contrasts).frames(), expected)
    blocks = sequence_blocks(noise, "frozen", 120, 3, 5)
    codes = np.concatenate([codes for _, codes in blocks.blocks], axis=2)
    assert np.array_equal(BinaryStimulus(codes, 120, *blocks.contrasts).frames(), expected[:120])
