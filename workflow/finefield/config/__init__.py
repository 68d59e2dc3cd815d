"""The configuration: read, checked, completed with defaults, and described.

In comes a YAML file; out come its keys with every default, or a `UserError` that says the fix.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "reading": [
            "cells",
            "check_images",
            "check_recordings",
            "complete",
            "load",
            "recording_files",
            "stimulus_images",
            "swept",
            "trained",
            "without_models",
        ],
        "inputs": ["frame_files"],
        "readme": ["key_table", "write_readme"],
        "stnmf": ["factorised", "filter_settings", "without_stnmf"],
        "sweeps": ["points", "variants"],
    },
)
