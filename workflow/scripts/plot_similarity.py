"""Draw transfer between cells against how alike they are."""

from finefield.figures.style import save
from finefield.figures.transfer import similarity_figure
from finefield.files import store
from scripts.job import run


def main(snakemake):
    style = snakemake.params.style
    save(similarity_figure(store.read(snakemake.input[0]), style), snakemake.output[0], style)


run(main, snakemake)
