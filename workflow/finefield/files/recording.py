"""A recording's responses of all cells, as one NetCDF file whatever format they came in."""

from collections.abc import Mapping
from pathlib import Path

import xarray as xr

from finefield.files import store
from finefield.recordings.data import Recording


def write_recording(
    path: str | Path, recording: Recording, frame_rate: float, attributes: Mapping[str, object]
) -> None:
    """Write the responses of all cells of a recording, cell by cell readable."""
    groups = {
        name: xr.Dataset(
            {"spike_count": (("cell", "trial", "frame"), sequence.spike_count)},
            {
                "cell": list(recording.cells),
                "first_frame": ("trial", sequence.first_frame),
                "n_frames": ("trial", sequence.n_frames),
            },
        )
        for name, sequence in ((None, recording.running), ("frozen", recording.frozen))
    }
    groups[None].attrs = dict(attributes) | {"frame_rate": frame_rate}
    store.write(path, groups.pop(None), groups)
