"""Names of files and folders that Snakemake would misread."""

import re
from collections.abc import Iterable

from finefield.config.checks import require

#: What a shell takes as part of a word; letters of any script among them.
PLAIN = re.compile(r"[\w@%+=:,./-]+")
BRACES = re.compile(r"[{}]")
NO_BRACES = "a path without braces, which Snakemake takes for a wildcard"


def check_places(python: str, *folders: str) -> None:
    """Check where Python, the workflow and the results lie, as Snakemake uses their paths.

    Parameters
    ----------
    python : str
        Path of Python.
    *folders : str
        Folders of the Snakefile and of the run.

    Raises
    ------
    UserError
        If the path of Python has a blank or another character that a shell does not take as it is,
        or a folder's a brace.

    Examples
    --------
    >>> check_places("/home/me/retina/.venv/bin/python", "/home/me/retina/workflow")
    """
    expected = "letters, digits and _@%+=:,./- alone, as jobs start it without quotes"
    fix = "rename or move the folder, remove .venv in it, and run make again"
    require(bool(PLAIN.fullmatch(python)), "the path of Python", python, expected, fix)
    for folder in folders:
        fix = "rename or move the folder, and make its environment again if it lies there"
        require(not BRACES.search(folder), "a folder of the run", folder, NO_BRACES, fix)


def check_paths(thing: str, paths: Iterable[str]) -> None:
    """Raise UserError if the path of a file that a run reads has a brace.

    Parameters
    ----------
    thing : str
        Key of the config that names the files.
    paths : iterable of str
        The files.

    Examples
    --------
    >>> check_paths("datasets.eye", ["my eye/a(1).mat"])
    """
    for path in paths:
        require(not BRACES.search(path), thing, path, NO_BRACES, "rename the file or folder")
