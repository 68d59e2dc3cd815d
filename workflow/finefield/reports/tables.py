"""Tables of a dataset as pages: cells, networks, transfer."""

from collections.abc import Mapping
from html import escape

import pandas as pd

from finefield.reports.html import piece, sortable
from finefield.tables.transfer import PLACES, STATISTICS


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
    text = "Rates, drift, reliability and noise ceiling of the responses, and the receptive field."
    return _page("Cells", text, cells.dropna(axis=1, how="all"))


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
        "Correlation (Pearson) of the predicted and the measured rate in the tested frames, those "
        "of the frozen sequence if there is one, of the network and of the LN model; the noise "
        "ceiling is the correlation that the true rate would have. Of simulated cells, the number "
        "of subunits and of those recovered."
    )
    return _page("Networks", text, summary.dropna(axis=1, how="all"))


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
    table = pd.concat(
        [one.assign(model=name)[["model", *one.columns]] for name, one in transfers.items()]
    )
    text = "How well each cell's network predicts every cell, unchanged: statistics of the grid."
    known = {name: one.long_name for name, one in (STATISTICS | PLACES).items()}
    meanings = [
        f"<li><b>{escape(name)}</b>: {escape(known[name])}</li>" for name in table if name in known
    ]
    page = _page("Transfer", text, table.dropna(axis=1, how="all"))
    return page + piece(f"<ul>{''.join(meanings)}</ul>")


def _page(title: str, text: str, table: pd.DataFrame) -> str:
    how = "Click a column's head to sort by it."
    return piece(f"<h2>{title}</h2><p>{text} {how}</p>", sortable(table))
