"""White noise that one call of NumPy or MATLAB gave for a whole movie, made again in blocks."""

from collections.abc import Callable, Iterator

import numpy as np

from finefield.base.errors import UserError
from finefield.stimuli.noise import as_bits, as_levels, drawn_blocks
from finefield.stimuli.settings import MatlabNoise, NumpyNoise

#: Numbers drawn at a time, and codes held, of an array whose frames do not come one after another.
PIECE, HELD = 2**22, 2**29
#: What MATLAB's twister takes instead of a seed of 0.
SEED_OF_0 = 5489


def numpy_stream_blocks(
    settings: NumpyNoise | MatlabNoise,
    seed: int,
    drawn: int,
    n_frames: int,
    height: int,
    width: int,
    block: int | None = None,
) -> Iterator[tuple[int, np.ndarray]]:
    """The noise that one call of NumPy or MATLAB gave for a whole movie, block by block.

    Parameters
    ----------
    settings : NumpyNoise or MatlabNoise
        The generator; the distribution: "binary" for ``integers(0, 2, size)``,
        ``randint(0, 2, size)`` or, with a threshold, ``random(size) > threshold`` and
        ``rand(size) > threshold``, "gaussian" for ``standard_normal(size)`` or ``randn(*size)``;
        and the order of the axes of `size`.
    seed : int
        The seed that the generator took.
    drawn : int
        Frames of the array that was drawn. Where they were drawn one after the other, the first
        ones do not depend on the others.
    n_frames, height, width : int
        As in `noise.ran1_blocks`; at most `drawn` frames.
    block : int, optional
        As there; 32,768 for bits and 4,096 for levels if left out.

    Yields
    ------
    first_frame : int
        First frame of the block.
    codes : ndarray of uint8, shape (y, x, byte) or (y, x, frame)
        Bits as in `noise.ran1_blocks`, or levels as in `noise.ran1_normal_blocks`.

    Notes
    -----
    MATLAB's twister is the Mersenne Twister that `RandomState` is, started in the same way from the
    same seed and with the same 53 bits of a number; MATLAB fills arrays with the first axis
    changing fastest. The numbers of `RandomState` never change; those of `default_rng` may, with a
    release of NumPy (NumPy Enhancement Proposal 19).

    Examples
    --------
    >>> noise = NumpyNoise(kind="numpy", generator="RandomState", running_seed=1, frozen_seed=2)
    >>> first, bits = next(numpy_stream_blocks(noise, 1, 8, 8, 1, 2))
    >>> np.unpackbits(bits, axis=-1, bitorder="little")[0].T.tolist()
    [[1, 1], [0, 0], [1, 1], [1, 1], [1, 0], [0, 1], [0, 1], [1, 0]]
    """
    shape, binary = (n_frames, height, width), settings.distribution == "binary"
    block = block or (32768 if binary else 4096)
    if settings.drawn_order[0] != "frame":
        yield from _redrawn_blocks(settings, seed, drawn, *shape, block)
        return
    draw, pack = _codes(settings, seed), as_bits if binary else np.asarray
    yield from drawn_blocks(draw, pack, settings.drawn_order, *shape, block)


def _redrawn_blocks(
    settings: NumpyNoise | MatlabNoise,
    seed: int,
    drawn: int,
    n_frames: int,
    height: int,
    width: int,
    block: int,
) -> Iterator[tuple[int, np.ndarray]]:
    """Blocks of an array whose frames were not drawn one after the other.

    All `drawn` frames are drawn again, a row or column after the other, once for each `HELD` bytes
    of codes; besides these bytes, a byte is held for each frame of one row or column.
    """
    order, binary = settings.drawn_order, settings.distribution == "binary"
    per_code, pack = (8, as_bits) if binary else (1, np.asarray)
    most = max(per_code * HELD // (height * width) // block, 1) * block
    for start in range(0, n_frames, most):
        stop = min(start + most, n_frames)
        held = np.empty((height, width, -(-(stop - start) // per_code)), np.uint8)
        draw = _codes(settings, seed)
        for line in held if order[0] == "y" else held.swapaxes(0, 1):
            line[:] = pack(_line(draw, order, drawn, len(line))[:, start:stop])
        for first in range(start, stop, block):
            place = (first - start) // per_code
            yield first, held[..., place : place + block // per_code]


def _line(
    draw: Callable[[int], np.ndarray], order: list[str], drawn: int, n_pixels: int
) -> np.ndarray:
    """A row or column in all frames, (pixel, frame), drawn with frames as the second axis or last.

    Numbers become codes piece by piece, as they are eight times as large.
    """
    total = drawn * n_pixels
    pieces = [draw(min(PIECE, total - start)) for start in range(0, total, PIECE)]
    codes = np.concatenate(pieces)
    by_frame = order[1] == "frame"
    return codes.reshape(drawn, n_pixels).T if by_frame else codes.reshape(n_pixels, drawn)


def _codes(settings: NumpyNoise | MatlabNoise, seed: int) -> Callable[[int], np.ndarray]:
    """Draws so many numbers from a seed, as zeros and ones (bool) or grey levels."""
    source = _source(settings, seed)
    if settings.distribution == "gaussian":
        return lambda n: as_levels(source.standard_normal(n))
    above, threshold = settings.bright == "above", settings.threshold
    if threshold is not None:
        side = np.greater if above else np.less
        return lambda n: side(source.random(n), threshold)
    integers = getattr(source, "integers", None) or source.randint
    return lambda n: integers(0, 2, n) == above


def _source(
    settings: NumpyNoise | MatlabNoise, seed: int
) -> np.random.Generator | np.random.RandomState:
    """NumPy's generator; UserError for a seed that it does not take."""
    name = {"twister": "RandomState"}.get(settings.generator, settings.generator)
    if settings.generator == "twister" and seed == 0:
        seed = SEED_OF_0
    try:
        return getattr(np.random, name)(seed)
    except (ValueError, TypeError) as error:
        expected = f"a seed of {settings.generator}: {error}"
        fix = "give the seed that the stimulus was made with"
        raise UserError(f"{settings.kind} noise: seed", seed, expected, fix) from error
