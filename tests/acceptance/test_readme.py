"""The README's Python session does what it says."""

import os
import re
import subprocess
import sys
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[2]


def test_the_recorded_run_of_the_tests_is_the_users():
    theirs, ours = (
        yaml.safe_load((ROOT / p).read_text())
        for p in ("config/recorded.yaml", "tests/recorded.yaml")
    )
    ours["datasets"]["recorded"]["recording"] = theirs["datasets"]["recorded"]["recording"]
    assert ours == theirs


def test_the_python_session_prints_what_it_says():
    session = re.search(r"```python\n(.*?)```", (ROOT / "README.md").read_text(), re.S)[1]
    said = re.search(r"# cosines: (.*)", session)[1]
    run = subprocess.run(
        [sys.executable, "-c", session],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": "workflow"},
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stderr
    assert run.stdout.strip() == said
