"""Match the subunits that a network found one to one to a simulated cell's known ones."""

from finefield.base import generator
from finefield.files import provenance, read_found, read_known_subunits, write_matching
from finefield.job import run
from finefield.subunits import compare


def match_subunits(*, cell, filters, recovered_cosine, seed, wildcards, output):
    name, rng = wildcards["cell"], generator(seed, *wildcards.values(), "chance")
    comparison = compare(read_known_subunits(cell), read_found(filters), recovered_cosine, rng)
    about = {"seed": seed, "recovered_cosine": recovered_cosine}
    about = provenance(f"Subunits of cell {name}", about, "matched one to one")
    write_matching(output, name, comparison, about)


if __name__ == "__main__":
    run(match_subunits, snakemake)
