"""Filtering a movie in time, every pixel with several functions at once."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

#: Frames that one matrix product filters: more multiply more zeros, fewer read history more often.
STEP = 32


class TimeFilter:
    """Filters every pixel of a movie with each of several temporal functions.

    A run of `STEP` frames is one product with a banded matrix, so that no lagged copy of the movie
    is made; the matrix is made once for all blocks of a movie.

    Parameters
    ----------
    functions : ndarray, shape (function, lag)
        Temporal functions, lag 0 (the newest frame) first. Their precision is that of the result.

    Examples
    --------
    >>> filtered = TimeFilter(np.array([[1.0, 0.5]]))(np.array([[0.0], [1.0], [-1.0], [1.0]]))
    >>> filtered.ravel().tolist()
    [1.0, -0.5, 0.5]
    """

    def __init__(self, functions: np.ndarray):
        self.n_functions, lags = functions.shape
        self.history = lags - 1
        band = np.zeros((STEP + self.history, STEP, self.n_functions), functions.dtype)
        for frame in range(STEP):
            band[frame : frame + lags, frame] = functions.T[::-1]
        # Kept as a transpose: products of one layout and of the other differ in their last bit.
        self._matrix = band.reshape(STEP + self.history, -1).T

    def __call__(self, contrast: np.ndarray) -> np.ndarray:
        """What each function sees at each frame that has a whole history.

        Parameters
        ----------
        contrast : ndarray, shape (history + frame, pixel)
            Contrast, beginning with the `history` of the first frame [1].

        Returns
        -------
        ndarray, shape (frame, function, pixel)
        """
        n_frames, n_pixels = len(contrast) - self.history, contrast.shape[1]
        n_runs = -(-n_frames // STEP)
        missing = n_runs * STEP - n_frames
        if missing:
            contrast = np.concatenate([contrast, np.zeros((missing, n_pixels), contrast.dtype)])
        runs = sliding_window_view(contrast, STEP + self.history, axis=0)[::STEP].swapaxes(1, 2)
        seen = (self._matrix @ runs).reshape(n_runs * STEP, self.n_functions, n_pixels)
        return seen[:n_frames]

    def normalised(
        self, frames: np.ndarray, before: int, n_frames: int, mean: float, sd: float
    ) -> np.ndarray:
        """The same of frames as a network sees them; what lies beyond a movie's ends is grey.

        Parameters
        ----------
        frames : ndarray of float32, shape (frame, y, x)
            A block of a movie, beginning with `before` frames of history, `history` at most.
        before, n_frames : int
            Frames of history, and frames to be filtered; there may be fewer in the block.
        mean, sd : float
            The contrast is normalised as (contrast - mean) / sd.

        Returns
        -------
        ndarray, shape (frame, function, pixel)
        """
        flat = frames.reshape(len(frames), -1)
        contrast = np.zeros((n_frames + self.history, flat.shape[1]), self._matrix.dtype)
        part = contrast[self.history - before :][: len(flat)]
        np.divide(flat - np.float32(mean), sd, out=part)
        return self(contrast)
