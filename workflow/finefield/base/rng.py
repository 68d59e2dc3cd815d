"""Random numbers that depend on what they are for, never on the order of jobs."""

import zlib

import numpy as np

#: Sequence of a stimulus -> purpose of the random numbers that are drawn for it.
SEQUENCES = {"running": "None", "frozen": "frozen"}


def generator(seed: int, *purpose: str | int) -> np.random.Generator:
    """Independent generator for one purpose.

    Parameters
    ----------
    seed : int
        The config's seed, 0 or more.
    *purpose : str or int
        What the numbers are for, such as ``("simulated", "yan2020", "spikes")``.

    Returns
    -------
    numpy.random.Generator
        The same stream for the same arguments, on any machine and in any process.

    Examples
    --------
    >>> a, b = generator(1, "cell", "spikes"), generator(1, "cell", "weights")
    >>> bool(a.random() == generator(1, "cell", "spikes").random())
    True
    >>> bool(a.random() == b.random())
    False
    """
    key = [zlib.crc32(str(part).encode()) for part in purpose]
    return np.random.default_rng(np.random.SeedSequence(seed, spawn_key=key))
