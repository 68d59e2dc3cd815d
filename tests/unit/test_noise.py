"""Noise against retinawhitenoise, the recordings' checksums, and the laws of fair coins."""

import csv
import hashlib
from pathlib import Path

import numpy as np
import pytest

from finefield.noise import numpy_blocks, ran1_blocks

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


@pytest.mark.parametrize(
    ("seed", "n_frames", "height", "width", "block"),
    [(-10000, 150, 5, 7, 64), (-1, 1300, 3, 2, 32768), (-20000, 700, 4, 1, 576), (0, 1, 1, 1, 64)],
)
def test_ran1_equals_retinawhitenoise(seed, n_frames, height, width, block):
    stimulus = pytest.importorskip("retinawhitenoise").Rng(seed)
    drawn = np.array(stimulus.ranb(n_frames * width * height)).reshape(n_frames, width, height)
    made = frames(ran1_blocks(seed, n_frames, height, width, block), n_frames)
    np.testing.assert_array_equal(made, drawn.swapaxes(1, 2))


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
