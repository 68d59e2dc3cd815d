"""Draw the scores of one sweep over its setting."""

from finefield.figures import FigureSettings, save, sweep_figure
from finefield.files import store
from finefield.job import run


def plot_sweep(*, sweep, style: FigureSettings, output):
    save(sweep_figure(store.read(sweep), style), output, style)


if __name__ == "__main__":
    run(plot_sweep, snakemake)
