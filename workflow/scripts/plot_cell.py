"""Draw the page of one cell and its network."""

from finefield.figures import FigureSettings, cell_figure, save, save_text
from finefield.files import store, tested_group
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
    names = {key: wildcards[key] for key in ("model", "stimulus")}
    figure = cell_figure(
        cell=store.read(cell),
        sta=store.read(sta),
        ln_test=store.read(sta, "test"),
        model=store.read(model).assign_attrs(names),
        model_test=store.read(model, "test"),
        filters=store.read(filters),
        found=store.read(filters, "found"),
        placements=store.read(filters, "placements"),
        pruning=store.read(pruning),
        matching=store.read(matching) if matching else None,
        responses=store.read(responses, tested_group(responses)),
        style=style,
    )
    save(figure, output, style)


if __name__ == "__main__":
    run(plot_cell, snakemake, save_text)
