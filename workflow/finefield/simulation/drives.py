"""What reaches a ganglion cell: excitation by its bipolar cells, and inhibition."""

from collections.abc import Iterator

import numpy as np

from finefield.simulation.cell import Cell
from finefield.simulation.synapses import Synapses
from finefield.stimuli.movie import Stimulus

#: Subunit nonlinearities: drive -> output, both dimensionless.
NONLINEARITIES = {
    "rectified_linear": lambda drive: np.maximum(drive, 0),
    "squared": lambda drive: np.maximum(drive, 0) ** 2,
    "softplus": lambda drive: np.logaddexp(0, drive),
}


def inputs(cell: Cell, stimulus: Stimulus) -> Iterator[tuple[int, np.ndarray, np.ndarray]]:
    """Excitation and inhibition of a cell, block by block of a movie on its crop.

    Parameters
    ----------
    cell : Cell
        The cell.
    stimulus : Stimulus
        Movie on the cell's crop. Contrast before its first frame is taken as 0.

    Yields
    ------
    start : int
        First frame.
    excitation : ndarray of float64, shape (frame, phase)
        Weighted sum of what the subunits release, in each sample of each frame [1].
    inhibition : ndarray of float64, shape (frame, phase)
        The same of the inhibitor [1].

    Raises
    ------
    ValueError
        If the movie is not on a crop of the cell's size.

    Notes
    -----
    Yan et al. 2020, simulated cell: space, then time, then the subunit nonlinearity, then the sum.
    """
    if stimulus.shape[1:] != cell.subunits.shape[1:]:
        raise ValueError(f"movie of {stimulus.shape[1:]} pixels, crop of {cell.subunits.shape[1:]}")
    n_subunits, n_phases = len(cell.subunits), len(cell.filters)
    columns = [*(cell.signs[:, None, None] * cell.subunits)]
    if cell.inhibitor:
        columns.append(cell.inhibitor.image)
    images = np.stack(columns).reshape(len(columns), -1).T
    longest = (cell.inhibitor or cell).filters.shape[1]
    synapses = Synapses(n_subunits, cell.sample, cell.gain_control, cell.depression)
    for start, frames in stimulus.blocks(history=longest - 1):
        seen = frames.reshape(len(frames), -1).astype(float) @ images
        seen = np.pad(seen, ((max(0, longest - 1 - start), 0), (0, 0)))
        drive = _through(seen[:, :n_subunits], cell.filters, longest)
        output = NONLINEARITIES[cell.nonlinearity](drive.reshape(-1, n_subunits))
        excitation = synapses.release(output) @ cell.weights
        excitation = excitation.reshape(-1, n_phases)
        inhibition = np.zeros_like(excitation)
        if cell.inhibitor:
            drive = _through(seen[:, n_subunits:], cell.inhibitor.filters, longest)
            inhibition = cell.inhibitor.weight * np.maximum(drive[..., 0], 0)
        yield start, excitation, inhibition


def _through(seen: np.ndarray, filters: np.ndarray, longest: int) -> np.ndarray:
    """Signals (frame, signal) through filters (phase, lag), (frame, phase, signal).

    The first ``longest - 1`` frames are history.
    """
    lags = filters.shape[1]
    windows = np.lib.stride_tricks.sliding_window_view(seen[longest - lags :], lags, axis=0)
    return np.tensordot(windows, filters[:, ::-1], (2, 1)).swapaxes(1, 2)
