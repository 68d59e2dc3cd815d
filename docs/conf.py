"""How Sphinx makes the site: `python -m sphinx -W docs docs/_build/html`, without the network."""

import sys
from pathlib import Path

DOCS = Path(__file__).parent
sys.path[:0] = [str(DOCS.parent / "workflow"), str(DOCS / "_extensions")]

import finefield  # noqa: E402

project = "Finefield"
author = "The Finefield developers"
copyright = author
release = version = finefield.__version__

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.autosummary",
    "sphinx.ext.viewcode",
    "numpydoc",
    "repository",
    "rooms",
]
exclude_patterns = ["_build", "generated/home.md"]

myst_enable_extensions = ["colon_fence"]
myst_heading_anchors = 3
highlight_language = "none"

# Every link must lead somewhere, but for `name` in a docstring: that may be a parameter or a key.
nitpicky = True
nitpick_ignore_regex = [("py:obj", ".*")]
default_role = "py:obj"
autodoc_typehints = "none"
autodoc_preserve_defaults = True
autodoc_member_order = "bysource"
autosummary_generate = False
numpydoc_show_class_members = False

html_theme = "furo"
html_title = f"Finefield {release}"
html_copy_source = False
html_show_copyright = False
