"""Take one cell's responses out of a recording."""

from finefield.files import contents as files
from finefield.files import store
from finefield.job import run


def read_responses(*, recording, frame_rate, delay, min_spikes, seed, wildcards, output):
    cell, groups = wildcards["cell"], {}
    for name in (None, "frozen"):
        with store.opened(recording, name) as data:
            one = data.sel(cell=[cell]).load()
        groups[name] = one.assign_attrs(frame_rate=frame_rate, delay=delay)
    about = {"frame_rate": frame_rate, "delay": delay, "min_spikes": min_spikes}
    title = f"Responses of cell {cell}"
    attributes = store.provenance(title, {"seed": seed, **about}, "read from a recording")
    files.write_responses(output, groups, attributes, min_spikes)


if __name__ == "__main__":
    run(read_responses, snakemake)
