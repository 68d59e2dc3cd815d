"""config/README.md's reference part, rendered from the schema."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from finefield.base.errors import UserError
from finefield.config.schema import phrase, plain, read, resolve

MARKER = "<!-- generated from workflow/schemas/config.schema.yaml: make docs -->\n"
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


def key_table() -> str:
    """Every key of the config as Markdown, a table for each mapping.

    Returns
    -------
    str
        Columns: key, default, meaning, values. A key without a default is required or optional.

    Examples
    --------
    >>> "| `seed` | `1` |" in key_table()
    True
    """
    return "\n".join(_tables(read(), ()))


def _tables(
    part: Mapping, path: tuple[str, ...], tag: str = "", known: frozenset = frozenset()
) -> Iterator[str]:
    """Lines of the tables of a mapping and of all inside it but those of `known` references."""
    part = resolve(part)
    if "allOf" in part:
        for branch in part["allOf"]:
            yield from _variant(part, resolve(branch["then"]), path, known)
        return
    properties = part.get("properties", {})
    if "properties" in part:
        yield from [_heading(path, tag), ""]
        yield from ["| key | default | meaning | values |", "| --- | --- | --- | --- |"]
        required = part.get("required", ())
        yield from (_row(key, resolve(p), key in required) for key, p in properties.items())
        yield ""
    for name, settings in part.get("presets", {}).items():
        values = ", ".join(f"`{key}: {plain(value)}`" for key, value in settings.items())
        yield from [f"`network: {name}` sets {values}.", ""]
    # What is referred to here and further inside again has its tables here.
    inside = known | {inner["$ref"] for inner in properties.values() if "$ref" in inner}
    for key, inner in properties.items():
        if inner.get("$ref") not in known:
            yield from _tables(inner, (*path, key), known=inside)
    if isinstance(part.get("additionalProperties"), Mapping):
        # A name is free: the heading shows a placeholder.
        placeholder = f"<{PLACEHOLDERS.get(path[-1], 'name')}>"
        yield from _tables(part["additionalProperties"], (*path, placeholder), known=known)
    if isinstance(part.get("items"), Mapping):
        yield from _tables(part["items"], (*path[:-1], f"{path[-1]}[]"), known=known)


def _variant(
    part: Mapping, branch: Mapping, path: tuple[str, ...], known: frozenset
) -> Iterator[str]:
    """Tables of one kind of a mapping, such as a simulated dataset."""
    kind = next(p["const"] for p in branch["properties"].values() if "const" in p)
    shared = part["properties"]
    properties = {key: {**shared.get(key, {}), **p} for key, p in branch["properties"].items()}
    yield from _tables({**branch, "properties": properties}, path, f" ({kind})", known)


def _heading(path: tuple[str, ...], tag: str) -> str:
    """Second level for the top-level keys, third for what lies in them."""
    if not path:
        return "## Top level"
    top = 2 if path[1:2] and path[1].startswith("<") else 1
    level, shown = ("##", path) if len(path) <= top else ("###", path[top:])
    return f"{level} `{'.'.join(shown)}`{tag}"


def _row(key: str, part: Mapping, required: bool) -> str:
    """One key's line of a table."""
    default = f"`{plain(part['default'])}`" if "default" in part else "optional"
    values = phrase(part)
    if "properties" in part:
        default, values = default.replace("`{}`", "as below"), "keys below"
    default = "required" if required else default
    return f"| `{key}` | {default} | {part.get('description', '')} | {values} |"
