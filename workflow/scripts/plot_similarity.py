"""Draw transfer between cells against how alike they are."""

from finefield.figures import FigureSettings, save, similarity_figure
from finefield.files import store
from finefield.job import run


def plot_similarity(*, transfer, style: FigureSettings, output):
    save(similarity_figure(store.read(transfer), style), output, style)


if __name__ == "__main__":
    run(plot_similarity, snakemake)
