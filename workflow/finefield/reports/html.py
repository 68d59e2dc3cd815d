"""Pieces of HTML that need no network: text, tables, and tables that sort themselves."""

from html import escape
from pathlib import Path

import pandas as pd

from finefield.base.whole import whole

#: Looks of a page and of a piece of one; no font or script comes from elsewhere.
STYLE = """<style>
.finefield {font-family: sans-serif; font-size: 0.9rem; line-height: 1.4; color: #111}
.finefield table {border-collapse: collapse; margin: 0.5rem 0; font-size: 0.85rem}
.finefield th, .finefield td {padding: 0.2rem 0.6rem; border-bottom: 1px solid #ddd;
  text-align: left; vertical-align: top}
.finefield th[onclick] {cursor: pointer}
.finefield th[onclick]:after {content: " ↕"; color: #888}
</style>"""
#: Sorts a table by the column whose head was clicked, by number where all are numbers. The code is
#: the attribute of the head, as Snakemake's report runs no scripts within its start page.
SORT = """
const head = this, table = head.closest('table'), column = head.cellIndex;
const rows = [...table.tBodies[0].rows], turn = head.dataset.turn === '1' ? -1 : 1;
head.dataset.turn = turn;
const text = row => row.cells[column].textContent.trim();
const number = rows.every(row => text(row) === '' || !isNaN(text(row).replace('−', '-')));
const value = row => text(row) === '' ? -Infinity : Number(text(row).replace('−', '-'));
rows.sort((a, b) => turn * (number ? value(a) - value(b) : text(a).localeCompare(text(b))));
rows.forEach(row => table.tBodies[0].append(row));
"""


def number_text(value: object) -> str:
    """A value for a cell of a table: three significant digits, nothing for what is missing.

    Examples
    --------
    >>> [number_text(value) for value in (0.12345, 1234567.0, -2.0, 7, float("nan"), "ON")]
    ['0.123', '1234567', '−2', '7', '', 'ON']
    """
    if value is None or value is pd.NA or (isinstance(value, float) and value != value):
        return ""
    if isinstance(value, float):
        text = f"{value:.0f}" if abs(value) >= 1000 or value.is_integer() else f"{value:.3g}"
        return text.replace("-", "\N{MINUS SIGN}")
    return str(value)


def sortable(table: pd.DataFrame) -> str:
    """A table that sorts itself by the column whose head is clicked.

    Parameters
    ----------
    table : pandas.DataFrame
        Its columns and rows; the index is left out.

    Returns
    -------
    str
        HTML.

    Examples
    --------
    >>> text = sortable(pd.DataFrame({"cell": ["a<b"], "score": [0.5]}))
    >>> "a&lt;b" in text, text.count("onclick")
    (True, 2)
    """
    click = escape(SORT, quote=True)
    heads = "".join(f'<th onclick="{click}">{escape(str(name))}</th>' for name in table.columns)
    return _table(heads, table)


def still(table: pd.DataFrame) -> str:
    """A table that keeps its order."""
    return _table("".join(f"<th>{escape(str(name))}</th>" for name in table.columns), table)


def _table(heads: str, table: pd.DataFrame) -> str:
    rows = (
        "".join(f"<td>{escape(number_text(value))}</td>" for value in row)
        for row in table.itertuples(index=False)
    )
    body = "".join(f"<tr>{row}</tr>" for row in rows)
    return f"<table><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>"


def piece(*parts: str) -> str:
    """Parts of HTML as one, with their looks."""
    return f'{STYLE}<div class="finefield">{"".join(parts)}</div>'


def save_page(title: str, body: str, path: str | Path) -> None:
    """Save a piece of HTML whole as a page that opens from a disk.

    Parameters
    ----------
    title : str
        Title of the page.
    body : str
        HTML, as from `piece`.
    path : path
        File to make.
    """
    head = f'<meta charset="utf-8"><title>{escape(title)}</title>'
    with whole(path) as part:
        Path(part).write_text(f"<!doctype html>{head}{body}\n", encoding="utf-8")
