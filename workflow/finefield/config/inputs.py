"""Files of the user that a stimulus' part of a config names."""

from collections.abc import Mapping

from finefield.config.reading import stimulus_images


def frame_files(stimulus: Mapping) -> list[str]:
    """Files that a stimulus is made from: frames of a recording, or a folder of images.

    Parameters
    ----------
    stimulus : dict
        An entry of ``stimuli`` of a complete config.

    Examples
    --------
    >>> frame_files({"images": "photographs", "frozen_file": "frozen.npy"})
    ['frozen.npy']
    """
    files = [stimulus[key] for key in ("running_file", "frozen_file") if key in stimulus]
    return stimulus_images(stimulus) + files
