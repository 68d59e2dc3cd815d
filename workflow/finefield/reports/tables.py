"""Tables of a dataset as pages: cells, networks, transfer."""

from collections.abc import Mapping
from html import escape

import pandas as pd

from finefield.files.declared import ROOT, Group, Variable, variables
from finefield.reports.html import piece, sortable
from finefield.tables.cells import CELLS
from finefield.tables.transfer import PLACES, STATISTICS

#: Columns of `summary.csv`.
SUMMARY = variables("""
    tested_on: the repeats of the frozen sequence, or blocks kept from the training
    correlation: correlation of the network's predicted and the measured rate
    ln_correlation: the same of the LN model
    noise_ceiling: correlation that the true rate would have
    single_correlation: correlation of the network's rate and spike counts of single trials
    ln_single_correlation: the same of the LN model
    bits_per_spike [bit]: log likelihood of the network above that of a constant rate, a spike
    ln_bits_per_spike [bit]: the same of the LN model
    n_subunits: number of known subunits
    n_recovered: number of those recovered
    mean_cosine: mean cosine of known subunits and their matches
    distinct_filters: number of different filters
""")


def cells_page(cells: pd.DataFrame) -> str:
    """Quality of the cells, a row for each.

    Parameters
    ----------
    cells : pandas.DataFrame
        A dataset's `cells.csv`.

    Returns
    -------
    str
        HTML.
    """
    text = (
        "Rates, drift, reliability and noise ceiling of the responses, and the receptive field. "
        "Places, fields and types are from a cell's file, the others from its file of responses/."
    )
    table = cells.dropna(axis=1, how="all")
    table = table.assign(file=[f"cells/{cell}.nc" for cell in cells["cell"]])
    return _page("Cells", text, table, CELLS.groups[ROOT])


def networks_page(summary: pd.DataFrame) -> str:
    """Scores of all networks, a row for each training.

    Parameters
    ----------
    summary : pandas.DataFrame
        A dataset's `summary.csv`.

    Returns
    -------
    str
        HTML.
    """
    text = (
        "Scores in the tested frames, those of the frozen sequence if there is one; correlations "
        "are Pearson's. Numbers of a network are from its file, those of the LN model and the "
        "ceiling from sta/{stimulus}/{cell}.nc, and those of known subunits from "
        "matching/{model}/{stimulus}/{cell}.nc."
    )
    names = summary[["model", "stimulus", "cell"]].astype(str).to_numpy()
    table = summary.dropna(axis=1, how="all")
    table = table.assign(file=[f"models/{'/'.join(row)}.nc" for row in names])
    return _page("Networks", text, table, SUMMARY)


def transfer_page(transfers: Mapping[str, pd.DataFrame]) -> str:
    """Statistics of the transfer grids, a row for each network and pair of stimuli.

    Parameters
    ----------
    transfers : dict of str to pandas.DataFrame
        Network -> its `transfer/{model}.csv`.

    Returns
    -------
    str
        HTML.
    """
    tables = [
        one.assign(model=name, file=f"transfer/{name}.nc")[["model", *one.columns, "file"]]
        for name, one in transfers.items()
    ]
    text = "How well each cell's network predicts every cell, unchanged: statistics of the grid."
    table = pd.concat(tables).dropna(axis=1, how="all")
    return _page("Transfer", text, table, STATISTICS | PLACES)


def _page(title: str, text: str, table: pd.DataFrame, known: Group) -> str:
    """A table, with the meanings and units of its columns beneath."""
    how = "Click a column's head to sort by it. Files lie in the dataset's folder of results/."
    meanings = [
        f"<li><b>{escape(name)}</b>{_unit(known[name])}: {escape(known[name].long_name)}</li>"
        for name in table
        if name in known
    ]
    head = f"<h2>{title}</h2><p>{escape(text)} {how}</p>"
    return piece(head, sortable(table), f"<ul>{''.join(meanings)}</ul>")


def _unit(variable: Variable) -> str:
    """Units of a column, if it has any."""
    return "" if variable.units in ("", "1") else f" [{escape(variable.units)}]"
