"""Show the training of one network as a film of its filters."""

from finefield.figures.film import save_film, save_reason
from finefield.files import store
from scripts.job import run


def main(snakemake):
    inputs, style, path = snakemake.input, snakemake.params.style, snakemake.output[0]
    reason = store.dropped_reason(inputs)
    if reason:
        return save_reason(f"cell {snakemake.wildcards.cell} dropped: {reason}", path, style)
    if "film" not in store.groups(inputs.model):
        return save_reason("no film: this network is not trained step by step", path, style)
    model, film = store.read_groups(inputs.model, None, "film")
    pixel_size = float(store.attributes(inputs.cell)["pixel_size"])
    save_film(film, model, store.read(inputs.filters), pixel_size, path, style)


run(main, snakemake, [])
