"""Which code a program uses: a hash of all that can change what the library does for it."""

import ast
import hashlib
from collections.abc import Iterator
from functools import cache
from importlib import metadata
from pathlib import Path

#: The folder that the library is imported from.
ROOT = Path(__file__).parents[2]
#: Libraries that compute or draw: the name that is imported, and that of the distribution.
LIBRARIES = {
    "torch": "torch", "numpy": "numpy", "scipy": "scipy", "numba": "numba", "xarray": "xarray",
    "netCDF4": "netCDF4", "pandas": "pandas", "matplotlib": "matplotlib", "seaborn": "seaborn",
    "fontTools": "fonttools", "PIL": "pillow", "skimage": "scikit-image", "sklearn": "scikit-learn",
}  # fmt: skip


def code_version(program: str | Path, root: Path = ROOT) -> str:
    """Hash of the code that a program uses, for a rule's params.

    Parameters
    ----------
    program : path
        A Python file, such as a script of the workflow.
    root : Path
        Folder that the library is imported from.

    Returns
    -------
    str
        SHA-256 over the program's code and that of every module below `root` that it imports,
        directly or through others, without comments and docstrings; and over the releases of the
        `LIBRARIES` that they import.

    Raises
    ------
    FileNotFoundError
        If there is no such program.

    Notes
    -----
    Contents, not times, so that touching a file or reverting an edit reruns nothing. A name that is
    imported from a room counts as imported from the module that the room takes it from. What is
    imported under ``if TYPE_CHECKING`` does not count, as it is never run.
    """
    program, modules = Path(program), sorted(modules_used(program, root))
    parts = [_code(program)]
    parts += [f"{path.relative_to(root)}\0{_code(path)}" for path in modules]
    imported = {name.partition(".")[0] for path in (program, *modules) for name in _named(path)}
    parts += [f"{name}\0{_release(name)}" for name in sorted(imported & LIBRARIES.keys())]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def modules_used(program: str | Path, root: Path = ROOT) -> set[Path]:
    """Files of every module below `root` that a program imports, in the end; without rooms."""
    seen, waiting = set(), [Path(program)]
    while waiting:
        path = waiting.pop()
        if path not in seen:
            seen.add(path)
            waiting += _imports(path, root)
    return {path for path in seen - {Path(program)} if not _members(path)}


@cache
def _imports(path: Path, root: Path) -> list[Path]:
    """Every file below `root` that a file imports, its packages included."""
    found = (file for name in _named(path) for file in _files(name, root))
    return list(dict.fromkeys(found))


@cache
def _named(path: Path) -> list[str]:
    """Dotted names of all that a file imports: modules, and what is taken from them."""
    found = []
    for node in _running(_tree(path)):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            found += [f"{node.module}.{alias.name}" for alias in node.names]
    return found


@cache
def _release(library: str) -> str:
    """The installed release of a library, whatever its build: "2.13.0+cpu" is one of 2.13.0."""
    return metadata.version(LIBRARIES[library]).partition("+")[0]


def _running(node: ast.AST) -> Iterator[ast.AST]:
    """All nodes below one, without what is for type checkers alone."""
    for child in ast.iter_child_nodes(node):
        if not (isinstance(child, ast.If) and ast.unparse(child.test) == "TYPE_CHECKING"):
            yield child
            yield from _running(child)


def _files(name: str, root: Path) -> Iterator[Path]:
    """The module that a dotted name is or lies in, and the packages above it."""
    place = root.joinpath(*name.split("."))
    room = place.parent / "__init__.py"
    if place.name in _members(room):
        place = place.parent.joinpath(*_members(room)[place.name].split("."))
    while place != root:
        candidates = place.with_suffix(".py"), place / "__init__.py"
        yield from (path for path in candidates if path.is_file())
        place = place.parent


@cache
def _members(path: Path) -> dict[str, str]:
    """Name -> submodule of what a room offers, by its call of `lazy_loader.attach`."""
    for node in ast.walk(_tree(path)) if path.name == "__init__.py" and path.is_file() else ():
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "lazy_loader.attach":
            offered = {word.arg: word.value for word in node.keywords}
            if "submod_attrs" in offered:
                table = ast.literal_eval(offered["submod_attrs"])
                return {name: module for module, names in table.items() for name in names}
            return dict.fromkeys([""], "")
    return {}


@cache
def _code(path: Path) -> str:
    """A file's code without comments and docstrings, those of attributes included."""
    tree = _tree(path)
    for node in ast.walk(tree):
        if isinstance(body := getattr(node, "body", None), list):
            body[:] = [line for line in body if not _is_text(line)] or [ast.Pass()]
    return ast.unparse(tree)


def _is_text(line: ast.stmt) -> bool:
    """Whether a statement is a string that nothing takes."""
    value = line.value if isinstance(line, ast.Expr) else None
    return isinstance(value, ast.Constant) and isinstance(value.value, str)


def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_bytes())
