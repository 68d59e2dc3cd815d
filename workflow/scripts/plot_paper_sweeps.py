"""Draw all sweeps of a dataset on one page."""

from finefield.figures import FigureSettings, save, sweeps_figure
from finefield.files import store
from finefield.job import run


def plot_paper_sweeps(*, sweeps, sweep_names, style: FigureSettings, output):
    data = dict(zip(sweep_names, map(store.read, sweeps), strict=True))
    save(sweeps_figure(data, style), output, style)


if __name__ == "__main__":
    run(plot_paper_sweeps, snakemake)
