"""The random numbers `ran1` and `gasdev` of Numerical Recipes, compiled."""

from collections.abc import Callable

import numba
import numpy as np

from finefield.base.errors import UserError

MODULUS = 2**31 - 1
MULTIPLIER = 16807
#: A number's upper five bits, those above this many, choose an entry of the table of 32.
SHIFT = 26
#: Largest value of `ran1`, written as in the book.
LARGEST = 1.0 - 1.2e-7
#: Frames collected before they are written out: 512 bits of a pixel fill one cache line.
CHUNK = 512


def bit_source(seed: int) -> Callable[[int, int, int], np.ndarray]:
    """Draws of `ran1` as bits: those of at least 0.5 are ones.

    Parameters
    ----------
    seed : int
        Seed as given to `ran1`, from -2147483646 to 0; 0 is taken as -1, as `ran1` does.

    Returns
    -------
    function of (n_frames, height, width) to ndarray of uint64, shape (y, x, word)
        Gives the stream's next frames, drawn in the order frame, x, y (y fastest). Frame ``f`` is
        bit ``f % 64``, lowest first, of word ``f // 64``; unused bits are 0.

    Raises
    ------
    UserError
        If `ran1` would not start from this seed.

    Notes
    -----
    Press et al., Numerical Recipes in C, 2nd edition, section 7.1: the Park-Miller generator
    x <- 16807 x mod (2^31 - 1), shuffled through a table of 32 after Bays and Durham. Only the
    upper five bits of a draw matter: they choose the next table entry, and the uppermost of them
    is the draw's bit. So the table holds five bits an entry, which is faster.

    Examples
    --------
    >>> draw = bit_source(-10000)
    >>> [f"{word:b}" for word in draw(8, height=1, width=2).ravel()]
    ['11100', '110111']
    """
    table, state = _start(seed)
    table = (table >> SHIFT).astype(np.uint8)
    state[1] >>= SHIFT

    def draw(n_frames: int, height: int, width: int) -> np.ndarray:
        words = np.zeros((height, width, -(-n_frames // 64)), np.uint64)
        _fill_bits(table, state, words, n_frames)
        return words

    return draw


def normal_source(seed: int) -> Callable[[int], np.ndarray]:
    """Normal numbers of `gasdev`, made from those of `ran1`.

    Parameters
    ----------
    seed : int
        As in `bit_source`.

    Returns
    -------
    function of int to ndarray of float64, shape (n,)
        Gives the stream's next `n` numbers, of mean 0 and variance 1.

    Raises
    ------
    UserError
        If `ran1` would not start from this seed.

    Notes
    -----
    Numerical Recipes in C, section 7.2, the polar method of Box and Muller, in double precision.

    Examples
    --------
    >>> normal_source(-1000)(3).round(6).tolist()
    [-0.156801, -1.367149, 0.003798]
    """
    table, state = _start(seed)
    spare = np.array([np.nan])

    def draw(n: int) -> np.ndarray:
        values = np.empty(n)
        _fill_normal(table, state, spare, values)
        return values

    return draw


def _start(seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Table (32,) and state after `ran1`'s warm-up: its Park-Miller number and its last draw."""
    if not -MODULUS < seed <= 0:
        raise UserError(
            "seed of ran1",
            seed,
            f"a whole number from {1 - MODULUS} to 0",
            "give it with its minus sign; ran1 itself takes every seed above 0 as -1",
        )
    number = max(-seed, 1)
    table = np.zeros(32, np.int64)
    for entry in range(39, -1, -1):
        number = MULTIPLIER * number % MODULUS
        if entry < 32:
            table[entry] = number
    return table, np.array([number, table[0]])


@numba.njit(cache=True)
def _times(factor, number):
    """Return factor * number mod 2^31 - 1, for factors below 2^31."""
    product = factor * number
    folded = (product & MODULUS) + (product >> 31)
    return folded - MODULUS if folded >= MODULUS else folded


@numba.njit(cache=True)
def _fill_bits(table, state, words, n_frames):
    """Write `n_frames` frames into the zeroed `words` (y, x, word); advance `table` and `state`."""
    height, width, _ = words.shape
    rows = np.zeros((CHUNK // 64, width * height), np.uint64)
    for first in range(0, n_frames, CHUNK):
        size = min(CHUNK, n_frames - first)
        rows[:] = 0
        for frame in range(size):
            _fill_frame(table, state, rows[frame // 64], np.uint64(frame % 64))
        for y in range(height):
            for x in range(width):
                for word in range((size + 63) // 64):
                    words[y, x, first // 64 + word] = rows[word, x * height + y]


@numba.njit(cache=True)
def _fill_frame(table, state, row, shift):
    """Set bit `shift` of the words in `row` (pixel in drawn order) to one frame's draws."""
    # Four streams, each four numbers ahead at a step, so that no product waits for the last one.
    lanes = np.empty(4, np.int64)
    lanes[0] = _times(MULTIPLIER, state[0])
    for lane in range(1, 4):
        lanes[lane] = _times(MULTIPLIER, lanes[lane - 1])
    square = _times(MULTIPLIER, MULTIPLIER)
    jump = _times(square, square)
    # Unsigned, as each draw waits for the last one and for whatever is done about negative indices.
    draw = np.uint64(state[1])
    for pixel in range(row.size):
        number = lanes[pixel & 3]
        lanes[pixel & 3] = _times(jump, number)
        entry = draw
        draw = np.uint64(table[entry])
        table[entry] = number >> SHIFT
        row[pixel] |= draw >> np.uint64(4) << shift
    state[0] = number
    state[1] = draw


@numba.njit(cache=True)
def _fill_normal(table, state, spare, values):
    """Write numbers of `gasdev` into `values`; advance `table` and `state`.

    They come in pairs: `spare` holds the second of a pair until the next call, otherwise NaN.
    """
    number, drawn = state
    start = 0
    if values.size and not np.isnan(spare[0]):
        values[0], spare[0], start = spare[0], np.nan, 1
    for i in range(start, values.size, 2):
        square = 0.0
        while square >= 1.0 or square == 0.0:
            number, drawn, second = _signed(table, number, drawn)
            number, drawn, first = _signed(table, number, drawn)
            square = second * second + first * first
        factor = np.sqrt(-2.0 * np.log(square) / square)
        values[i] = first * factor
        if i + 1 < values.size:
            values[i + 1] = second * factor
        else:
            spare[0] = second * factor
    state[0] = number
    state[1] = drawn


@numba.njit(cache=True)
def _signed(table, number, drawn):
    """Step `ran1` once: its Park-Miller number, its draw, and that as a value from -1 to 1."""
    number = _times(MULTIPLIER, number)
    entry = drawn >> SHIFT
    drawn = table[entry]
    table[entry] = number
    return number, drawn, 2.0 * min(drawn * (1.0 / MODULUS), LARGEST) - 1.0
