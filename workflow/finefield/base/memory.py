"""Memory of large arrays: how it is asked for, and what becomes of it when it is freed."""

import ctypes
import os

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


def use_large_pages() -> None:
    """Tell PyTorch to ask for large pages of memory, before it makes its first tensor.

    A tensor of a gigabyte has a quarter of a million small pages. On some virtual machines they
    take three seconds to obtain, and large ones a tenth of that.

    Notes
    -----
    Linux manual, madvise(2), MADV_HUGEPAGE. NumPy asks for them by itself.
    """
    os.environ.setdefault("THP_MEM_ALLOC_ENABLE", "1")
