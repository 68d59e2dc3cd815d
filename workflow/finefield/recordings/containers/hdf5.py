"""Datasets of HDF5 files, with MATLAB's own way of writing them (version 7.3)."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np

from finefield.base.extras import optional
from finefield.recordings.containers.classes import labelled


def headers(path: Path) -> dict[str, tuple[int, ...] | None]:
    """Name, with its groups', and shape of every dataset, as MATLAB tells it if MATLAB wrote it."""
    with optional("h5py", "hdf5").File(path, "r") as file:
        return dict(_header(name, one) for name, one in _datasets(file, "", ()))


def _header(name: str, dataset) -> tuple[str, tuple[int, ...] | None]:
    """Name and shape of a dataset; one of MATLAB's own classes holds no values of its own."""
    if "MATLAB_object_decode" in dataset.attrs:
        return labelled(name, _matlab_class(dataset)), None
    return name, _shape(dataset)


def _datasets(group, prefix: str, above: tuple) -> Iterator[tuple]:
    """Name and dataset of everything in a group, links followed, but not into groups `above`."""
    for name in group:
        # MATLAB keeps what cell arrays hold in groups such as #refs#.
        item = None if name.startswith("#") else group.get(name)
        if item is None or any(item == one for one in (group, *above)):
            continue
        if hasattr(item, "keys"):
            yield from _datasets(item, f"{prefix}{name}/", (group, *above))
        elif hasattr(item, "shape"):
            yield f"{prefix}{name}", item


def load(path: Path, names: Iterable[str]) -> dict[str, np.ndarray]:
    """The named datasets; MATLAB's cell arrays are arrays of objects."""
    with optional("h5py", "hdf5").File(path, "r") as file:
        return {name: array(file[name]) for name in names}


def array(dataset) -> np.ndarray:
    """Values of one dataset.

    MATLAB writes the axes in reverse order, texts as numbers of characters, a cell array as
    references to its elements, and of an empty array the shape alone.

    Parameters
    ----------
    dataset : h5py.Dataset
        The dataset; its attribute MATLAB_class tells whether MATLAB wrote it.

    Returns
    -------
    ndarray
        Numbers, texts, or objects.

    Examples
    --------
    >>> import h5py
    >>> file = h5py.File("example", "w", driver="core", backing_store=False)
    >>> file["v"] = np.zeros((3, 2))
    >>> array(file["v"]).shape
    (3, 2)
    >>> file["v"].attrs["MATLAB_class"] = np.bytes_("double")
    >>> array(file["v"]).shape
    (2, 3)
    """
    matlab = _matlab_class(dataset)
    if 0 in _shape(dataset):
        return np.empty(_shape(dataset), object if matlab == "cell" else dataset.dtype)
    if dataset.dtype.kind in "SO" and optional("h5py", "hdf5").check_string_dtype(dataset.dtype):
        return np.asarray(dataset.asstr()[()])
    values = np.asarray(dataset[()])
    # Fields of an array of structs are references, too, and have no class.
    if matlab == "cell" or optional("h5py", "hdf5").check_ref_dtype(dataset.dtype):
        elements = np.empty(values.shape, object)
        for place in np.ndindex(values.shape):
            elements[place] = array(dataset.file[values[place]])
        return elements.T
    if matlab == "char":
        return np.array(["".join(map(chr, row)) for row in values.T])
    return values.T if matlab else values


def _shape(dataset) -> tuple[int, ...]:
    """Shape of a dataset, in MATLAB's order of axes if MATLAB wrote it."""
    if dataset.shape is None:
        return (0,)
    if dataset.attrs.get("MATLAB_empty", 0):
        return tuple(int(length) for length in dataset[()])
    return dataset.shape[::-1] if _matlab_class(dataset) else dataset.shape


def _matlab_class(dataset) -> str:
    """MATLAB's name of the type, such as double, cell or char; empty if it did not write it."""
    name = dataset.attrs.get("MATLAB_class", "")
    return name.decode() if isinstance(name, bytes) else name
