"""Draw the transfer grid of one network."""

from finefield.figures import FigureSettings, save, transfer_figure
from finefield.files import store
from finefield.job import run


def plot_transfer(*, transfer, style: FigureSettings, output):
    save(transfer_figure(store.read(transfer), style), output, style)


if __name__ == "__main__":
    run(plot_transfer, snakemake)
