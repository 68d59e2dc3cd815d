"""What every room needs and no scientist asks for: errors, random numbers, progress, whole files.

Nothing of the retina is known here.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "errors": ["UserError"],
        "extras": ["optional"],
        "glossary": ["DIMENSIONS"],
        "labels": ["value_text"],
        "memory": ["keep_freed", "use_large_pages"],
        "progress": ["Progress"],
        "provenance": ["code_version"],
        "rng": ["SEQUENCES", "generator"],
        "settings": ["Settings", "plain"],
        "whole": ["whole"],
    },
)
