"""White noise, made block by block as bits or grey levels: of ran1, and fresh."""

import math
from collections.abc import Callable, Iterator, Sequence

import numpy as np

from finefield.stimuli import ran1
from finefield.stimuli.movie import BinaryStimulus

#: Contrast between grey levels of normal noise, and that of level 0 [standard deviations].
NORMAL_STEP, NORMAL_OFFSET = 1 / 32, -4.0
#: Frames drawn at a time, as numbers of eight bytes, before they become codes.
CHUNK = 64


def ran1_blocks(
    seed: int, n_frames: int, height: int, width: int, block: int = 32768
) -> Iterator[tuple[int, np.ndarray]]:
    """Binary noise of the generator `ran1`, as in the recordings of Liu et al. 2017.

    One stream runs through all frames, in the order frame, x, y (y fastest); a draw of at least
    0.5 is a 1.

    Parameters
    ----------
    seed : int
        Seed as given to `ran1`, from -2147483646 to 0; 0 is taken as -1, as `ran1` does.
    n_frames : int
        Frames in all.
    height, width : int
        Size of the field [pixels].
    block : int
        Frames in a block, a multiple of 64; it changes memory and nothing else.

    Yields
    ------
    first_frame : int
        First frame of the block.
    bits : ndarray of uint8, shape (y, x, byte)
        The block's frames in the layout of `BinaryStimulus.codes`; unused bits are 0.

    Raises
    ------
    UserError
        If `ran1` would not start from this seed.
    ValueError
        If `block` is not a positive multiple of 64.

    Notes
    -----
    `finefield.stimuli.ran1` tells the source.

    Examples
    --------
    >>> first, bits = next(ran1_blocks(-10000, n_frames=8, height=1, width=2))
    >>> first, bits.tolist()
    (0, [[[28], [55]]])
    """
    draw = ran1.bit_source(seed)
    for first, size in _block_sizes(n_frames, block):
        yield first, _as_bytes(draw(size, height, width), size)


def ran1_normal_blocks(
    seed: int, n_frames: int, height: int, width: int, block: int = 4096
) -> Iterator[tuple[int, np.ndarray]]:
    """Normal noise of the generator `ran1`, by the function `gasdev`, as 256 grey levels.

    One stream runs through all frames, in the order frame, x, y (y fastest).

    Parameters
    ----------
    seed, n_frames, height, width, block
        As in `ran1_blocks`.

    Yields
    ------
    first_frame : int
        First frame of the block.
    levels : ndarray of uint8, shape (y, x, frame)
        Level ``k`` stands for ``NORMAL_OFFSET + NORMAL_STEP * k`` standard deviations.

    Raises
    ------
    UserError
        If `ran1` would not start from this seed.
    ValueError
        If `block` is not a positive multiple of 64.

    Notes
    -----
    Levels lie 1/32 standard deviation apart from -4 to 3.97, and what is beyond becomes the last
    of them: 1 value in 15,750. The correlation with the unrounded noise is 0.99996.

    Examples
    --------
    >>> first, levels = next(ran1_normal_blocks(-10000, n_frames=4, height=1, width=1))
    >>> first, (NORMAL_OFFSET + NORMAL_STEP * levels).tolist()
    (0, [[[0.53125, -1.125, 1.84375, -0.96875]]])
    """
    order, source = ("frame", "x", "y"), ran1.normal_source(seed)
    yield from drawn_blocks(source, as_levels, order, n_frames, height, width, block)


