"""Draw networks tested on another stimulus against those trained on it."""

from finefield.figures import FigureSettings, save, stimuli_figure
from finefield.files import store
from finefield.job import run


def plot_stimuli(*, transfers, model_names, style: FigureSettings, output):
    grids = dict(zip(model_names, map(store.read, transfers), strict=True))
    save(stimuli_figure(grids, style), output, style)


if __name__ == "__main__":
    run(plot_stimuli, snakemake)
