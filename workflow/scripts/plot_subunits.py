"""Draw the subunits that one network found in all cells."""

from finefield.figures.style import save
from finefield.figures.subunits import subunits_figure
from finefield.files import store
from scripts.job import run


def main(snakemake):
    style, wildcards = snakemake.params.style, snakemake.wildcards
    names = {"model": wildcards.model, "stimulus": wildcards.stimulus}
    data = store.read(snakemake.input[0]).assign_attrs(names)
    save(subunits_figure(data, style), snakemake.output[0], style)


run(main, snakemake)
