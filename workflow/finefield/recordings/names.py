"""Names of cells: their order, and whether they can be names of files."""

import re
from collections.abc import Iterable, Sequence

import numpy as np

from finefield.base.errors import UserError

NAME = re.compile("[A-Za-z0-9][A-Za-z0-9_-]*")
BYTES = re.compile("b'(.*)'")


def natural_order(names: Iterable[str]) -> list[str]:
    """Sort names with the numbers in them as numbers.

    Examples
    --------
    >>> natural_order(["unit10", "unit2", "unit1b"])
    ['unit1b', 'unit2', 'unit10']
    """

    def key(name: str) -> tuple:
        parts = re.split("([0-9]+)", name)
        return [int(part) if n % 2 else part for n, part in enumerate(parts)], name

    return sorted(names, key=key)


def as_names(values: np.ndarray, thing: str) -> list[str]:
    """Texts or whole numbers of an array, as names of cells.

    Parameters
    ----------
    values : ndarray
        Texts, whole numbers, or an array of objects that each hold one of them.
    thing : str
        What messages call the array.

    Returns
    -------
    list of str

    Raises
    ------
    UserError
        If there is something else in it.

    Examples
    --------
    >>> as_names(np.array([[3.0, 12.0]]), "ids")
    ['3', '12']
    >>> as_names(np.array([b"on_1"]), "ids"), as_names(np.array(["b'on_1'"]), "ids")
    (['on_1'], ['on_1'])
    """
    names = []
    for value in np.ravel(values):
        # A MATLAB cell array holds arrays of one text each.
        one = np.ravel(value)[0] if np.size(value) == 1 else None
        if isinstance(one, bytes):
            one = one.decode(errors="replace")
        if isinstance(one, str):
            # MATLAB pads the rows of a matrix of characters; some save what Python shows of bytes.
            shown = BYTES.fullmatch(one.rstrip(" "))
            names.append(shown[1] if shown else one.rstrip(" "))
        elif isinstance(one, int | float | np.number) and one == np.floor(one):
            names.append(str(int(one)))
        else:
            fix = "save a list of names, such as a cell array of texts, one for each cell"
            raise UserError(thing, f"{value!r} in it", "texts or whole numbers", fix)
    return names


def check_names(names: Sequence[str], thing: str) -> list[str]:
    """Return the names of cells if files can be named after them.

    Parameters
    ----------
    names : sequence of str
        The names.
    thing : str
        What messages call them.

    Returns
    -------
    list of str
        The same names.

    Raises
    ------
    UserError
        If there is no name; if one is not made of letters, digits, - and _, beginning with a letter
        or digit; if two are equal or differ by case alone.

    Examples
    --------
    >>> check_names(["ON_1", "on-2"], "cells.mat: names")
    ['ON_1', 'on-2']
    """
    if not names:
        fix = "check what was saved; a recording needs one cell at least"
        raise UserError(thing, "no cells", "at least one cell", fix)
    seen: dict[str, str] = {}
    for name in names:
        if not NAME.fullmatch(name):
            expected = "letters, digits, - and _, beginning with a letter or digit"
            fix = "rename the cell: files of results bear its name"
            raise UserError(thing, f"a cell named {name!r}", expected, fix)
        if name.casefold() in seen:
            got = f"cells named {seen[name.casefold()]!r} and {name!r}"
            expected = "names that differ by more than upper and lower case"
            raise UserError(thing, got, expected, "rename one: files of results bear the names")
        seen[name.casefold()] = name
    return list(names)


def names_for(found: np.ndarray | None, n_cells: int, thing: str) -> list[str]:
    """Checked names of cells that lie in an array, as a second variable tells them.

    Parameters
    ----------
    found : ndarray or None
        The variable of names; None: the cells are numbered from 0.
    n_cells : int
        Cells in the array.
    thing : str
        What messages call the variable.

    Returns
    -------
    list of str

    Raises
    ------
    UserError
        If names and cells differ in number, or as from `as_names` and `check_names`.

    Examples
    --------
    >>> names_for(None, 2, "cells.mat: spk1")
    ['0', '1']
    """
    names = as_names(np.arange(n_cells) if found is None else found, thing)
    if len(names) != n_cells:
        fix = "save one name for each cell, in the cells' order"
        raise UserError(thing, f"{len(names)} names", f"{n_cells}, as many as cells", fix)
    return check_names(names, thing)
