"""Variables of MATLAB's own classes, such as string and table, which MATLAB alone can read."""

from collections.abc import Iterable
from pathlib import Path

from finefield.base.errors import UserError

#: How MATLAB saves what such a variable holds.
AS_OTHERS = {
    "string": "cellstr({})",
    "categorical": "cellstr({})",
    "datetime": "seconds({0} - {0}(1))",
    "duration": "seconds({})",
    "table": "table2struct({}, 'ToScalar', true)",
    "timetable": "table2struct(timetable2table({}), 'ToScalar', true)",
}


def labelled(name: str, kind: str) -> str:
    """What a listing calls a variable of a class; other names have no blanks."""
    return f"{name} of class {kind}"


def refuse_own_class(path: Path, listed: Iterable[str], key: str) -> None:
    """Raise UserError if a variable, or a field of it, is of one of MATLAB's own classes.

    Parameters
    ----------
    path : Path
        The file.
    listed : iterable of str
        Names of all variables, as from `containers.headers`.
    key : str
        The variable that is asked for.

    Examples
    --------
    >>> refuse_own_class(Path("a.mat"), ["spk1", "who of class string"], "who")
    Traceback (most recent call last):
    finefield.base.errors.UserError: a.mat: who: got a variable of class string, which MATLAB \
alone can read; expected numbers, char, cell arrays or structs. Fix: in MATLAB, save who = \
cellstr(who)
    """
    for label in listed:
        name, is_own, kind = label.partition(labelled("", ""))
        if is_own and (name == key or name.startswith(f"{key}/")):
            name = name.replace("/", ".")
            got = f"a variable of class {kind}, which MATLAB alone can read"
            other = AS_OTHERS.get(kind, "what {} holds, as one of these").format(name)
            expected = "numbers, char, cell arrays or structs"
            raise UserError(f"{path}: {name}", got, expected, f"in MATLAB, save {name} = {other}")
