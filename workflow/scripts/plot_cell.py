"""Draw the page of one cell and its network, and show the training as a film of the filters."""

from finefield.figures import (
    FigureSettings,
    cell_figure,
    read_parts,
    save,
    save_film,
    save_reason,
    save_text,
)
from finefield.files import store
from finefield.job import run


def say(text: str, path: str, style: FigureSettings) -> None:
    """Say in a picture or in a film why the cell was dropped."""
    (save_reason if path.endswith(".gif") else save_text)(text, path, style)


def plot_cell(
    *,
    cell,
    responses,
    sta,
    model,
    filters,
    pruning,
    matching,
    style: FigureSettings,
    wildcards,
    page,
    film=None,
):
    parts = read_parts(
        cell=cell,
        sta=sta,
        model=model,
        filters=filters,
        responses=responses,
        pruning=pruning,
        matching=matching or None,
        names={key: wildcards[key] for key in ("model", "stimulus")},
    )
    save(cell_figure(**vars(parts), style=style), page, style)
    if film and "film" in store.groups(model):
        pixel_size = float(parts.cell.attrs["pixel_size"])
        stages = store.read(model, "film")
        save_film(stages, parts.model, parts.filters, pixel_size, film, style)
    elif film:
        save_reason("no film: this network is not trained step by step", film, style)


if __name__ == "__main__":
    run(plot_cell, snakemake, say)
