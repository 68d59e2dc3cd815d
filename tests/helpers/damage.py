"""Files with a damage that nothing but their content tells of."""

import numpy as np


def flipped_copies(path, number):
    """Copies of a file beside it, each with one bit flipped at a random place.

    Parameters
    ----------
    path : Path
        A whole file.
    number : int
        Number of copies.

    Yields
    ------
    Path
        A name of its own for each, as a checksum is compared once for a file.
    """
    content, rng = path.read_bytes(), np.random.default_rng(0)
    for place in rng.choice(len(content), number, replace=False):
        flipped = bytearray(content)
        flipped[place] ^= 1 << rng.integers(8)
        copy = path.with_name(f"{place}{path.suffix}")
        copy.write_bytes(flipped)
        yield copy
