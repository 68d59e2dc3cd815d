"""Draw the transfer grid of one network, and transfer against how alike cells are."""

from finefield.figures import FigureSettings, save, similarity_figure, transfer_figure
from finefield.files import store
from finefield.job import run


def plot_transfer(*, transfer, style: FigureSettings, grid, similarity):
    data = store.read(transfer)
    save(transfer_figure(data, style), grid, style)
    save(similarity_figure(data, style), similarity, style)


if __name__ == "__main__":
    run(plot_transfer, snakemake)
