"""Draw the page of one cell and its network."""

from finefield.figures.cell import cell_figure
from finefield.figures.style import placeholder, save
from finefield.files import store
from scripts.job import run


def main(snakemake):
    inputs, style = snakemake.input, snakemake.params.style
    reason = store.dropped_reason(inputs)
    if reason:
        text = f"cell {snakemake.wildcards.cell} dropped: {reason}"
        return save(placeholder(text, style), snakemake.output[0], style)
    names = {"model": snakemake.wildcards.model, "stimulus": snakemake.wildcards.stimulus}
    figure = cell_figure(
        cell=store.read(inputs.cell),
        sta=store.read(inputs.sta),
        ln_frozen=store.read(inputs.sta, "frozen"),
        model=store.read(inputs.model).assign_attrs(names),
        model_frozen=store.read(inputs.model, "frozen"),
        filters=store.read(inputs.filters),
        found=store.read(inputs.filters, "found"),
        pruning=store.read(inputs.pruning),
        matching=store.read(inputs.matching) if inputs.matching else None,
        responses=store.read(inputs.responses, "frozen"),
        style=style,
    )
    save(figure, snakemake.output[0], style)


run(main, snakemake, [])
