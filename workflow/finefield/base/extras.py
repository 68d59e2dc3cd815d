"""Libraries that only some formats of recordings need."""

import importlib
from types import ModuleType

from finefield.base.errors import UserError


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
            f"{module}, which reads recordings of this format",
            f"pip install --requirement envs/requirements-{extra}.txt",
        ) from error
