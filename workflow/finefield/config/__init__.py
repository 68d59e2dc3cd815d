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
        "readme": ["key_table", "write_readme"],
        "sweeps": ["points", "variants"],
    },
)
