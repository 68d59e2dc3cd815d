"""A file of networks gives back the selected network, those of all starts, and their curves."""

from dataclasses import replace
from itertools import chain

import numpy as np
import pytest
from helpers.networks import deep_network, network

from finefield.files import store
from finefield.files.model import read_network, read_starts, write_training
from finefield.networks.training.train import Training
from finefield.responses.scores import correlation
from finefield.responses.testing import CellTest
from finefield.stimuli.movie import BinaryStimulus

ABOUT = store.provenance("A test", {"seed": 3}, "made")
STARTS = {"seeds": 2, "halves": 2, "bootstraps": 1}


def training(make):
    """Five random networks with random curves."""
    rng = np.random.default_rng(0)
    networks = [make(rng) for _ in range(sum(STARTS.values()))]
    curves = {name: rng.random((5, 4)) for name in ("train_loss", "validation_loss")}
    return Training(
        networks=networks,
        n_starts=STARTS,
        best_step=rng.integers(0, 9, 5),
        selected=1,
        step=np.arange(4),
        validation_correlation=rng.random((5, 4)),
        film=rng.random((4, 3, 4, 4)),
        gain=rng.random(6),
        **curves,
    )


def frozen_test(rng):
    movie = BinaryStimulus.from_frames(rng.integers(0, 2, (80, 9, 8)), -1, 1)
    frame = np.arange(5, 80)
    return CellTest(movie, frame, frame, rng.poisson(1, (4, 75)), 30.0)


@pytest.mark.parametrize("make", [network, deep_network])
def test_all_networks_come_back_with_their_curves(make, tmp_path):
    rng, written, path = np.random.default_rng(1), training(make), tmp_path / "model.nc"
    test = frozen_test(rng)
    write_training(path, "a", written, test, ABOUT)
    movie, newest = test.stimulus, test.newest
    selected = written.networks[1].predict(movie, newest)
    assert np.array_equal(read_network(path).predict(movie, newest), selected)
    assert np.array_equal(store.read(path, "test")["predicted_rate"], selected)
    root = store.read(path)
    assert np.array_equal(root["gain"], written.gain)
    assert root.attrs["selected_seed"] == 1 and root["cell"] == "a"
    assert float(root["correlation"]) == correlation(selected, test.measured)
    again = read_starts(path)
    assert {kind: len(networks) for kind, networks in again.items()} == STARTS
    for one, other in zip(chain(*again.values()), written.networks, strict=True):
        assert np.array_equal(one.predict(movie, newest), other.predict(movie, newest))
    halves = store.read(path, "halves")
    assert np.array_equal(halves["validation_loss"], written.validation_loss[2:4])
    assert halves["best_step"].values.tolist() == written.best_step[2:4].tolist()


def test_a_network_of_copies_is_said_to_have_collapsed(tmp_path, caplog):
    found = training(network)
    one = found.networks[1]
    readout = np.zeros_like(one.readout)
    readout[:, 0, 0] = 1
    found.networks[1] = replace(one, weight=one.weight[:1].repeat(3, 0), readout=readout)
    write_training(tmp_path / "a.nc", "a", found, frozen_test(np.random.default_rng(1)), ABOUT)
    assert store.attributes(tmp_path / "a.nc")["collapsed"] == 1
    assert "copies of one" in caplog.text
