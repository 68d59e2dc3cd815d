"""Convolutional networks that predict one cell: the model, its training, and STNMF beside it.

In come a movie on the cell's crop, the cell's responses and the keys of ``models`` in the config;
out comes a `Training` with one `Network` for each start, as plain arrays. Prediction needs no
PyTorch.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "known": ["Known"],
        "network": ["Network"],
        "placement": ["distinct_filters", "drive_share", "place"],
        "readout": ["Readout", "fit_readout"],
        "settings": ["NetworkSettings"],
        "stnmf.fitting": ["train_stnmf"],
        "training.checkpoint": ["Checkpoint"],
        "training.result": ["Training"],
        "training.train": ["torch_device", "train"],
    },
)
