"""White noise that one call of NumPy gave for a whole movie, made again block by block."""

from collections.abc import Iterator
from functools import partial

import numpy as np

from finefield.base.errors import UserError
from finefield.stimuli.noise import as_bits, as_levels, drawn_blocks
from finefield.stimuli.settings import NumpyNoise


def numpy_stream_blocks(
    settings: NumpyNoise,
    seed: int,
    n_frames: int,
    height: int,
    width: int,
    block: int | None = None,
) -> Iterator[tuple[int, np.ndarray]]:
    """The noise that one call of NumPy gave for a whole movie, block by block.

    Parameters
    ----------
    settings : NumpyNoise
        The generator and the distribution: "binary" for ``integers(0, 2, size)`` or
        ``randint(0, 2, size)``, "gaussian" for ``standard_normal(size)`` or ``randn(*size)``; and
        the order of the axes of `size`.
    seed : int
        The seed that the generator took.
    n_frames, height, width : int
        As in `noise.ran1_blocks`.
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
    The numbers of `RandomState` never change; those of `default_rng` may, with a release of NumPy
    (NumPy Enhancement Proposal 19).

    Examples
    --------
    >>> noise = NumpyNoise(kind="numpy", generator="RandomState", running_seed=1, frozen_seed=2)
    >>> first, bits = next(numpy_stream_blocks(noise, 1, 8, 1, 2))
    >>> np.unpackbits(bits, axis=-1, bitorder="little")[0].T.tolist()
    [[1, 1], [0, 0], [1, 1], [1, 1], [1, 0], [0, 1], [0, 1], [1, 0]]
    """
    source = _source(settings.generator, seed)
    if settings.distribution == "gaussian":
        draw, encode, usual = source.standard_normal, as_levels, 4096
    else:
        integers = source.integers if settings.generator == "default_rng" else source.randint
        draw, encode, usual = partial(integers, 0, 2), as_bits, 32768
    yield from drawn_blocks(draw, encode, settings.order, n_frames, height, width, block or usual)


def _source(generator: str, seed: int) -> np.random.Generator | np.random.RandomState:
    """NumPy's generator; UserError for a seed that it does not take."""
    try:
        return getattr(np.random, generator)(seed)
    except (ValueError, TypeError) as error:
        expected = f"a seed of {generator}: {error}"
        fix = "give the seed that the stimulus was made with"
        raise UserError("numpy noise: seed", seed, expected, fix) from error
