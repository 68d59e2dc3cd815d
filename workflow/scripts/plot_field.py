"""Draw the receptive fields of all cells on the stimulus field."""

from finefield.figures.field import field_figure
from finefield.figures.style import save
from finefield.files import store
from scripts.job import run


def main(snakemake):
    style = snakemake.params.style
    save(field_figure(store.read(snakemake.input[0]), style), snakemake.output[0], style)


run(main, snakemake)
