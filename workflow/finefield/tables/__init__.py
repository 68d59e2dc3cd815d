"""Many files in one: tables of cells, subunits, sweeps and all trainings.

In come the files of all cells; out comes one row for each.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "summary": ["COLUMNS", "summary_row"],
        "sweeps": ["collect", "scores"],
    },
)
