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
        "chance": ["chance_levels", "region"],
        "comparison": ["Comparison", "compare"],
        "fates": ["Fates", "classify", "precision_and_recall"],
        "filters": ["Filters", "describe_filters"],
        "finding": ["Placements", "Subunits", "found_by_each", "found_subunits", "merge"],
        "matching": ["cosines", "match", "matched_similarity"],
        "pruning": ["Pruning", "Refit", "prune", "pruning_curve", "score_pruned"],
        "removal": ["Removal", "remove_each"],
        "settings": ["FilterSettings"],
        "stability": ["Agreement", "Stability", "agreement", "compare_starts"],
    },
)
