"""Spike-triggered averages and covariances, LN models, and where a cell looks.

In come a movie and a cell's samples; out come the stimulus before a spike, its parts in space and
time, the LN model, and the receptive field with its ellipse.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "average": ["Average", "fit_average"],
        "ellipse": ["Ellipse", "overlap", "tiling"],
        "ln": ["LNModel", "fit_ln", "linear_drive"],
        "fields.location": ["ReceptiveField", "locate", "locate_cell"],
        "settings": ["AverageSettings", "ReceptiveFieldSettings"],
        "separation": ["separate"],
        "sta": ["field_average", "spike_triggered_average"],
        "fields.survey": ["survey"],
        "stc": ["SpikeTriggeredCovariance", "spike_triggered_covariance"],
    },
)
