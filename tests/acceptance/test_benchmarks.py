"""Benchmarks, which no run makes, still fit the library."""

import importlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[2] / "benchmarks"
#: Programs of other environments.
ELSEWHERE = "brian2_cell"
NAMES = sorted(path.stem for path in FOLDER.glob("*.py") if path.stem != ELSEWHERE)


@pytest.fixture(autouse=True)
def beside_each_other(monkeypatch):
    """Benchmarks import each other, as Python does for a script."""
    monkeypatch.syspath_prepend(FOLDER)


@pytest.mark.parametrize("name", NAMES)
def test_a_benchmark_finds_what_it_imports(name):
    assert importlib.import_module(name).__doc__


def test_subunits_are_found_from_positions():
    with ThreadPoolExecutor(1) as pool:
        found = importlib.import_module("positions").paper(pool, 20_000, 1)
    assert found["seeds"] == 1 and 100 < found["spikes"] < 400
    assert found["others found"] == 0 and found["all four at 0.95"] == 1
