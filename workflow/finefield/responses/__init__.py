"""One cell's responses: spike counts, the samples that networks learn from, and how good they are.

In come spike counts by trial and frame; out come samples (newest stimulus frame and spikes), what
is held out of training, slow drift of the rate, and scores of a prediction.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "drift": ["block_gain"],
        "presence": ["while_present"],
        "quality": ["cell_quality", "too_few_spikes"],
        "responses": ["Responses"],
        "samples": ["TrainingData", "of_one_part", "spread_blocks"],
        "scores": ["bits_per_spike", "correlation", "noise_ceiling", "repeat_reliability"],
        "testing": ["CellTest", "tested", "with_test"],
    },
)
