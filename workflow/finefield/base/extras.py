"""Libraries that only some formats of recordings and stimuli need, and when HDF5's is."""

import importlib
from types import ModuleType
from typing import BinaryIO

from finefield.base.errors import UserError

HDF5_SIGNATURE = b"\x89HDF\r\n\x1a\n"


def optional(module: str, extra: str) -> ModuleType:
    """Import a module that need not be installed.

    Parameters
    ----------
    module : str
        Its name.
    extra : str
        Which of envs/requirements-{extra}.txt installs it.

    Raises
    ------
    UserError
        If it is not there, with the command that installs it.

    Examples
    --------
    >>> optional("json", "hdf5").loads("[1]")
    [1]
    """
    try:
        return importlib.import_module(module)
    except ImportError as error:
        raise UserError(
            f"Python package {module}",
            f"none ({error})",
            f"{module}, which reads files of this format",
            f"pip install --requirement envs/requirements-{extra}.txt",
        ) from error


def is_hdf5(file: BinaryIO) -> bool:
    """Whether an open file has HDF5's signature, which may follow 512, 1024, 2048 ... bytes."""
    offset = 0
    while True:
        file.seek(offset)
        start = file.read(len(HDF5_SIGNATURE))
        if len(start) < len(HDF5_SIGNATURE) or start == HDF5_SIGNATURE:
            return start == HDF5_SIGNATURE
        offset = 2 * offset or 512
