"""Read and check a recording, whatever its format, and keep all its cells' responses."""

from finefield.files import provenance, write_recording
from finefield.job import run
from finefield.recordings import Layout, read_recording


def import_recording(*, recording, layout: Layout, frame_rate, seed, output):
    data = read_recording(recording, layout, frame_rate)
    about = {"seed": seed, "recording": recording, "layout": layout, "frame_rate": frame_rate}
    about = provenance("Responses of a recording", about, f"read {recording}")
    write_recording(output, data, frame_rate, about)


if __name__ == "__main__":
    run(import_recording, snakemake)
