"""Draw the subunits that one network found in all cells."""

from finefield.figures import FigureSettings, save, subunits_figure
from finefield.files import store
from finefield.job import run


def plot_subunits(*, subunits, style: FigureSettings, wildcards, output):
    names = {key: wildcards[key] for key in ("model", "stimulus")}
    data = store.read(subunits).assign_attrs(names)
    save(subunits_figure(data, style), output, style)


if __name__ == "__main__":
    run(plot_subunits, snakemake)
