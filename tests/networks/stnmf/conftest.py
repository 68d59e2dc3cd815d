"""A cell, and a Python in whose place STNMF would run."""

import sys

import numpy as np
import pytest
from helpers.cells import YAN2020, noise
from helpers.stnmf import found_in, settings

from finefield.networks.stnmf.fitting import train_stnmf
from finefield.responses.responses import Responses
from finefield.simulation.cell import build_cell
from finefield.simulation.spikes import simulate_responses

#: A Python that has the modules of each sparsity in a file, and keeps what it was given.
FAKE = """#!{python}
import shutil, sys
import numpy as np
isolated, program, source, target, n_modules, seed, *sparsities = sys.argv[1:]
shutil.copy(source, "{folder}/given.npy")
with open("{folder}/said.txt", "a") as said:
    print(isolated, program, n_modules, seed, *sparsities, file=said)
images = np.load("{folder}/modules.npz")
found = {{f"images_{{i}}": images[str(float(sparsity))] for i, sparsity in enumerate(sparsities)}}
np.savez(target, **found, **{{f"seconds_{{i}}": 1.5 for i in range(len(found))}})
print("factorised")
"""


@pytest.fixture(scope="module")
def toy():
    """A cell that fires in a fifth of the frames, a movie, and its responses."""
    output = {"threshold": 1.0, "gain": 4}
    cell = build_cell(YAN2020.changed(output=output, spikes="poisson"), 30.0)
    movie = noise(40_000)
    spikes = simulate_responses(cell, movie, 1, 30.0, np.random.default_rng(0)).spike_count
    return cell, movie, Responses(spikes.reshape(40, -1), 1000 * np.arange(40), 30.0)


@pytest.fixture
def fake(tmp_path):
    """Make a Python whose STNMF finds, at each sparsity, what it is told to."""

    def make(found):
        images = {str(float(sparsity)): np.float32(one) for sparsity, one in found.items()}
        np.savez(tmp_path / "modules.npz", **images)
        path = tmp_path / "python"
        path.write_text(FAKE.format(python=sys.executable, folder=tmp_path))
        path.chmod(0o755)
        return path

    return make


@pytest.fixture
def trained(toy, fake):
    cell, movie, responses = toy
    python = fake(found_in(cell))
    training = train_stnmf(movie, responses, settings(sparsity=[0.5, 1, 2]), 0, python)
    return training, python.parent
