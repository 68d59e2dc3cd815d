"""Draw the transfer grid of one network."""

from finefield.figures.style import save
from finefield.figures.transfer import transfer_figure
from finefield.files import store
from scripts.job import run


def main(snakemake):
    style = snakemake.params.style
    save(transfer_figure(store.read(snakemake.input[0]), style), snakemake.output[0], style)


run(main, snakemake)
