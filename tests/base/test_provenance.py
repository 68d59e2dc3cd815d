"""The code hash follows imports, whatever their form, and contents, not times."""

import os

import pytest

from finefield.base.provenance import ROOT, code_version, modules_used

FILES = {
    "scripts/one.py": "from lib.a import f\n",
    "scripts/two.py": "from lib import b\n",
    "lib/__init__.py": "",
    "lib/a.py": "def f():\n    import lib.c\n",
    "lib/b.py": "import os\n",
    "lib/c.py": "",
}


@pytest.fixture
def root(tmp_path):
    for name, text in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    return tmp_path


def used(name, root):
    return {str(path.relative_to(root)) for path in modules_used(name, root)}


def test_imports_are_followed_in_every_form(root):
    assert used("scripts.one", root) == {
        "scripts/one.py",
        "lib/__init__.py",
        "lib/a.py",
        "lib/c.py",
    }
    assert used("scripts.two", root) == {"scripts/two.py", "lib/__init__.py", "lib/b.py"}


def test_only_users_of_an_edited_module_change(root):
    before = [code_version(f"scripts.{name}", root) for name in ("one", "two")]
    (root / "lib/c.py").write_text("x = 1\n")
    after = [code_version(f"scripts.{name}", root) for name in ("one", "two")]
    assert before[0] != after[0] and before[1] == after[1]
    (root / "lib/c.py").write_text("")
    os.utime(root / "lib/c.py", (0, 0))
    assert [code_version(f"scripts.{name}", root) for name in ("one", "two")] == before


def test_a_module_that_is_loaded_is_a_module_that_is_hashed():
    """Python's own import system as the oracle, for the script with the most imports."""
    import subprocess
    import sys

    source = (
        "import sys, finefield.networks.training.train\n"
        "print(*(m.__file__ for n, m in sys.modules.items() if n.startswith('finefield')))"
    )
    loaded = subprocess.run(
        [sys.executable, "-c", source],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    ).stdout.split()
    assert set(loaded) == {str(path) for path in modules_used("finefield.networks.training.train")}
