"""What a notebook exports does not reach figures."""

import os
import subprocess
import sys

import pytest

CONFIG = """
from finefield.config import complete
cell = {"crop": {"y": 0, "x": 0}, "subunits": [{"shape": "block", "y": 0, "x": 0}]}
dataset = {"kind": "simulated", "cells": {"one": cell}}
complete({"datasets": {"toy": dataset}, "figures": {"measured_color": "red"}})
"""
FIGURE = """
import sys
from finefield.base.display import headless
headless()
from finefield.figures import FigureSettings, save_text
save_text("no cell", sys.argv[1], FigureSettings())
"""


@pytest.mark.parametrize("session", [CONFIG, FIGURE])
def test_the_backend_of_a_notebook_breaks_nothing(tmp_path, session):
    environment = os.environ | {"MPLBACKEND": "module://matplotlib_inline.backend_inline"}
    command = [sys.executable, "-c", session, str(tmp_path / "figure.svg")]
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
