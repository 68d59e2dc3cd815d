"""NetCDF files between the stages: objects of the other rooms written whole, and read again.

One module for each kind of file.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "store": [
            "attributes",
            "dropped_reason",
            "opened",
            "provenance",
            "read",
            "read_groups",
            "write",
            "write_dropped",
        ],
    },
)
