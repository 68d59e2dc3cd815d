"""Many files in one: tables of cells, targets, subunits, transfer, sweeps and all trainings.

In come the files of all cells; out comes one file with a row for each. Here as well: the quality of
a recording, what looks wrong in it, and the reference of what all files hold.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "cells": ["cells_table", "write_cells"],
        "doubts": ["doubt_stimulus"],
        "faults": ["faults"],
        "page": ["page"],
        "quality": ["assess", "read_quality", "write_quality"],
        "reference": ["file_table", "write_reference"],
        "stacking": ["stack", "write_csv", "write_table"],
        "subunits": ["subunits_table", "write_subunits"],
        "summary": ["COLUMNS", "summary_row", "summary_table"],
        "sweeps": ["collect", "scores", "sweep_rows", "write_sweep"],
        "targets": ["kept_targets", "read_target", "read_targets", "write_targets"],
        "transfer": ["collect_grid", "write_grid"],
    },
)
