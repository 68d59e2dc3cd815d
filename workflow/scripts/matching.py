"""Match the subunits that a network found one to one to a simulated cell's known ones."""

from finefield.base.rng import generator
from finefield.files.cell import read_known_subunits
from finefield.files.filters import read_found
from finefield.files.matching import write_matching
from finefield.files.store import provenance
from finefield.job import run
from finefield.subunits.comparison import compare


def match_subunits(*, cell, filters, recovered_cosine, seed, wildcards, output):
    name, rng = wildcards["cell"], generator(seed, *wildcards.values(), "chance")
    comparison = compare(read_known_subunits(cell), read_found(filters), recovered_cosine, rng)
    about = {"seed": seed, "recovered_cosine": recovered_cosine}
    about = provenance(f"Subunits of cell {name}", about, "matched one to one")
    write_matching(output, name, comparison, about)


if __name__ == "__main__":
    run(match_subunits, snakemake)
