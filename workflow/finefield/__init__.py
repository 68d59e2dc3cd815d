"""Finefield: networks that predict a retinal ganglion cell, and the subunits they reveal.

The rooms, in the order of the data: `stimuli`, `recordings`, `responses`, `simulation`, `averages`,
`networks`, `subunits`, `transfer`; around them `base`, `files`, `tables`, `figures` and `config`.
Functions of labelled arrays, for sessions in Python, are in `labelled` and here as well.
Importing the package or a room loads nothing; each name is loaded when it is first used.
"""

import lazy_loader

__version__ = "0.1.0"

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submodules={
        "averages",
        "base",
        "config",
        "figures",
        "files",
        "job",
        "networks",
        "recordings",
        "responses",
        "simulation",
        "stimuli",
        "subunits",
        "tables",
        "transfer",
    },
    submod_attrs={
        "labelled": [
            "Trained",
            "find_subunits",
            "match_subunits",
            "simulate",
            "train",
            "white_noise",
        ]
    },
)
