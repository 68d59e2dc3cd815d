"""Read and check a recording, whatever its format, and keep all its cells' responses."""

from finefield.files import store
from finefield.files.recording import write_recording
from finefield.recordings.read import read_recording
from scripts.job import run


def main(snakemake):
    params = snakemake.params
    recording = read_recording(params.recording, params.layout, params.frame_rate)
    attributes = store.provenance("Responses of a recording", params, f"read {params.recording}")
    write_recording(snakemake.output[0], recording, params.frame_rate, attributes)


run(main, snakemake, [])
