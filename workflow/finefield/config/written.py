"""A config file as it is written: keys given twice, and what YAML reads as something else."""

import json
from pathlib import Path

import yaml

from finefield.base.errors import UserError

INTEGER, TEXT, NULL, MERGE = (
    f"tag:yaml.org,2002:{kind}" for kind in ("int", "str", "null", "merge")
)

#: What to do about a file of another kind than a config.
RECORDING = "name a config, of text in UTF-8; a recording is named in it, as docs/own-data.md says"


def read_written(path: str | Path) -> object:
    """Read a YAML config file, and refuse what YAML would lose or misread.

    Parameters
    ----------
    path : str or Path
        The file.

    Returns
    -------
    object
        As from ``yaml.safe_load``.

    Raises
    ------
    UserError
        If the file is missing or is not YAML; if a key stands twice in one place, of which YAML
        keeps the last; if a number is not what is written, as 010 is 8 to YAML; if a name of a
        cell or another key is not, as 12_1 is 121 and on is true.

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "config.yaml"
    >>> _ = path.write_text("cells: [010]")
    >>> read_written(path)
    Traceback (most recent call last):
    finefield.base.errors.UserError: config ...: got 010 in line 1, which YAML reads as 8; \
expected a name in quotes. Fix: write "010"
    """
    where = f"config {path}"
    try:
        loader = yaml.SafeLoader(Path(path).read_text(encoding="utf-8"))
        tree = loader.get_single_node()
        _check(tree, loader, where, ())
        return None if tree is None else loader.construct_document(tree)
    except OSError as error:
        got = error.strerror or str(error)
        fix = RECORDING if Path(path).exists() else "correct the path"
        raise UserError(where, got, "a YAML file", fix) from error
    except UnicodeDecodeError as error:
        raise UserError(where, f"no text ({error})", "YAML in UTF-8", RECORDING) from error
    except (yaml.YAMLError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        line = f", line {mark.line + 1}" if mark else ""
        got = getattr(error, "problem", None) or str(error)
        fix = "correct the line or the one above: indent with spaces, close quotes and brackets"
        raise UserError(f"{where}{line}", got, "YAML in UTF-8", fix) from error


def _check(
    node: yaml.Node | None, loader: yaml.SafeLoader, where: str, path: tuple[str, ...]
) -> None:
    """Raise UserError for a part of a file, at a path of keys, that YAML would lose or misread."""
    if isinstance(node, yaml.MappingNode):
        lines: dict[str, int] = {}
        for key, value in node.value:
            name, line = str(key.value), key.start_mark.line + 1
            if name in lines and name != "<<":
                got = f"{'.'.join((*path, name))} in lines {lines[name]} and {line}"
                fix = "remove one of them, or join what is below them"
                raise UserError(where, got, "each key once", fix)
            lines[name] = line
            if isinstance(key, yaml.ScalarNode) and key.tag != MERGE:
                _check_name(key, loader, where, (*path, name))
            _check(value, loader, where, (*path, name))
    elif isinstance(node, yaml.SequenceNode):
        for one in node.value:
            _check(one, loader, where, path)
    elif node is None or node.tag == NULL:
        return
    elif path[-1:] == ("cells",) or "train" in path:
        _check_name(node, loader, where, path)
    elif node.tag == INTEGER:
        _check_integer(node, loader.construct_yaml_int(node), where, path)


def _check_name(
    node: yaml.ScalarNode, loader: yaml.SafeLoader, where: str, path: tuple[str, ...]
) -> None:
    """Raise UserError if YAML reads a name, of a cell or a key, as another than is written."""
    value = node.value if node.tag == TEXT else loader.construct_object(node)
    if str(value) != node.value:
        shown = json.dumps(value, default=str)
        got = f"{node.value} in line {node.start_mark.line + 1}, which YAML reads as {shown}"
        fix = f'write "{node.value}"'
        raise UserError(f"{where}, {'.'.join(path)}", got, "a name in quotes", fix)


def _check_integer(node: yaml.ScalarNode, value: int, where: str, path: tuple[str, ...]) -> None:
    """Raise UserError if YAML reads a number as another `value` than is written."""
    written = node.value
    plain = written.replace("_", "").removeprefix("+")
    if plain == str(value) or written.lower().startswith("0x"):
        return
    got = f"{written} in line {node.start_mark.line + 1}, which YAML reads as {value}"
    fix = f"write {value}, or the number that is meant"
    raise UserError(f"{where}, {'.'.join(path)}", got, "a plain number", fix)
