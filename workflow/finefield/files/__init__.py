"""NetCDF files of one stimulus or one cell, between the stages: objects of the other rooms.

Each kind of file has a module. The module declares the file's groups and variables, writes the
objects of the other rooms and reads them again.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "average": ["write_average"],
        "cell": [
            "crop",
            "read_ellipse",
            "read_known_subunits",
            "read_window",
            "receptive_field",
            "write_physiology",
            "write_recorded_cell",
            "write_simulated_cell",
        ],
        "declared": ["File", "Variable", "over", "variables"],
        "filters": ["ellipse", "read_found", "write_filters"],
        "matching": ["write_matching"],
        "model": ["read_known", "read_network", "read_starts", "write_training"],
        "pruning": ["write_pruning"],
        "responses": [
            "read_recorded",
            "read_recorded_frames",
            "read_recording",
            "read_responses",
            "read_test",
            "responses_of",
            "tested_group",
            "write_recording",
            "write_responses",
        ],
        "stability": ["write_stability"],
        "stimulus": [
            "first_frames",
            "read_held_out",
            "read_stimulus",
            "stimulus_bands",
            "stimulus_mean",
            "tested_sequence",
            "write_stimulus",
        ],
        "store": [
            "attributes",
            "dropped_reason",
            "provenance",
            "read",
            "write",
            "write_dropped",
        ],
        "transfer": ["write_transfer"],
    },
)
