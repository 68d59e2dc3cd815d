"""Starts that are trained on halves or on bootstraps of the data, to tell what can be trusted."""

import numpy as np

from finefield.base.errors import CellError
from finefield.networks.settings import Starts
from finefield.responses.samples import TrainingData


def shares(data: TrainingData, settings: Starts, rng: np.random.Generator) -> np.ndarray:
    """How much each sample counts for each start.

    Parameters
    ----------
    data : TrainingData
        Samples of a cell.
    settings : Starts
        How many starts of each kind there are.
    rng : numpy.random.Generator
        Source of the bootstraps, which is left as it is: they change no other start.

    Returns
    -------
    ndarray of float32, shape (sample, start)
        Of mean 1 within the training and within the validation samples. A seed counts all samples
        alike; a half only every other block of 500, in validation too; a bootstrap each block of
        training samples as often as a Poisson number of mean 1 says. The validation samples of
        bootstraps are all of them.

    Raises
    ------
    CellError
        If a start has no spike for training or for validation.

    Notes
    -----
    The Poisson bootstrap (Chamandy et al. 2012, Google technical report) of whole blocks, as
    neighbouring samples share stimulus frames.
    """
    starts, block = settings.n_starts, data.blocks()
    alike = np.ones((len(block), starts["seeds"]))
    halves = block[:, None] % 2 == np.arange(starts["halves"])
    own = np.random.Generator(rng.bit_generator.jumped())
    drawn = own.poisson(1.0, (block.max() + 1, starts["bootstraps"]))[block]
    drawn[data.held_out] = 1
    share = np.concatenate([alike, halves, drawn], 1)
    for part in (data.held_out, ~data.held_out):
        _check_spikes(data.count[part] @ share[part], settings.kinds)
        share[part] /= share[part].mean(0)
    return share.astype(np.float32)


def _check_spikes(spikes: np.ndarray, kinds: list[str]) -> None:
    """Raise CellError if a start (start,) has none, by the kind of the start."""
    for kind, number in zip(kinds, spikes, strict=True):
        if not number:
            fix = f"use more frames, train the network without {kind}, or leave this cell out"
            thing = "training or validation part of one of the " + kind
            raise CellError(thing, "no spike", "at least one spike", fix)
