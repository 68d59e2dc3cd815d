"""Draw the receptive fields of all cells on the stimulus field."""

from finefield.figures import FigureSettings, field_figure, save
from finefield.files import store
from finefield.job import run


def plot_field(*, cells, style: FigureSettings, output):
    save(field_figure(store.read(cells), style), output, style)


if __name__ == "__main__":
    run(plot_field, snakemake)
