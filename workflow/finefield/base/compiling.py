"""Functions that numba compiles when they are first used, as it takes half a second to load."""

from collections.abc import Callable
from functools import cache


@cache
def compiled(function: Callable) -> Callable:
    """A function of numbers and arrays, compiled; it holds no lock, so that threads can share it.

    Parameters
    ----------
    function : callable
        A function of a module, whose file tells where the compiled code is kept.

    Returns
    -------
    callable
    """
    import numba

    return numba.njit(cache=True, nogil=True, error_model="numpy")(function)
