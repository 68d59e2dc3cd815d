"""Draw the subunits that one network found in all cells."""

from finefield.figures import FigureSettings, mosaic_figure, save, subunits_figure
from finefield.files import store
from finefield.job import run


def plot_subunits(*, subunits, cells, style: FigureSettings, wildcards, summary, mosaic):
    names = {key: wildcards[key] for key in ("model", "stimulus")}
    data = store.read(subunits).assign_attrs(names)
    save(subunits_figure(data, style), summary, style)
    save(mosaic_figure(data, store.read(cells), style), mosaic, style)


if __name__ == "__main__":
    run(plot_subunits, snakemake)
