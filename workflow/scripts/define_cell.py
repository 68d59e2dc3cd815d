"""Write down a simulated cell as its part of the config defines it."""

import numpy as np

from finefield.averages.location import ellipse
from finefield.files import contents as files
from finefield.files import store
from finefield.job import run
from finefield.simulation.cell import build_cell
from finefield.simulation.settings import CellSettings
from finefield.stimuli.settings import StimulusField


def define_cell(*, cell_settings: CellSettings, field: StimulusField, seed, wildcards, output):
    name, polarity = wildcards["cell"], cell_settings.polarity
    cell = build_cell(cell_settings, field.frame_rate)
    y, x, *shape = ellipse(np.tensordot(cell.weights, cell.subunits, axes=1))
    place = cell.window.y + y, cell.window.x + x, *shape
    data = files.cell_dataset(name, cell.window, polarity, place, field.pixel_size).assign(
        subunit_filter=(("subunit", "y", "x"), cell.subunits),
        subunit_weight=("subunit", cell.weights),
        temporal_filter=("lag", cell.temporal_filter),
        cell_type=cell_settings.type or "",
    )
    about = {"seed": seed, "field": field, "cell": cell_settings}
    data.attrs |= store.provenance(f"Simulated cell {name}", about, "defined by config")
    data.attrs["kind"] = "simulated"
    store.write(output, data)


if __name__ == "__main__":
    run(define_cell, snakemake)
