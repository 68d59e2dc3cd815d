"""Memory that is freed and soon asked for again."""

import ctypes

#: Parameters of glibc's mallopt.
TRIM_THRESHOLD, MMAP_THRESHOLD = -1, -3


def keep_freed() -> bool:
    """Tell the C library to keep memory that is freed, up to 1 GiB at a time.

    Otherwise each large array of each training step is a new mapping whose pages the kernel must
    clear again, which can take longer than the arithmetic, above all on virtual machines.

    Returns
    -------
    bool
        Whether the C library took it; others than glibc do not have the setting.

    Notes
    -----
    Linux manual, mallopt(3).
    """
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (AttributeError, OSError, TypeError):
        return False
    return bool(mallopt(MMAP_THRESHOLD, 1 << 30) and mallopt(TRIM_THRESHOLD, 1 << 30))
