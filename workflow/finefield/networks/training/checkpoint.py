"""State of a long training on disk, so that a killed job goes on where it was."""

import logging
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import torch

from finefield.base.whole import check_seal, seal, whole

log = logging.getLogger(__name__)


class Checkpoint:
    """A file that holds the latest state of one piece of work.

    Parameters
    ----------
    path : path
        The file, beside the work's result.
    key : str
        What the work is made of. A state saved under another key is of no use and is ignored.
    interval : float
        Least time between two saves [s].
    """

    def __init__(self, path: str | Path, key: str, interval: float = 20.0):
        self.path, self.key, self.interval = Path(path), key, interval
        self._last = time.monotonic()

    def load(self) -> dict | None:
        """The state last saved under the key, or None."""
        if not self.path.exists():
            return None
        try:
            check_seal(self.path)
            saved = torch.load(self.path, weights_only=True)
            return saved["state"] if saved["key"] == self.key else None
        except Exception:  # whatever is wrong with the file, the work can begin anew
            log.warning("%s cannot be read: starting anew", self.path)
            return None

    def offer(self, state: Callable[[], Mapping]) -> None:
        """Save what `state` returns if it is time; the file is whole or absent."""
        if time.monotonic() - self._last >= self.interval:
            with whole(self.path) as part:
                torch.save({"key": self.key, "state": state()}, part)
                seal(part)
            self._last = time.monotonic()

    def remove(self) -> None:
        """Remove the file, once the result is written."""
        self.path.unlink(missing_ok=True)
