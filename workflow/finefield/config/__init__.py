"""The configuration: read, checked, completed with defaults, and described.

In comes a YAML file; out come its keys with every default, or a `UserError` that says the fix.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "choice": [
            "cells",
            "check_files",
            "check_places",
            "recording_files",
            "stimulus_files",
            "swept",
            "trained",
        ],
        "differing": ["differing"],
        "reading": ["complete", "load"],
        "stnmf": ["factorised", "without_stnmf"],
        "sweeps": ["coordinate", "filter_settings", "networks", "points", "units"],
        "types": ["Config"],
        "written": ["read_written"],
    },
)
