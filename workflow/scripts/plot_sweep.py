"""Draw the scores of one sweep over its setting."""

from finefield.figures.style import save
from finefield.figures.sweep import sweep_figure
from finefield.files import store
from scripts.job import run


def main(snakemake):
    style = snakemake.params.style
    save(sweep_figure(store.read(snakemake.input[0]), style), snakemake.output[0], style)


run(main, snakemake)
