"""The reference part of config/README.md, and the schema for editors, from the config's types."""

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import yaml

from finefield.base.errors import UserError
from finefield.config.phrases import description, entry, options, phrase, plain, resolve, schema
from finefield.networks.settings import PRESETS

MARKER = "<!-- generated from the types of the config: make docs -->\n"
#: What stands for a name in a heading.
PLACEHOLDERS = {
    "datasets": "dataset",
    "stimuli": "stimulus",
    "cells": "cell",
    "models": "model",
    "sweeps": "sweep",
}


def write_readme(path: str | Path) -> None:
    """Replace what follows the marker in a Markdown file by `key_table`.

    Parameters
    ----------
    path : str or Path
        The file, as a rule config/README.md.

    Raises
    ------
    UserError
        If the file has no marker.

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "README.md"
    >>> _ = path.write_text(f"# Configuration\\n\\n{MARKER}old")
    >>> write_readme(path)
    >>> path.read_text() == f"# Configuration\\n\\n{MARKER}\\n{key_table()}"
    True
    """
    intro, marker, _ = Path(path).read_text(encoding="utf-8").partition(MARKER)
    if not marker:
        raise UserError(str(path), "no marker", MARKER.strip(), "add the marker line")
    Path(path).write_text(f"{intro}{marker}\n{key_table()}", encoding="utf-8")


def schema_text() -> str:
    """The config's JSON schema as YAML, for editors and the workflow catalog."""
    text = yaml.safe_dump(schema(), sort_keys=False, allow_unicode=True, width=100)
    return f"# Generated from the types of the config: make docs\n{text}"


def key_table() -> str:
    """Every key of the config as Markdown, a table for each mapping.

    Returns
    -------
    str
        Columns: key, default, meaning, values. A key without a default is required.

    Examples
    --------
    >>> "| `seed` | `1` |" in key_table()
    True
    """
    return "\n".join(_tables(schema(), (), frozenset()))


def _tables(part: Mapping, path: tuple[str, ...], above: frozenset) -> Iterator[str]:
    """Lines of the tables of a mapping, or of each kind of it, and of all inside it.

    What a mapping `above` has a table for, such as a dataset's layout, has none again.
    """
    members = [one for one in options(part) if "properties" in one]
    for member in members:
        tag = _kind(member) if len(members) > 1 else ""
        yield from _table(member, path, tag)
        inner = {key: each for key, each in member["properties"].items() if key not in above}
        here = above | {key for key, each in inner.items() if path[1:2] and _is_mapping(each)}
        for key, each in inner.items():
            yield from _tables(each, (*path, key), here)
            # A name is free: the heading shows a placeholder.
            many = any("items" in one for one in options(each))
            name = f"<{PLACEHOLDERS.get(key, 'name')}>"
            place = (*path, f"{key}[]") if many else (*path, key, name)
            yield from _tables(entry(each), place, here)


def _table(part: Mapping, path: tuple[str, ...], tag: str) -> Iterator[str]:
    """Lines of one table, and of what its networks set."""
    yield from [_heading(path, tag), ""]
    yield from ["| key | default | meaning | values |", "| --- | --- | --- | --- |"]
    required = part.get("required", ())
    keys = sorted(part["properties"], key=lambda key: key not in required)
    yield from (_row(key, part["properties"][key], key in required) for key in keys)
    yield ""
    for name, settings in PRESETS.items() if "network" in part["properties"] else ():
        values = ", ".join(f"`{key}: {plain(value)}`" for key, value in settings.items())
        yield from [f"`network: {name}` sets {values}.", ""]


def _is_mapping(part: Mapping) -> bool:
    return any("properties" in one for one in options(part))


def _kind(part: Mapping) -> str:
    """What tells one kind of a mapping from others, for its heading."""
    return next(f" ({each['const']})" for each in part["properties"].values() if "const" in each)


def _heading(path: tuple[str, ...], tag: str) -> str:
    """Second level for the top-level keys, third for what lies in them."""
    if not path:
        return "## Top level"
    top = 2 if path[1:2] and path[1].startswith("<") else 1
    level, shown = ("##", path) if len(path) <= top else ("###", path[top:])
    return f"{level} `{'.'.join(shown)}`{tag}"


def _row(key: str, part: Mapping, required: bool) -> str:
    """One key's line of a table."""
    default, values = f"`{plain(part.get('default'))}`", phrase(part)
    if _is_mapping(part):
        default = "`null`" if "default" in part and part["default"] is None else "as below"
        values = "keys below"
    elif entry(part) and isinstance(part.get("default"), dict):
        default = "as below" if part["default"] else "`{}`"
    default = "required" if required else default
    return f"| `{key}` | {default} | {description(resolve(part))} | {values} |"


if __name__ == "__main__":
    write_readme(sys.argv[1])
    Path(sys.argv[2]).write_text(schema_text(), encoding="utf-8")
