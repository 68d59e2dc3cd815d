"""Take one cell's responses out of a recording."""

from finefield.files import contents as files
from finefield.files import store
from scripts.job import run


def main(snakemake):
    params, cell = snakemake.params, snakemake.wildcards.cell
    groups = {}
    for name in (None, "frozen"):
        with store.opened(snakemake.input[0], name) as data:
            one = data.sel(cell=[cell]).load()
        groups[name] = one.assign_attrs(frame_rate=params.frame_rate, delay=params.delay)
    attributes = store.provenance(f"Responses of cell {cell}", params, "read from a recording")
    files.write_responses(snakemake.output[0], groups, attributes, params.min_spikes)


run(main, snakemake)
