"""Draw the page of one cell and its network, and show the training as a film of the filters."""

from finefield.figures import (
    FigureSettings,
    cell_figure,
    read_parts,
    save,
    save_film,
    save_reason,
)
from finefield.files import store
from finefield.job import run


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
    if film:
        stages = store.read(model, "film") if "film" in store.groups(model) else None
        pixel_size = float(parts.cell.attrs["pixel_size"])
        save_film(stages, parts.model, parts.filters, pixel_size, film, style)


if __name__ == "__main__":
    run(plot_cell, snakemake, save_reason)
