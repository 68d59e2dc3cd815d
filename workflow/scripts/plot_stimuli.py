"""Draw networks tested on another stimulus against those trained on it."""

from finefield.figures.style import save
from finefield.figures.transfer import stimuli_figure
from finefield.files import store
from scripts.job import run


def main(snakemake):
    style, models = snakemake.params.style, snakemake.params.models
    transfers = dict(zip(models, map(store.read, snakemake.input), strict=True))
    save(stimuli_figure(transfers, style), snakemake.output[0], style)


run(main, snakemake)
