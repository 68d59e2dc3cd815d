"""Starts that are trained on halves or on bootstraps of the data, to tell what can be trusted."""

from collections.abc import Mapping

import numpy as np

from finefield.responses.samples import TrainingData

#: Kinds of starts, in the order in which they are trained side by side.
KINDS = ("seeds", "halves", "bootstraps")


def n_starts(settings: Mapping) -> dict[str, int]:
    """Number of starts of each kind that a network's settings ask for.

    Examples
    --------
    >>> n_starts({"seeds": 4, "halves": True, "bootstraps": 0})
    {'seeds': 4, 'halves': 2, 'bootstraps': 0}
    """
    return dict(
        zip(KINDS, (settings["seeds"], 2 * settings["halves"], settings["bootstraps"]), strict=True)
    )


def shares(data: TrainingData, settings: Mapping, rng: np.random.Generator) -> np.ndarray:
    """How much each sample counts for each start.

    Parameters
    ----------
    data : TrainingData
        Samples of a cell.
    settings : dict
        One entry of ``models`` of a complete config.
    rng : numpy.random.Generator
        Source of the bootstraps.

    Returns
    -------
    ndarray of float32, shape (sample, start)
        Of mean 1 within the training and within the validation samples. A seed counts all samples
        alike; a half only every other block of 500, in validation too; a bootstrap each block of
        training samples as often as a Poisson number of mean 1 says. The validation samples of
        bootstraps are all of them.

    Notes
    -----
    The Poisson bootstrap (Chamandy et al. 2012, Google technical report) of whole blocks, as
    neighbouring samples share stimulus frames.
    """
    starts, block = n_starts(settings), data.blocks()
    alike = np.ones((len(block), starts["seeds"]))
    halves = block[:, None] % 2 == np.arange(starts["halves"])
    drawn = rng.poisson(1.0, (block.max() + 1, starts["bootstraps"]))[block]
    drawn[data.held_out] = 1
    share = np.concatenate([alike, halves, drawn], 1)
    for part in (data.held_out, ~data.held_out):
        share[part] /= np.maximum(share[part].mean(0), 1e-9)
    return share.astype(np.float32)
