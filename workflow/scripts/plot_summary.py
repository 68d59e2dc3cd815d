"""Draw every network's score beside the LN model's."""

import pandas as pd

from finefield.figures import FigureSettings, save, summary_figure
from finefield.job import run


def plot_summary(*, summary, style: FigureSettings, output):
    table = pd.read_csv(summary, dtype={"cell": str})
    save(summary_figure(table, style), output, style)


if __name__ == "__main__":
    run(plot_summary, snakemake)
