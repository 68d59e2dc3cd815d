"""Keys of the config about which responses are used."""

from typing import Annotated

from annotated_types import Ge, Interval

from finefield.base.settings import Settings


class SampleSettings(Settings):
    """Which responses a network is trained and validated on."""

    lags: Annotated[int, Ge(2)] = 20
    """Frames of stimulus that a prediction uses."""
    validation_fraction: Annotated[float, Interval(gt=0, le=0.5)] = 0.1
    """Part of the training responses kept for validation."""
    data_fraction: Annotated[float, Interval(gt=0, le=1)] = 1
    """Part of the training responses that is used, in blocks spread over the recording."""
    max_frames: Annotated[int, Ge(1000)] | None = None
    """Use at most this many frames of the training responses; null for all."""
    drift_trials: Annotated[int, Ge(0)] = 10
    """Trials in a block that share a gain, which follows a slow drift of the cell's rate; 0 for
    none."""