def numpy_blocks(
    rng: np.random.Generator, n_frames: int, height: int, width: int, block: int = 32768
) -> Iterator[tuple[int, np.ndarray]]:
    """Fair bits, independent in every pixel and frame.

    The generator's 64-bit words are dealt to the pixels (y, x; x fastest), 64 frames at a time, so
    that the noise depends on the generator and the field's size alone, not on `block`. A longer
    movie begins with the frames of a shorter one.

    Parameters
    ----------
    rng : numpy.random.Generator
        Source of the bits.
    n_frames, height, width, block : int
        As in `ran1_blocks`.

    Yields
    ------
    first_frame : int
        First frame of the block.
    bits : ndarray of uint8, shape (y, x, byte)
        The block's frames in the layout of `BinaryStimulus.codes`; unused bits are 0.

    Raises
    ------
    ValueError
        If `block` is not a positive multiple of 64.

    Examples
    --------
    >>> blocks = list(numpy_blocks(np.random.default_rng(1), 100, height=3, width=2, block=64))
    >>> [(first, bits.shape) for first, bits in blocks]
    [(0, (3, 2, 8)), (64, (3, 2, 5))]
    """
    for first, size in _block_sizes(n_frames, block):
        shape = -(-size // 64), height, width
        words = rng.integers(0, 2**64 - 1, shape, np.uint64, endpoint=True)
        if size % 64:
            words[-1] &= np.uint64(2 ** (size % 64) - 1)
        yield first, _as_bytes(np.ascontiguousarray(np.moveaxis(words, 0, -1)), size)


def binary_noise(
    rng: np.random.Generator,
    n_frames: int,
    height: int,
    width: int,
    low: float = -1.0,
    high: float = 1.0,
) -> BinaryStimulus:
    """Fresh binary noise, in memory.

    Parameters
    ----------
    rng : numpy.random.Generator
        Source of randomness.
    n_frames, height, width : int
        Size of the movie [frames, pixels].
    low, high : float
        The two contrasts, equally likely in every pixel and frame [1].

    Returns
    -------
    BinaryStimulus

    Examples
    --------
    >>> movie = binary_noise(np.random.default_rng(0), 1000, 2, 3, low=-0.5, high=0.5)
    >>> movie.shape, bool(abs(movie.frames().mean()) < 0.05)
    ((1000, 2, 3), True)
    """
    blocks = [bits for _, bits in numpy_blocks(rng, n_frames, height, width)]
    return BinaryStimulus(np.concatenate(blocks, axis=-1), n_frames, low, high)


def _block_sizes(n_frames: int, block: int) -> Iterator[tuple[int, int]]:
    """First frame and number of frames of each block."""
    if block <= 0 or block % 64:
        raise ValueError(f"block: got {block}; expected a positive multiple of 64")
    for first in range(0, n_frames, block):
        yield first, min(block, n_frames - first)


def _as_bytes(words: np.ndarray, n_frames: int) -> np.ndarray:
    """Words of 64 frames (y, x, word) as bytes of 8 frames, (y, x, byte)."""
    return words.astype("<u8", copy=False).view(np.uint8)[..., : -(-n_frames // 8)]


def drawn_blocks(
    draw: Callable[[int], np.ndarray],
    encode: Callable[[np.ndarray], np.ndarray],
    order: Sequence[str],
    n_frames: int,
    height: int,
    width: int,
    block: int,
) -> Iterator[tuple[int, np.ndarray]]:
    """Blocks of codes from numbers drawn in an order of axes, `CHUNK` frames at a time."""
    sizes = {"y": height, "x": width}
    axes = [order.index(name) for name in ("y", "x", "frame")]
    for first, size in _block_sizes(n_frames, block):
        codes = []
        for start in range(0, size, CHUNK):
            shape = min(CHUNK, size - start), *(sizes[name] for name in order[1:])
            codes.append(encode(draw(math.prod(shape)).reshape(shape).transpose(axes)))
        yield first, np.concatenate(codes, axis=-1)


def as_bits(values: np.ndarray) -> np.ndarray:
    """Zeros and ones (y, x, frame) as bits (y, x, byte)."""
    return np.packbits(values, axis=-1, bitorder="little")


def as_levels(values: np.ndarray) -> np.ndarray:
    """Standard normal numbers as the nearest grey levels."""
    levels = np.rint((values - NORMAL_OFFSET) / NORMAL_STEP)
    return np.clip(levels, 0, 255).astype(np.uint8)
