"""What a network was trained on, for all that asks the network about its own data."""

from dataclasses import dataclass

import numpy as np

from finefield.networks.settings import NetworkSettings
from finefield.responses.responses import Responses
from finefield.responses.samples import TrainingData
from finefield.stimuli.movie import Stimulus


@dataclass(frozen=True)
class Known:
    """What a network was trained on.

    Attributes
    ----------
    stimulus : Stimulus
        Training sequence on the cell's crop.
    data : TrainingData
        The samples; the held-out ones are for validation.
    gain : ndarray of float64, shape (trial,)
        Drift of the cell's rate.
    frame_rate : float
        Frames per second [Hz].
    """

    stimulus: Stimulus
    data: TrainingData
    gain: np.ndarray
    frame_rate: float

    @classmethod
    def of(
        cls, stimulus: Stimulus, responses: Responses, gain: np.ndarray, settings: NetworkSettings
    ) -> "Known":
        """What a network with these settings was trained on; `gain` is in the network's file."""
        return cls(
            stimulus=stimulus,
            data=TrainingData.of(responses, settings, stimulus.held_out),
            gain=gain,
            frame_rate=responses.frame_rate,
        )
