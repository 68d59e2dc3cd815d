"""Draw a simulated cell's membrane potential, and how it responds to flicker and to gratings."""

from finefield.figures import FigureSettings, physiology_figure, save, save_text
from finefield.files import store
from finefield.job import run


def plot_physiology(*, physiology, responses, style: FigureSettings, output):
    data = store.read(physiology), store.read(responses, "running")
    save(physiology_figure(*data, style), output, style)


if __name__ == "__main__":
    run(plot_physiology, snakemake, save_text)
