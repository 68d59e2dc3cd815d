"""Movies: made from random numbers, images or files, kept as small codes, read as contrast.

In come the keys of ``stimuli`` in the config and the size of the field; out come movies on the
field, block by block (`Blocks`) or in memory (`BinaryStimulus`, `GreyStimulus`), and what filters
see of them.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "build": ["few_frames", "first_frames", "known_frames", "sequences"],
        "dead_leaves": ["dead_leaves"],
        "filtering": ["TimeFilter"],
        "files.frames": ["open_frames"],
        "movie": ["BinaryStimulus", "Blocks", "GreyStimulus", "Stimulus"],
        "natural": ["load_images", "prepare", "sequence"],
        "noise": [
            "binary_noise",
            "numpy_blocks",
            "ran1_blocks",
            "ran1_normal_blocks",
        ],
        "numpy_noise": ["numpy_stream_blocks"],
        "photographs": ["image_files", "read_folder", "shipped"],
        "settings": ["AnyStimulus", "Crop", "StimulusField"],
        "window": ["Window"],
    },
)
