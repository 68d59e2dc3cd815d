"""Recordings of any format as spike counts per stimulus frame.

In comes a file, or a folder of text files, with the keys of ``layout`` in the config; out comes a
`Recording`, the same whatever the format.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "data": ["Recording", "Sequence"],
        "description": ["describe", "most_alike", "part_rates"],
        "read": ["cell_names", "read_recording"],
        "settings": ["Layout"],
    },
)
