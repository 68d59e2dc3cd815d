"""Write down a simulated cell as its part of the config defines it."""

from finefield.averages import Ellipse
from finefield.files import provenance, write_simulated_cell
from finefield.job import run
from finefield.simulation import CellSettings, build_cell
from finefield.stimuli import StimulusField


def define_cell(*, cell_settings: CellSettings, field: StimulusField, seed, wildcards, output):
    name, cell = wildcards["cell"], build_cell(cell_settings, field.frame_rate)
    about = {"seed": seed, "field": field, "cell": cell_settings}
    write_simulated_cell(
        output,
        name,
        cell,
        field=Ellipse.of(cell.spatial_filter).shifted(cell.window.y, cell.window.x),
        polarity=cell_settings.polarity,
        cell_type=cell_settings.type or "",
        pixel_size=field.pixel_size,
        about=provenance(f"Simulated cell {name}", about, "defined by config"),
    )


if __name__ == "__main__":
    run(define_cell, snakemake)
