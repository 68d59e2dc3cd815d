"""Lines of progress for work that takes longer than a few seconds."""

import logging
import time

log = logging.getLogger(__name__)


class Progress:
    """Says from time to time how far a piece of work is.

    Parameters
    ----------
    what : str
        The work, such as "step" or "frame", counted from 1 to `total`.
    total : int
        How much there is to do.
    interval : float
        Least time between two lines [s].
    """

    def __init__(self, what: str, total: int, interval: float = 10.0):
        self.what, self.total, self.interval = what, total, interval
        self.start = self.last = time.monotonic()

    def tell(self, done: int, more: str = "") -> None:
        """Log a line, if it is time; `more` is added to it."""
        if time.monotonic() - self.last >= self.interval:
            self.last = time.monotonic()
            self.end(done, more)

    def end(self, done: int, more: str = "") -> None:
        """Log a line now."""
        seconds = time.monotonic() - self.start
        log.info("%s %d of %d, %.0f s%s", self.what, done, self.total, seconds, more)
