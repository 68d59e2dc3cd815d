"""Take one cell's responses out of a recording."""

from finefield.files import provenance, read_recorded, write_responses
from finefield.job import run
from finefield.responses import too_few_spikes, while_present, with_test


def read_responses(
    *, recording, frame_rate, delay, test_fraction, min_spikes, seed, wildcards, output
):
    name = wildcards["cell"]
    found = read_recorded(recording, name, frame_rate, delay)
    found = {sequence: while_present(one, sequence) for sequence, one in found.items()}
    found = with_test(found, test_fraction)
    about = {"seed": seed, "frame_rate": frame_rate, "delay": delay, "min_spikes": min_spikes}
    about |= {"test_fraction": test_fraction}
    about = provenance(f"Responses of cell {name}", about, "read from a recording")
    write_responses(
        output, name, found, about, dropped=too_few_spikes(found["running"], min_spikes)
    )


if __name__ == "__main__":
    run(read_responses, snakemake)
