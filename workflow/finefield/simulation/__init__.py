"""Simulated ganglion cells, whose subunits are known.

In come the keys of ``cells`` and ``population`` in the config and a movie; out come firing rates
and spike counts.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "cell": ["Cell", "build_cell"],
        "drawn.circuit": ["draw_circuit"],
        "physiology": ["physiology"],
        "drawn.population": ["draw_population"],
        "settings": ["CellSettings"],
        "shapes": ["block_subunit", "gaussian_subunit", "patch_subunit", "subunit_image"],
        "spikes": ["Simulated", "draw_spikes", "firing_rate", "simulate_responses"],
        "temporal_filter": ["difference_of_gammas"],
    },
)
