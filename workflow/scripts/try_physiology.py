"""Try a simulated cell with flicker and with reversing gratings, as in physiology."""

from finefield.base import generator
from finefield.files import provenance, write_physiology
from finefield.job import run
from finefield.simulation import CellSettings, build_cell, physiology


def try_physiology(*, cell_settings: CellSettings, frame_rate, seed, wildcards, output):
    name, cell = wildcards["cell"], build_cell(cell_settings, frame_rate)
    rng = generator(seed, *wildcards.values(), "physiology")
    found = physiology(cell, frame_rate, rng)
    about = {"seed": seed, "frame_rate": frame_rate, "cell": cell_settings}
    about = provenance(f"Physiology of cell {name}", about, "simulated")
    write_physiology(output, name, found, about)


if __name__ == "__main__":
    run(try_physiology, snakemake)
