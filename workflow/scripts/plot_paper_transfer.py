"""Draw the transfer grid of one network, and what explains it."""

from finefield.figures import FigureSettings, save, transferred_figure
from finefield.files import store
from finefield.job import run


def plot_paper_transfer(*, transfer, style: FigureSettings, output):
    save(transferred_figure(store.read(transfer[0]), style), output, style)


if __name__ == "__main__":
    run(plot_paper_transfer, snakemake)
