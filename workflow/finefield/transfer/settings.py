"""Keys of the config about transfer."""

from typing import Annotated

from annotated_types import Ge, MinLen

from finefield.base.settings import Settings, Unique


class TransferSettings(Settings):
    """How every network is tried on every cell."""

    refit_frames: Annotated[list[Annotated[int, Ge(50)]], MinLen(1), *Unique] = [250, 500, 1000]
    """Frames of a target cell's training responses on which the output and the readout are
    refitted, from few to many."""
    max_shift: Annotated[int, Ge(0)] = 4
    """The best shift of a source network over a target's crop is sought up to this far [pixels]."""
