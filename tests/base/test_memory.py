"""Freed memory is kept, where the C library can be told so."""

import platform
import subprocess
import sys

import pytest

#: Counts the pages that the kernel hands out while large arrays come and go.
PROGRAM = """
import resource
import numpy as np
from finefield.base.memory import keep_freed
assert keep_freed()
before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
for _ in range(200):
    first = np.ones(2_000_000)
    second = 2 * first
    del first, second
print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="a setting of glibc")
def test_arrays_that_come_and_go_use_the_same_pages():
    command = [sys.executable, "-c", PROGRAM]
    environment = {"PYTHONPATH": "workflow"}
    done = subprocess.run(command, check=True, capture_output=True, text=True, env=environment)
    # Two arrays of 16 MB are 7,813 pages of 4 kB, which are asked for once and not 200 times.
    assert int(done.stdout) < 2 * 7813
