"""Draw the page of one cell and its network."""

from finefield.figures import FigureSettings, cell_figure, read_parts, save, save_text
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
    output,
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
    save(cell_figure(**vars(parts), style=style), output, style)


if __name__ == "__main__":
    run(plot_cell, snakemake, save_text)
