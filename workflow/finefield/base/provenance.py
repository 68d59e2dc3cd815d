"""Which code a script uses: a hash of the workflow's modules that it imports, directly or not."""

import ast
import hashlib
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]


def code_version(script: str, root: Path = ROOT) -> str:
    """Hash of a script's own modules, for a rule's params.

    Parameters
    ----------
    script : str
        Module name of the script, such as ``"scripts.train"``.
    root : Path
        Folder that the modules are imported from.

    Returns
    -------
    str
        SHA-256 over the contents of every module below `root` that the script imports, directly or
        through others. The script itself is left out: Snakemake watches it.

    Raises
    ------
    FileNotFoundError
        If there is no such script.

    Notes
    -----
    Contents, not times, so that touching a file or reverting an edit reruns nothing.
    """
    digest = hashlib.sha256()
    for path in sorted(modules_used(script, root) - {_file(script, root)}):
        digest.update(f"{path.relative_to(root)}\0".encode() + path.read_bytes() + b"\0")
    return digest.hexdigest()


def modules_used(name: str, root: Path = ROOT) -> set[Path]:
    """Files of a module and of every module below `root` that it imports, in the end."""
    path = _file(name, root)
    if path is None:
        raise FileNotFoundError(f"no module {name} below {root}")
    seen, waiting = set(), [path]
    while waiting:
        path = waiting.pop()
        if path not in seen:
            seen.add(path)
            waiting += [file for each in _imports(path) if (file := _file(each, root))]
    return seen


def _file(name: str, root: Path) -> Path | None:
    """The file of a module or package below `root`; None for anything else."""
    stem = root.joinpath(*name.split("."))
    candidates = stem.with_suffix(".py"), stem / "__init__.py"
    return next((path for path in candidates if path.is_file()), None)


@cache
def _imports(path: Path) -> set[str]:
    """Every name that a file may import as a module, packages above it included."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return names | {name.rsplit(".", n)[0] for name in names for n in range(1, name.count(".") + 1)}
