"""The reference part of docs/files.md, rendered from what is declared of all files.

``python -m finefield.tables.reference docs/files.md`` renders the part anew.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

from finefield.base.errors import UserError
from finefield.files.average import AVERAGE
from finefield.files.cell import CELL, PHYSIOLOGY
from finefield.files.declared import ROOT, File, Group, Variable
from finefield.files.filters import FILTERS
from finefield.files.matching import MATCHING
from finefield.files.model import MODEL
from finefield.files.pruning import PRUNING
from finefield.files.responses import RECORDING, RESPONSES
from finefield.files.stability import STABILITY
from finefield.files.stimulus import STIMULUS
from finefield.files.transfer import TRANSFER
from finefield.tables.cells import CELLS
from finefield.tables.quality import RECORDING_QUALITY
from finefield.tables.subunits import SUBUNITS
from finefield.tables.sweeps import SWEEP
from finefield.tables.targets import TARGETS
from finefield.tables.transfer import TRANSFERS

MARKER = "<!-- generated from what workflow/finefield declares of its files: make docs -->\n"
#: Every kind of file, in the order of the stages.
FILES = (
    RECORDING, RECORDING_QUALITY, STIMULUS, CELL, CELLS, RESPONSES, PHYSIOLOGY, AVERAGE, MODEL,
    FILTERS, PRUNING, MATCHING, STABILITY, SUBUNITS, TARGETS, TRANSFER, TRANSFERS, SWEEP,
)  # fmt: skip


def write_reference(path: str | Path) -> None:
    """Replace what follows the marker in a Markdown file by `file_table`.

    Raises
    ------
    UserError
        If the file has no marker.
    """
    intro, marker, _ = Path(path).read_text(encoding="utf-8").partition(MARKER)
    if not marker:
        raise UserError(str(path), "no marker", MARKER.strip(), "add the marker line")
    Path(path).write_text(f"{intro}{marker}\n{file_table()}", encoding="utf-8")


def file_table() -> str:
    """Every variable of every kind of file as Markdown, a table for each kind.

    Examples
    --------
    >>> "| `test` | `measured_rate (frame)` | Hz | measured firing rate" in file_table()
    True
    """
    return "\n".join(line for file in FILES for line in _section(file))


def _section(file: File) -> Iterator[str]:
    """One kind of file: heading, meaning and table."""
    yield from (f"## `{file.path}`", "", f"{file.meaning[0].upper()}{file.meaning[1:]}.", "")
    yield from ("| group | variable | units | meaning |", "| --- | --- | --- | --- |")
    for places, group in _alike(file):
        first = ", ".join(_place(file, place) for place in places)
        for name, variable in group.items():
            yield _row(first, name, variable)
            first = ""
    yield ""


def _place(file: File, place: str) -> str:
    """A group's name, and which files have it."""
    only = f" ({file.absent[place]})" if place in file.absent else ""
    return "root" if place == ROOT else f"`{place}`{only}"


def _alike(file: File) -> list[tuple[list[str], Group]]:
    """Groups of the same variables together, as those of several kinds of starts."""
    found: list[tuple[list[str], Group]] = []
    for place, group in file.groups.items():
        for places, other in found:
            if _said(group) == _said(other):
                places.append(place)
                break
        else:
            found.append(([place], group))
    return found


def _said(group: Group) -> list[tuple]:
    """What a table says of a group, but for which files have it."""
    return [(name, one.dims, one.units, one.long_name) for name, one in group.items()]


def _row(places: str, name: str, variable: Variable) -> str:
    """One variable's line of a table."""
    dims = f" ({', '.join(variable.dims)})" if variable.dims else ""
    only = f" ({variable.only})" if variable.only else ""
    return f"| {places} | `{name}{dims}` | {variable.units} | {variable.long_name}{only} |"


if __name__ == "__main__":
    write_reference(sys.argv[1])
