"""Markdown of the repository as pages of the site, and a check of all that Markdown points at.

Files outside of this folder, such as README.md, become pages below `generated/`, and links to them
lead there. In every Markdown file, relative links, paths in `code` and names of the library in
`code` must exist; what does not is a warning.
"""

import os
import re
from importlib import import_module
from pathlib import Path

from sphinx.util import logging

log = logging.getLogger(__name__)

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
#: File -> the page that shows it.
SHOWN = {
    ROOT / "README.md": DOCS / "index.md",
    ROOT / "config/README.md": DOCS / "generated/configuration.md",
    ROOT / "resources/README.md": DOCS / "generated/resources.md",
    ROOT / "CONTRIBUTING.md": DOCS / "generated/contributing.md",
    ROOT / "CHANGELOG.md": DOCS / "generated/changelog.md",
}
#: What the first page includes.
HOME = DOCS / "generated/home.md"
#: The part of a Markdown link, or of a picture, that is a path of the repository.
LINK = re.compile(r"(?<=\]\()(?!\w+:|#)([^)#\s]+)")
FENCED = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
CODE = re.compile(r"`([^`\n]+)`")
NAME = re.compile(r"finefield(\.\w+)+")
FOLDERS = ("workflow", "config", "docs", "envs", "benchmarks", "tests", ".ci")
#: Part of the paths of files that the reader makes.
MADE = re.compile("my_|_build")


def write_pages(app) -> None:
    """Write the pages of files that lie elsewhere, and check all Markdown."""
    HOME.parent.mkdir(exist_ok=True)
    for file, page in SHOWN.items():
        text = rebased(file.read_text(encoding="utf-8"), file, page)
        (page if page.parent == HOME.parent else HOME).write_text(text, encoding="utf-8")
    own = (path for path in DOCS.rglob("*.md") if HOME.parent not in path.parents)
    for file in [*SHOWN, *own]:
        check(file)


def rebased(text: str, file: Path, page: Path) -> str:
    """Text of a file with its links as they are from a page elsewhere."""

    def moved(link: re.Match) -> str:
        target = Path(os.path.normpath(file.parent / link[0]))
        return os.path.relpath(SHOWN.get(target, target), page.parent)

    return LINK.sub(moved, text)


def show_elsewhere(app, docname: str, source: list[str]) -> None:
    """Lead a page's links to their targets' pages."""
    page = DOCS / f"{docname}.md"
    if HOME.parent not in page.parents:
        source[0] = rebased(source[0], page, page)


def check(file: Path) -> None:
    """Warn of every link, path and name in a Markdown file that leads nowhere."""
    text = FENCED.sub("", file.read_text(encoding="utf-8"))
    codes = CODE.findall(text)
    wrong = [link for link in LINK.findall(text) if not (file.parent / link).exists()]
    wrong += [code for code in codes if is_path(code) and not (ROOT / code).exists()]
    wrong += [code for code in codes if NAME.fullmatch(code) and not is_name(code)]
    for each in wrong:
        log.warning("%s leads to %s, which does not exist", file.relative_to(ROOT), each)


def is_path(code: str) -> bool:
    """Whether a piece of code is the path of one file or folder that should be there."""
    is_pattern = re.search(r"[\s*{<]", code) or MADE.search(code)
    return code.split("/")[0] in FOLDERS and "/" in code and not is_pattern


def is_name(code: str) -> bool:
    """Whether a dotted name is a module of the library, or something in one."""
    module, _, name = code.rpartition(".")
    try:
        return hasattr(import_module(module), name) or bool(import_module(f"{module}.{name}"))
    except ImportError:
        return False


def setup(app) -> dict[str, bool]:
    app.connect("builder-inited", write_pages)
    app.connect("source-read", show_elsewhere)
    return {"parallel_read_safe": True}
