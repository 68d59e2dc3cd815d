"""Binary white noise, made block by block as packed bits: the recordings' own, and fresh noise."""

from collections.abc import Iterator

import numba
import numpy as np

from finefield.stimulus import BinaryStimulus

MODULUS = 2**31 - 1
MULTIPLIER = 16807
#: Frames collected before they are written out: 512 bits of a pixel fill one cache line.
CHUNK = 512


def ran1_blocks(
    seed: int, n_frames: int, height: int, width: int, block: int = 32768
) -> Iterator[tuple[int, np.ndarray]]:
    """Noise of the Numerical Recipes generator `ran1`, as in the recordings of Liu et al. 2017.

    One stream runs through all frames, in the order frame, x, y (y fastest); a draw of at least
    0.5 is a 1.

    Parameters
    ----------
    seed : int
        Seed as given to `ran1`; only its absolute value counts, and 0 is 1.
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
        The block's frames in the layout of `BinaryStimulus.bits`; unused bits are 0.

    Raises
    ------
    ValueError
        If `block` is not a positive multiple of 64.

    Notes
    -----
    Press et al., Numerical Recipes in C, 2nd edition, section 7.1: the Park-Miller generator
    x <- 16807 x mod (2^31 - 1), shuffled through a table of 32 after Bays and Durham.

    Examples
    --------
    >>> first, bits = next(ran1_blocks(-10000, n_frames=8, height=1, width=2))
    >>> first, bits.tolist()
    (0, [[[28], [55]]])
    """
    table, state = _ran1_start(seed)
    for first, size in _block_sizes(n_frames, block):
        words = np.zeros((height, width, -(-size // 64)), np.uint64)
        _ran1_fill(table, state, words, size)
        yield first, _as_bytes(words, size)


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
        The block's frames in the layout of `BinaryStimulus.bits`; unused bits are 0.

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


def _ran1_start(seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Shuffle table and state after `ran1`'s warm-up.

    Only the upper five bits of a draw matter: they choose the next table entry, and the uppermost
    of them is the draw's bit. So the table holds five bits an entry.

    Returns
    -------
    table : ndarray of uint8, shape (32,)
        Upper five bits of the shuffled numbers.
    state : ndarray of int64, shape (2,)
        The Park-Miller number and the upper five bits of the last draw.
    """
    number = max(abs(seed), 1)
    table = np.zeros(32, np.uint8)
    for entry in range(39, -1, -1):
        number = MULTIPLIER * number % MODULUS
        if entry < 32:
            table[entry] = number >> 26
    return table, np.array([number, table[0]], np.int64)


@numba.njit(cache=True)
def _times(factor, number):
    """Return factor * number mod 2^31 - 1, for factors below 2^31."""
    product = factor * number
    folded = (product & MODULUS) + (product >> 31)
    return folded - MODULUS if folded >= MODULUS else folded


@numba.njit(cache=True)
def _ran1_fill(table, state, words, n_frames):
    """Write `n_frames` frames into the zeroed `words` (y, x, word); advance `table` and `state`."""
    height, width, _ = words.shape
    rows = np.zeros((CHUNK // 64, width * height), np.uint64)
    for first in range(0, n_frames, CHUNK):
        size = min(CHUNK, n_frames - first)
        rows[:] = 0
        for frame in range(size):
            _ran1_frame(table, state, rows[frame // 64], np.uint64(frame % 64))
        for y in range(height):
            for x in range(width):
                for word in range((size + 63) // 64):
                    words[y, x, first // 64 + word] = rows[word, x * height + y]


@numba.njit(cache=True)
def _ran1_frame(table, state, row, shift):
    """Set bit `shift` of the words in `row` (pixel in drawn order) to one frame's draws."""
    # Four streams, each four numbers ahead at a step, so that no product waits for the last one.
    lanes = np.empty(4, np.int64)
    lanes[0] = _times(MULTIPLIER, state[0])
    for lane in range(1, 4):
        lanes[lane] = _times(MULTIPLIER, lanes[lane - 1])
    square = _times(MULTIPLIER, MULTIPLIER)
    jump = _times(square, square)
    number, draw = state
    for pixel in range(row.size):
        number = lanes[pixel & 3]
        lanes[pixel & 3] = _times(jump, number)
        entry = draw
        draw = np.int64(table[entry])
        table[entry] = number >> 26
        row[pixel] |= np.uint64(draw >> 4) << shift
    state[0] = number
    state[1] = draw
