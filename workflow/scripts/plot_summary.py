"""Draw every network's score beside the LN model's."""

import pandas as pd

from finefield.figures.style import save
from finefield.figures.summary import summary_figure
from scripts.job import run


def main(snakemake):
    style = snakemake.params.style
    table = pd.read_csv(snakemake.input[0], dtype={"cell": str})
    save(summary_figure(table, style), snakemake.output[0], style)


run(main, snakemake)
