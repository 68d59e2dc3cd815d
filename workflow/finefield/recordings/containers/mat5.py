"""Variables of MATLAB files of version 5 to 7."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
import scipy.io
from scipy.io.matlab import MatlabOpaque, varmats_from_mat

from finefield.recordings.containers.classes import labelled


def headers(path: Path) -> dict[str, tuple[int, ...] | None]:
    """Name and shape of every variable; those of structs' fields are named ``struct/field``."""
    listed = _listed(path)
    found = {name: shape for name, shape, kind in listed if kind != "struct"}
    structs = [name for name, _, kind in listed if kind == "struct"]
    for name, value in _loaded(path, structs).items():
        found |= {field: one.shape for field, one in _fields(name, value)}
    return found


def load(path: Path, names: Iterable[str]) -> dict[str, np.ndarray]:
    """The named variables; cell arrays, and fields of struct arrays, are arrays of objects."""
    names = list(names)
    found = _loaded(path, {name.partition("/")[0] for name in names})
    fields = {field: one for name, value in found.items() for field, one in _fields(name, value)}
    return {name: fields[name] if name in fields else found[name] for name in names}


def _listed(path: Path) -> list[tuple[str, tuple[int, ...] | None, str]]:
    """Name, shape and kind of every variable, those of MATLAB's own classes as `labelled`."""
    try:
        return scipy.io.whosmat(path)
    except TypeError:
        # SciPy cannot list own classes, and loads them without their name.
        with path.open("rb") as file:
            parts = varmats_from_mat(file)
    listed = []
    for name, part in parts:
        value = scipy.io.loadmat(part).get("None") if name == "None" else None
        if isinstance(value, MatlabOpaque):
            listed.append((_label(value), None, "opaque"))
        else:
            listed += scipy.io.whosmat(part)
    return listed


def _label(value: MatlabOpaque, name: str | None = None) -> str:
    """What a listing calls a value of an own class; its own name unless another is given."""
    one = value.ravel()[0]
    return labelled(name or one["s0"].decode(), one["s2"].decode())


def _loaded(path: Path, names: Iterable[str]) -> dict[str, np.ndarray]:
    names = list(names)
    # Without a name SciPy would load everything.
    found = scipy.io.loadmat(path, variable_names=names) if names else {}
    return {name: found[name] for name in names}


def _fields(name: str, value: np.ndarray) -> Iterator[tuple[str, np.ndarray]]:
    """Fields of a struct, and of structs in it, by name; nothing if it is none."""
    for field in getattr(value, "dtype", np.dtype(float)).names or ():
        inner = value[field]
        if inner.size == 1 and isinstance(inner.item(), np.ndarray):
            inner = inner.item()
        if isinstance(inner, MatlabOpaque):
            yield _label(inner, f"{name}/{field}"), inner
            continue
        yield f"{name}/{field}", inner
        yield from _fields(f"{name}/{field}", inner)
