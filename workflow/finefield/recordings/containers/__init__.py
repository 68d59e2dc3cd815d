"""Variables of a recording, in whichever of five kinds of container they lie."""

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType

import numpy as np
from scipy.io.matlab import matfile_version

from finefield.base.errors import UserError
from finefield.base.extras import is_hdf5
from finefield.recordings.containers import hdf5, mat5, npz, text
from finefield.recordings.containers.classes import refuse_own_class

MISSING = "check the path; a relative one begins where the run is started"
#: Where public recordings are to lie, and what to do if they do not.
PUBLIC = "resources/recordings"
DOWNLOAD = "get the data set by hand, as docs/public-sets.md says, or check the path"
FETCH_AGAIN = "fetch the file again and compare its size with the original's"
KINDS = "a MATLAB file, a NumPy .npz file, an HDF5 file or a folder of text files"
#: What HDF5 says of files that are whole, in lower case: what was got, was expected, and the fix.
HARMLESS = {
    "unable to lock file": (
        "a file that another program has open for writing",
        "a file that is closed",
        "close the file there, or copy it",
    ),
    "required filter": (
        "data that are compressed by a filter that is not installed",
        "data that are not compressed, or by gzip",
        "save the file again with gzip compression, or without",
    ),
}


@contextmanager
def reading(path: Path) -> Iterator[None]:
    """Turn whatever goes wrong while a file is read into a UserError that names it."""
    try:
        yield
    except UserError:
        raise
    except FileNotFoundError as error:
        fix = DOWNLOAD if PUBLIC in path.as_posix() else MISSING
        raise UserError(f"recording {path}", "no such file", KINDS, fix) from error
    except PermissionError as error:
        raise UserError(
            f"recording {error.filename or path}",
            "no permission to read it",
            "a file that you may read",
            "ask its owner for it, or change its permissions with chmod",
        ) from error
    # Libraries raise whatever the bytes of a damaged file lead them to.
    except Exception as error:
        for words, harmless in HARMLESS.items():
            if words in str(error).lower():
                raise UserError(f"recording {path}", *harmless) from error
        got = f"{path.stat().st_size} bytes that cannot be read to the end ({error})"
        raise UserError(f"recording {path}", got, "a whole file", FETCH_AGAIN) from error


def recognise(path: Path) -> ModuleType:
    """Which module reads a file, by its content: `mat5`, `hdf5`, `npz` or `text`.

    Parameters
    ----------
    path : Path
        A file or folder.

    Raises
    ------
    UserError
        If it is missing, closed to the user, or of none of these kinds.
    """
    with reading(path):
        if path.is_dir():
            return text
        with path.open("rb") as file:
            if file.read(4) == b"PK\x03\x04":
                return npz
            if is_hdf5(file):
                return hdf5
        version = _matlab_version(path)
    if version == 5:
        return mat5
    if version == 4:
        raise UserError(
            f"recording {path}",
            "a MATLAB file of version 4",
            "a MATLAB file of version 5 to 7.3",
            "save it again in MATLAB with save(..., '-v7')",
        )
    got = f"{path.stat().st_size} bytes of a MATLAB file of version 7.3, which has more"
    raise UserError(f"recording {path}", got, "a whole MATLAB file", FETCH_AGAIN)


def headers(path: Path) -> dict[str, tuple[int, ...] | None]:
    """Name and shape of everything in a container, read cheaply.

    Parameters
    ----------
    path : Path
        A file or folder.

    Returns
    -------
    dict
        Name -> shape (None in folders, where only reading tells). Entries of a group or folder are
        named ``group/entry``; variables of MATLAB's own classes as `classes.labelled` says.

    Raises
    ------
    UserError
        As from `recognise`; if the file is damaged, or a library that reads it is missing.

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "cells.npz"
    >>> np.savez(path, a=np.zeros((2, 3)))
    >>> headers(path)
    {'a': (2, 3)}
    """
    reader = recognise(path)
    with reading(path):
        return reader.headers(path)


def load(path: Path, keys: Iterable[str]) -> dict[str, np.ndarray | dict[str, np.ndarray]]:
    """Read variables.

    Parameters
    ----------
    path : Path
        A file or folder.
    keys : iterable of str
        Names of variables, groups, or folders.

    Returns
    -------
    dict
        Key -> array, or the entries of a group or folder by name. Cell arrays are arrays of
        objects.

    Raises
    ------
    UserError
        As from `headers`; if a variable is not there, with a list of those that are.

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "cells.npz"
    >>> np.savez(path, a=np.arange(2), **{"b/c": np.arange(3)})
    >>> load(path, ["a", "b"])
    {'a': array([0, 1]), 'b': {'c': array([0, 1, 2])}}
    """
    reader = recognise(path)
    with reading(path):
        shapes = reader.headers(path)
        names = {key: [key] if key in shapes else entries(path, shapes, key) for key in keys}
        found = reader.load(path, [name for each in names.values() for name in each])
    return {
        key: found[key] if key in found else {name[len(key) + 1 :]: found[name] for name in each}
        for key, each in names.items()
    }


def files(path: Path) -> list[Path]:
    """The file itself, or the text files of a folder."""
    return text.files(path) if path.is_dir() else [path]


def entries(path: Path, shapes: dict, key: str) -> list[str]:
    """Full names of a group's entries; UserError, listing what is there, if there is no group."""
    refuse_own_class(path, shapes, key)
    names = [name for name in shapes if name.startswith(f"{key}/")]
    if not names:
        fix = (
            "correct the array's name in the config, or set its key to null if there is no frozen "
        )
        fix += "sequence; a file cut short loses arrays too"
        if any(f"{name}/".startswith(f"{key.replace('.', '/')}/") for name in shapes):
            fix = f"write {key.replace('.', '/')}"
        got = f"no array {key}, but {_listing(shapes)}"
        raise UserError(f"recording {path}", got, f"an array {key}", fix)
    return names


def numbers(found: np.ndarray | dict, thing: str, fix: str) -> np.ndarray:
    """Return a variable that is an array of real numbers; raise UserError for any other.

    Parameters
    ----------
    found : ndarray or dict
        What `load` found.
    thing, fix : str
        What messages call it, and the fix they tell.
    """
    if not isinstance(found, np.ndarray):
        # SciPy has types of its own for sparse arrays.
        got = f"{len(found)} arrays" if isinstance(found, dict) else f"a {type(found).__name__}"
        raise UserError(thing, got, "one array of numbers", fix)
    if found.dtype.kind not in "buif":
        raise UserError(thing, f"values of type {found.dtype}", "numbers", fix)
    return found


def _listing(shapes: dict) -> str:
    """What is in a container, in words; the entries of groups are counted."""
    groups = Counter(name.rpartition("/")[0] for name in shapes if "/" in name)
    alone = (name if shape is None else f"{name} {shape}" for name, shape in shapes.items())
    parts = [part for part in alone if "/" not in part]
    parts += [f"{group} with {n} entries" for group, n in groups.items()]
    return ", ".join(parts) or "no array"


def _matlab_version(path: Path) -> float:
    """MATLAB version of a file, 4, 5 (to 7) or 7.3; UserError if MATLAB did not write it."""
    try:
        return {0: 4, 1: 5, 2: 7.3}[matfile_version(path)[0]]
    # SciPy raises whatever the first bytes lead it to.
    except Exception as error:
        got = f"{path.stat().st_size} bytes that do not begin as a MATLAB, .npz or HDF5 file"
        raise UserError(f"recording {path}", f"{got} ({error})", KINDS, FETCH_AGAIN) from error
