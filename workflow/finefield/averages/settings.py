"""Keys of the config about spike-triggered averages and receptive fields."""

from typing import Annotated

from annotated_types import Ge

from finefield.base.settings import Positive, Settings


class AverageSettings(Settings):
    """Spike-triggered averages."""

    lags: Annotated[int, Ge(4)] = 20
    """Length [frames]."""
    covariance_shuffles: Annotated[int, Ge(0)] = 0
    """Shifts of the spikes against the stimulus that give the null range of the spike-triggered
    covariance; 0 for no covariance. With n of them, a component is beyond the range by chance with
    a probability of 2 / (n + 1)."""


class ReceptiveFieldSettings(Settings):
    """How receptive fields are found and crops chosen."""

    min_crop: Annotated[int, Ge(4)] = 24
    """Smallest side of the square crop around the receptive field [pixels]."""
    max_crop: Annotated[int, Ge(4)] = 32
    """Largest side of the crop [pixels]; it is never larger than the field."""
    crop_reach: Positive = 2.5
    """How far the crop reaches from the receptive field's centre, in semi-major axes of its ellipse
    [1]."""
    min_size: Annotated[float, Ge(0)] = 45
    """Smallest plausible diameter, twice the SD of the fitted ellipse [um]."""
    max_size: Positive = 900
    """Largest plausible diameter, twice the SD of the fitted ellipse [um]."""
    on_off_index: Annotated[float, Ge(0)] = 0.5
    """A cell is ON-OFF if its response to the opposite of what it prefers is at least this part of
    its preferred response [1]."""
