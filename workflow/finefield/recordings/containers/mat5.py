"""Variables of MATLAB files of version 5 to 7."""

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import scipy.io


def headers(path: Path) -> dict[str, tuple[int, ...]]:
    """Name and shape of every variable."""
    return {name: shape for name, shape, _ in scipy.io.whosmat(path)}


def load(path: Path, names: Iterable[str]) -> dict[str, np.ndarray]:
    """The named variables; cell arrays are arrays of objects."""
    found = scipy.io.loadmat(path, variable_names=list(names))
    return {name: found[name] for name in names}
