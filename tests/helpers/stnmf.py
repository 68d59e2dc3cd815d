"""STNMF's settings, what it would find in a cell, and where the real one is."""

from pathlib import Path

import numpy as np
import pytest

from finefield.networks.settings import NetworkSettings
from finefield.responses.samples import spread_blocks

PYTHON = Path(__file__).parents[2] / ".venv-stnmf/bin/python"
needs_stnmf = pytest.mark.skipif(not PYTHON.exists(), reason="no .venv-stnmf: make stnmf")


def settings(**changes):
    return NetworkSettings(network="stnmf", **changes)


def unit(images):
    return images / np.linalg.norm(images, axis=(1, 2), keepdims=True)


def found_in(cell):
    """The cell's subunits at sparsity 1, noise at 0.5 and nothing at 2."""
    images = np.random.default_rng(0).uniform(0, 1, (3, 8, 8))
    return {0.5: unit(images), 1: unit(cell.subunits), 2: np.zeros((0, 8, 8))}


def samples(responses):
    """Whether each sample is held out, its trial and its frame."""
    trial, frame = np.nonzero(np.arange(1000) >= np.full((40, 1), 19))
    return spread_blocks(len(trial), 0.1), trial, frame
