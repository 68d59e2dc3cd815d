"""Which samples each training step sees, and how much each of them weighs."""

import numpy as np


class Uniform:
    """Every sample once a pass, in a new order each pass.

    Parameters
    ----------
    n_samples : int
        Samples to choose from.
    size : int
        Samples in a step.
    seed : int
        Source of the order.
    """

    def __init__(self, n_samples: int, size: int, seed: int):
        self.size, self._n, self._seed = min(size, n_samples), n_samples, seed
        self._pass = None

    def __call__(self, step: int) -> tuple[np.ndarray, np.ndarray]:
        """Indices and weights of the samples of a step, counted from 0."""
        number, step = divmod(step, self._n // self.size)
        if number != self._pass:
            self._pass = number
            self._order = np.random.default_rng([self._seed, number]).permutation(self._n)
        return self._order[step * self.size :][: self.size], np.ones(self.size, np.float32)


class Informed:
    """Samples with spikes drawn more often, and weighted so that nothing is biased.

    The Poisson loss learns most from frames with spikes; silent frames, nearly all of them, each
    add little to its gradient. A sample is drawn with a probability proportional to
    [it has spikes] + `background` x the part of samples that have some, and weighs as much less, so
    that the expected loss and gradient are those of all samples, for a fraction of the work.

    Parameters
    ----------
    fired : ndarray of bool, shape (sample,)
        Samples with spikes, at least one.
    background : float
        Samples drawn whatever their spikes, for each one drawn for its spikes; above 0.
    size : int
        Samples in a step.
    seed : int
        Source of the draws.

    Notes
    -----
    Importance sampling with replacement, stratified along the recording (Owen 2013, Monte Carlo
    theory, methods and examples, chapters 8 and 9).

    Examples
    --------
    >>> draws = Informed(np.array([True, False, False, False]), background=1.0, size=100, seed=0)
    >>> index, weight = draws(0)
    >>> bool(abs((index == 0).mean() - 0.6) < 0.2), weight[index == 0][0].round(2)
    (True, np.float32(0.4))
    """

    #: Steps whose samples are drawn at once and then shuffled.
    AT_ONCE = 64

    def __init__(self, fired: np.ndarray, background: float, size: int, seed: int):
        interest = fired + background * fired.mean()
        self._total = np.cumsum(interest, dtype=np.float64)
        self._weight = (interest.mean() / interest).astype(np.float32)
        self.size, self._seed, self._block = size, seed, None

    def __call__(self, step: int) -> tuple[np.ndarray, np.ndarray]:
        """Indices and weights of the samples of a step, counted from 0."""
        block, step = divmod(step, self.AT_ONCE)
        if block != self._block:
            rng, n = np.random.default_rng([self._seed, block]), self.AT_ONCE * self.size
            places = (np.arange(n) + rng.random(n)) / n * self._total[-1]
            drawn = np.searchsorted(self._total, places, side="right")
            self._block = block
            self._drawn = rng.permutation(np.minimum(drawn, len(self._total) - 1))
        chosen = self._drawn[step * self.size :][: self.size]
        return chosen, self._weight[chosen]
