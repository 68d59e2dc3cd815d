"""Show the training of one network as a film of its filters."""

from finefield.figures import FigureSettings, save_film, save_reason
from finefield.files import store
from finefield.job import run


def plot_film(*, cell, model, filters, style: FigureSettings, output):
    if "film" not in store.groups(model):
        return save_reason("no film: this network is not trained step by step", output, style)
    checks, film, judged = store.read(model), store.read(model, "film"), store.read(filters)
    pixel_size = float(store.attributes(cell)["pixel_size"])
    save_film(film, checks, judged, pixel_size, output, style)


if __name__ == "__main__":
    run(plot_film, snakemake, save_reason)
