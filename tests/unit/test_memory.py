"""Freed memory is kept, where the C library can be told so."""

import platform
import subprocess
import sys

import pytest

#: Counts the pages that the kernel hands out while large arrays come and go.
PROGRAM = """
import resource, sys
import numpy as np
from finefield.memory import keep_freed
if sys.argv[1] == "kept":
    assert keep_freed()
before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
for _ in range(10):
    np.ones(5_000_000)
print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="a setting of glibc")
def test_arrays_that_come_and_go_use_the_same_pages():
    pages = {
        how: int(subprocess.run(
            [sys.executable, "-c", PROGRAM, how], check=True, capture_output=True, text=True,
            env={"PYTHONPATH": "workflow", "GLIBC_TUNABLES": ""},
        ).stdout)
        for how in ("kept", "given back")
    }  # fmt: skip
    # 40 MB are 9,766 pages; ten arrays of new pages each are ten times that.
    assert pages["kept"] < 3 * 9766 < 8 * 9766 < pages["given back"]
