"""Drawing without a display."""

import os


def headless() -> None:
    """Let Matplotlib draw into files alone, before it is imported.

    Notebooks export the name of a backend of their own, which Matplotlib elsewhere may refuse.
    """
    os.environ["MPLBACKEND"] = "agg"
