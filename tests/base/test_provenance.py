"""The code hash follows imports, whatever their form, and code, not times nor words."""

import ast
import os
import re
import subprocess
import sys
from importlib import metadata

import pytest

from finefield.base.provenance import LIBRARIES, ROOT, code_version, modules_used

FILES = {
    "scripts/one.py": "from lib.a import f\n",
    "scripts/two.py": "from lib import b\n",
    "scripts/three.py": "import lib.room\nfrom lib.room import g\n",
    "lib/__init__.py": "",
    "lib/a.py": 'def f():\n    """Do it."""\n    import lib.c\n',
    "lib/b.py": "import os\n",
    "lib/c.py": "",
    "lib/room/__init__.py": "import lazy_loader\n"
    'x = lazy_loader.attach(__name__, submod_attrs={"d": ["g"], "deep.e": ["h"]})\n',
    "lib/room/d.py": "from lib.room import h\ng = h\n",
    "lib/room/f.py": "",
    "lib/room/deep/__init__.py": "",
    "lib/room/deep/e.py": "h = 1\n",
}


@pytest.fixture
def root(tmp_path):
    for name, text in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True, parents=True)
        path.write_text(text)
    return tmp_path


def used(name, root):
    return {str(path.relative_to(root)) for path in modules_used(root / f"scripts/{name}.py", root)}


def version(name, root):
    """The hash as another process would find it."""
    for cached in ("_imports", "_named", "_members", "_code", "_release"):
        getattr(sys.modules["finefield.base.provenance"], cached).cache_clear()
    return code_version(root / f"scripts/{name}.py", root)


def test_imports_are_followed_in_every_form(root):
    assert used("one", root) == {"lib/__init__.py", "lib/a.py", "lib/c.py"}
    assert used("two", root) == {"lib/__init__.py", "lib/b.py"}


def test_a_name_of_a_room_is_followed_to_its_module(root):
    deep = {"lib/room/deep/__init__.py", "lib/room/deep/e.py"}
    assert used("three", root) == {"lib/__init__.py", "lib/room/d.py"} | deep


def test_only_users_of_an_edited_module_change(root):
    before = [version(name, root) for name in ("one", "two")]
    (root / "lib/c.py").write_text("x = 1\n")
    after = [version(name, root) for name in ("one", "two")]
    assert before[0] != after[0] and before[1] == after[1]
    (root / "lib/c.py").write_text("")
    os.utime(root / "lib/c.py", (0, 0))
    assert [version(name, root) for name in ("one", "two")] == before


@pytest.mark.parametrize(
    "text",
    [
        'def f():\n    """Do it well."""\n    import lib.c\n',
        "def f():\n    import lib.c  # why\n",
        'def f():\n    """Do it."""\n    import lib.c\n    """What it is for."""\n',
    ],
)
def test_words_change_nothing(root, text):
    before = version("one", root)
    (root / "lib/a.py").write_text(text)
    assert version("one", root) == before
    (root / "lib/a.py").write_text(text.replace("import lib.c", "import lib.b"))
    assert version("one", root) != before


def test_the_program_counts_itself(root):
    before = version("one", root)
    (root / "scripts/one.py").write_text(FILES["scripts/one.py"] + "x = f()\n")
    assert version("one", root) != before


def test_the_release_of_a_library_counts_for_what_imports_it(root, monkeypatch):
    (root / "lib/c.py").write_text("from PIL import Image\n")
    before = [version(name, root) for name in ("one", "two")]
    monkeypatch.setattr(metadata, "version", {"pillow": "1.0+cpu"}.__getitem__)
    after = [version(name, root) for name in ("one", "two")]
    assert before[0] != after[0] and before[1] == after[1]
    monkeypatch.setattr(metadata, "version", {"pillow": "1.0"}.__getitem__)
    assert version("one", root) == after[0]


def test_every_library_that_is_pinned_counts_or_computes_nothing():
    pins = re.findall(r"^([\w-]+)==", (ROOT.parent / "envs/requirements.txt").read_text(), re.M)
    others = {"snakemake", "PyYAML", "Pygments", "lazy-loader", "pydantic"}
    assert set(LIBRARIES.values()) | others == set(pins)


def test_what_a_room_offers_besides_changes_nothing(root):
    before = version("three", root)
    room = root / "lib/room/__init__.py"
    room.write_text(room.read_text().replace('["g"]', '["g"], "f": ["k"]'))
    assert version("three", root) == before


def test_a_missing_program_is_an_error(root):
    with pytest.raises(FileNotFoundError):
        code_version(root / "scripts/four.py", root)


@pytest.mark.parametrize("script", ["train", "collect_transfer", "plot_cell"])
def test_a_module_that_is_loaded_is_a_module_that_is_hashed(script):
    """Python's own import system as the oracle."""
    path = ROOT / f"scripts/{script}.py"
    imports = ast.Import | ast.ImportFrom
    lines = [ast.unparse(n) for n in ast.parse(path.read_text()).body if isinstance(n, imports)]
    ours = "n.startswith(('finefield', 'scripts'))"
    tell = f"print(*(m.__file__ for n, m in sys.modules.items() if {ours} and m.__file__))"
    loaded = subprocess.run(
        [sys.executable, "-c", "\n".join(["import sys", *lines, tell])],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    ).stdout.split()
    modules = {str(path) for path in modules_used(path)}
    rooms = {path for path in loaded if path.endswith("__init__.py")}
    assert set(loaded) - rooms <= modules <= set(loaded)
