"""What a network's filters are: effective or null, and the subunits that they stand for.

In come a trained network and the samples that it was trained on; out come its filters in space and
time, the subunits found, how they match known ones, how sure they are, and the network without its
null filters.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "autocorrelation": ["morans_i", "morans_i_null"],
        "comparison": ["compare"],
        "filters": ["Filters", "describe_filters"],
        "finding": ["Subunits", "found_subunits", "merge"],
        "matching": [
            "chance",
            "classify",
            "cosines",
            "ellipse_overlap",
            "match",
            "matched_similarity",
            "precision_and_recall",
            "region",
        ],
        "pruning": ["PruningCurve", "Refit", "prune", "pruning_curve"],
        "removal": ["Removal", "remove_each"],
        "stability": ["Agreement", "agreement", "compare_starts", "start_cosines"],
    },
)
