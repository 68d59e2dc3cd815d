"""Networks asked to predict other cells and other stimuli.

In come a network and all cells as targets; out come scores, unchanged and with a new output or
readout, the grid of all networks and cells, and what the grid says.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "clustering": ["Clusters", "clusters", "type_agreement"],
        "grid": ["transfer_grid"],
        "prediction": ["transfer", "transfer_row"],
        "scores": ["Transfer"],
        "settings": ["TransferSettings"],
        "similarity": ["subunit_similarity", "temporal_similarity"],
        "statistics": ["own_against_others", "relation", "share_above", "symmetry"],
        "targets": ["Target", "aligned_window", "best_windows", "reach", "refit_samples"],
    },
)
