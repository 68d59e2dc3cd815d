"""Folders of text files: numbers apart by blanks, in lines."""

import warnings
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from finefield.base.errors import UserError


def headers(path: Path) -> dict[str, None]:
    """Name of every text file, with that of its folder if it lies in one; no shapes."""
    files = [*path.glob("*.txt"), *path.glob("*/*.txt")]
    return {file.relative_to(path).with_suffix("").as_posix(): None for file in files}


def load(path: Path, names: Iterable[str]) -> dict[str, np.ndarray]:
    """The named files as float64 (line, column); UserError where there is no table of numbers."""
    return {name: _table(path / f"{name}.txt") for name in names}


def _table(file: Path) -> np.ndarray:
    """Numbers of one file."""
    try:
        with warnings.catch_warnings():
            # A cell without spikes is an empty file.
            warnings.filterwarnings("ignore", "loadtxt: input contained no data")
            return np.loadtxt(file, ndmin=2)
    except ValueError as error:
        raise UserError(
            str(file),
            f"text that is no table of numbers ({error})",
            "numbers alone, as many in every line",
            "correct that line; write nan for a frame that was not shown",
        ) from error
