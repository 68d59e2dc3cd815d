"""Folders of text files: numbers apart by blanks, in lines."""

import logging
import warnings
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from finefield.base.errors import UserError

log = logging.getLogger(__name__)


def headers(path: Path) -> dict[str, None]:
    """Name of every text file, with that of its folder if it lies in one; no shapes.

    Raises
    ------
    UserError
        If two files have one name.
    """
    return dict.fromkeys(_files(path))


def load(path: Path, names: Iterable[str]) -> dict[str, np.ndarray]:
    """The named files as float64 (line, column); UserError where there is no table of numbers."""
    files, names = _files(path), list(names)
    others = [file for file in _visible(path, "**/*") if file not in files.values()]
    # Beside files of cells they may be those of cells, too.
    folders = {files[name].parent for name in names} - {path}
    of_cells = [file for file in others if folders & {*file.parents}]
    for unread, told in (
        (of_cells, log.warning),
        ([file for file in others if file not in of_cells], log.info),
    ):
        if unread:
            listed = ", ".join(file.relative_to(path).as_posix() for file in unread[:5])
            more = f" and {len(unread) - 5} more" if len(unread) > 5 else ""
            told("not read, as they do not end in .txt or lie too deep: %s%s", listed, more)
    return {name: table(files[name]) for name in names}


def files(path: Path) -> list[Path]:
    """Every text file in a folder and in its folders."""
    return list(_files(path).values())


def _files(path: Path) -> dict[str, Path]:
    """Text files by name, whatever the case of their ending."""
    files: dict[str, Path] = {}
    for file in _visible(path, "*", "*/*"):
        if file.suffix.lower() != ".txt":
            continue
        name = file.relative_to(path).with_suffix("").as_posix()
        if name in files:
            got = f"{files[name].name} and {file.name}"
            raise UserError(
                f"folder {file.parent}", got, "one file of a name", "rename one of them"
            )
        files[name] = file
    return files


def _visible(path: Path, *patterns: str) -> list[Path]:
    """Files in a folder by patterns, without hidden ones, such as macOS leaves (._2.txt)."""
    found = [file for pattern in patterns for file in path.glob(pattern)]
    shown = (one for one in found if not any(p[0] == "." for p in one.relative_to(path).parts))
    return sorted(one for one in shown if one.is_file())


def check_whole(file: Path) -> None:
    """Warn of a text file whose last line does not end, as that of one that was cut short."""
    content = file.read_bytes()
    if content and not content.endswith((b"\n", b"\r")):
        log.warning("%s: its last line has no end; was the file cut short?", file)


def table(file: Path) -> np.ndarray:
    """Numbers of one file, float64 (line, column); UserError where there is no table of them."""
    check_whole(file)
    try:
        with warnings.catch_warnings():
            # A cell without spikes is an empty file.
            warnings.filterwarnings("ignore", "loadtxt: input contained no data")
            return np.loadtxt(file, ndmin=2, encoding="utf-8-sig")
    except ValueError as error:
        raise UserError(
            str(file),
            f"text that is no table of numbers ({error})",
            "numbers alone, as many in every line",
            "correct that line, with nan for a frame that was not shown, or move the file",
        ) from error
