"""Freed memory is kept, and pages are large, where the system can be told so."""

import platform
import subprocess
import sys
from pathlib import Path

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


#: Counts the pages that the kernel hands out for a tensor of 200 MB.
TENSOR = """
import resource
import torch
from finefield.base.memory import use_large_pages
use_large_pages()
torch.ones(1)
before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
torch.ones(50_000_000)
print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
"""
LARGE_PAGES = Path("/sys/kernel/mm/transparent_hugepage/enabled")


def pages(program):
    """What a program prints: how many pages it asked for."""
    command, environment = [sys.executable, "-c", program], {"PYTHONPATH": "workflow"}
    done = subprocess.run(command, check=True, capture_output=True, text=True, env=environment)
    return int(done.stdout)


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="a setting of glibc")
def test_arrays_that_come_and_go_use_the_same_pages():
    # Two arrays of 16 MB are 7,813 pages of 4 kB, which are asked for once and not 200 times.
    assert pages(PROGRAM) < 2 * 7813


@pytest.mark.skipif(
    not LARGE_PAGES.exists() or "[never]" in LARGE_PAGES.read_text(), reason="a setting of Linux"
)
def test_tensors_have_large_pages():
    # In pages of 4 kB, 48,828.
    assert pages(TENSOR) < 10_000
