"""All that is averaged over one cell's spikes: STA, LN model with its score, and covariance."""

from dataclasses import dataclass

import numpy as np

from finefield.averages.ln import LNModel, fit_ln
from finefield.averages.separation import separate
from finefield.averages.sta import spike_triggered_average
from finefield.averages.stc import SpikeTriggeredCovariance, spike_triggered_covariance
from finefield.responses.responses import Responses
from finefield.responses.testing import CellTest, Scores
from finefield.stimuli.movie import Stimulus


@dataclass(frozen=True)
class Average:
    """What one cell's spikes say on average.

    Attributes
    ----------
    sta : ndarray of float32, shape (lag, y, x)
        Spike-triggered average on the crop, less the stimulus' mean [1].
    ln : LNModel
        Of its best product of space and time.
    scores : Scores
        Of the LN model.
    covariance : SpikeTriggeredCovariance or None
        None if there were no shuffles to compare it with.
    """

    sta: np.ndarray
    ln: LNModel
    scores: Scores
    covariance: SpikeTriggeredCovariance | None


def fit_average(
    stimulus: Stimulus,
    responses: Responses,
    test: CellTest,
    lags: int,
    n_shuffles: int,
    rng: np.random.Generator,
) -> Average:
    """Average a cell's stimulus before spikes, fit an LN model, and test the model.

    Parameters
    ----------
    stimulus, responses
        Training sequence on the cell's crop, and the responses to it.
    test : CellTest
        What the LN model is tested on.
    lags : int
        Number of frames, the newest included.
    n_shuffles : int
        Shuffles of the spikes for the null range of the covariance; 0 for no covariance.
    rng : numpy.random.Generator
        Source of the shuffles.

    Returns
    -------
    Average
    """
    newest, count = responses.samples(lags)
    sta = spike_triggered_average(stimulus, newest, count, lags) - stimulus.mean_and_sd()[0]
    temporal, spatial, _ = separate(sta)
    ln = fit_ln(stimulus, newest, count, temporal, spatial, responses.frame_rate)
    covariance = None
    if n_shuffles:
        samples = stimulus, newest, count
        covariance = spike_triggered_covariance(*samples, temporal, n_shuffles, rng)
    return Average(
        sta=sta,
        ln=ln,
        scores=test.score(ln.predict),
        covariance=covariance,
    )
