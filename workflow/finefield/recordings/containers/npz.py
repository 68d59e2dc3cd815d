"""Entries of NumPy's .npz files."""

import zipfile
from collections.abc import Iterable
from pathlib import Path

import numpy as np
from numpy.lib import format as npy

from finefield.base.errors import UserError


def headers(path: Path) -> dict[str, tuple[int, ...]]:
    """Name and shape of every array."""
    return {name: shape for name, (shape, _) in _headers(path).items()}


def load(path: Path, names: Iterable[str]) -> dict[str, np.ndarray]:
    """The named arrays; UserError for arrays of Python objects."""
    types = {name: dtype for name, (_, dtype) in _headers(path).items()}
    for name in names:
        if types[name].hasobject:
            raise UserError(
                f"{path}: {name}",
                f"values of type {types[name]}",
                "numbers or texts: reading Python objects could run anything",
                f"save vectors of several lengths as entries '{name}/<cell>', one for each cell",
            )
    with np.load(path, allow_pickle=False) as file:
        return {name: file[name] for name in names}


def _headers(path: Path) -> dict[str, tuple[tuple[int, ...], np.dtype]]:
    """Shape and type of every array, without reading the values."""
    found = {}
    with zipfile.ZipFile(path) as archive:
        for entry in archive.namelist():
            if entry.endswith(".npy"):
                with archive.open(entry) as file:
                    version = npy.read_magic(file)
                    read = (
                        npy.read_array_header_1_0
                        if version == (1, 0)
                        else npy.read_array_header_2_0
                    )
                    shape, _, dtype = read(file)
                found[entry.removesuffix(".npy")] = shape, dtype
    return found
