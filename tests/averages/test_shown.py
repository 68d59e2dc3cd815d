"""Noise that was stated wrongly is recognised by the spikes of cells that saw it."""

import numpy as np
import pytest

from finefield.averages.fields import shown
from finefield.averages.fields.shown import noise_that_fits
from finefield.responses.responses import Responses
from finefield.stimuli import candidates
from finefield.stimuli.candidates import described
from finefield.stimuli.noise import ran1_blocks
from finefield.stimuli.settings import MatlabNoise, NumpyNoise, Ran1Noise

FRAMES, HEIGHT, WIDTH = 6000, 9, 14
SEED = 31
SIZES = {"frame": FRAMES, "y": HEIGHT, "x": WIDTH}
NUMPY = NumpyNoise(kind="numpy", running_seed=SEED, frozen_seed=1)


def fortran(order):
    """What MATLAB draws, as frames (frame, y, x)."""
    numbers = np.random.RandomState(SEED).random_sample(FRAMES * HEIGHT * WIDTH) > 0.5
    array = numbers.reshape([SIZES[name] for name in order], order="F")
    return array.transpose([order.index(name) for name in SIZES])


def ran1():
    bits = np.concatenate([bits for _, bits in ran1_blocks(-SEED, FRAMES, HEIGHT, WIDTH)], axis=2)
    return np.moveaxis(np.unpackbits(bits, axis=2, bitorder="little")[..., :FRAMES], -1, 0)


def integers(generator, order=("frame", "y", "x")):
    rng = getattr(np.random, generator)(SEED)
    draw = rng.integers if generator == "default_rng" else rng.randint
    array = draw(0, 2, [SIZES[name] for name in order])
    return array.transpose([order.index(name) for name in SIZES])


def cell(frames, rng, rate=0.3, n_shown=FRAMES, first=0):
    """An OFF cell that sees some pixels of the two frames before, and fires little."""
    contrast = 2.0 * frames[:, 5:7, 10:12].sum(axis=(1, 2)) - 4
    drive = np.concatenate([[0, 0], contrast[1:-1] + 0.5 * contrast[:-2]])
    counts = rng.poisson(rate * np.maximum(0.5 - drive, 0))[first : first + n_shown]
    return Responses(counts[None], np.array([first]), 30.0, delay=1)


def found(stated, cells, lags=8):
    return [described(one) for one in noise_that_fits(stated, HEIGHT, WIDTH, cells, lags)]


SHOWN = {
    "kind: numpy, order: [frame, x, y]": integers("default_rng", ("frame", "x", "y")),
    "kind: numpy, generator: RandomState, order: [frame, y, x]": integers("RandomState"),
    "kind: matlab, order: [y, x, frame]": fortran(["y", "x", "frame"]),
    "kind: matlab, order: [frame, y, x]": fortran(["frame", "y", "x"]),
    "kind: numpy, order: [y, x, frame]": integers("default_rng", ("y", "x", "frame")),
    "kind: gollisch_ran1": ran1(),
}


#: MATLAB's numbers are RandomState's.
EQUAL = {
    f"kind: matlab, order: [{matlab}]": "kind: numpy, generator: RandomState, threshold: 0.5, "
    f"order: [{numpy}]"
    for matlab, numpy in (("y, x, frame", "frame, x, y"), ("frame, y, x", "x, y, frame"))
}


@pytest.mark.parametrize("name", SHOWN)
def test_noise_is_named_by_what_it_was(name):
    names = found(NUMPY, [cell(SHOWN[name], np.random.default_rng(0))])
    assert set(names) == {name, EQUAL.get(name, name)}


def test_what_was_stated_is_found_if_it_was_shown():
    frames = integers("default_rng")
    assert found(NUMPY, [cell(frames, np.random.default_rng(0))]) == [described(NUMPY)]


def test_on_a_square_field_both_orders_show_it():
    side = np.random.default_rng(SEED).integers(0, 2, (FRAMES, 13, 13))
    one = cell(side, np.random.default_rng(0))
    names = [described(one) for one in noise_that_fits(NUMPY, 13, 13, [one], 8)]
    assert names == [f"kind: numpy, order: [frame, {order}]" for order in ("y, x", "x, y")]


@pytest.mark.parametrize(
    "stated",
    [
        MatlabNoise(kind="matlab", running_seed=SEED, frozen_seed=1),
        Ran1Noise(running_seed=-SEED, frozen_seed=-1),
        NumpyNoise(
            kind="numpy",
            running_seed=[{"seed": SEED, "frames": 5000}, {"seed": 3, "frames": 1000}],
            frozen_seed=1,
        ),
    ],
)
def test_whatever_was_stated(stated):
    name = "kind: numpy, generator: RandomState, order: [frame, y, x]"
    assert found(stated, [cell(SHOWN[name], np.random.default_rng(0))]) == [name]


def test_frames_that_are_off_by_one_do_not_matter():
    name = "kind: matlab, order: [y, x, frame]"
    for off in (-1, 1):
        one = cell(np.roll(SHOWN[name], off, axis=0), np.random.default_rng(0))
        assert name in found(NUMPY, [one])


def test_one_cell_of_several_suffices():
    rng, name = np.random.default_rng(0), "kind: gollisch_ran1"
    idle = Responses(rng.poisson(0.3, (1, FRAMES)), np.zeros(1, int), 30.0)
    assert found(NUMPY, [idle, cell(SHOWN[name], rng)]) == [name]


def test_nothing_is_named_where_nothing_fits():
    other = np.random.default_rng(99).integers(0, 2, (FRAMES, HEIGHT, WIDTH))
    for seed in range(5):
        assert found(NUMPY, [cell(other, np.random.default_rng(seed))]) == []


def test_gaussian_noise_is_recognised():
    stated = NUMPY.changed(distribution="gaussian")
    frames = np.random.RandomState(SEED).randn(FRAMES, HEIGHT, WIDTH)
    names = found(stated, [cell(frames, np.random.default_rng(0))])
    assert names == ["kind: numpy, generator: RandomState, order: [frame, y, x]"]


def test_little_is_drawn_again(monkeypatch):
    """The first frames alone; and no array as a whole that is large."""
    monkeypatch.setattr(shown, "NUMBERS", 3000 * HEIGHT * WIDTH)
    monkeypatch.setattr(candidates, "LARGEST", FRAMES * HEIGHT * WIDTH - 1)
    rng = np.random.default_rng(0)
    early = {name: cell(frames, rng, 0.5, 3000) for name, frames in SHOWN.items()}
    late = {name: cell(frames, rng, 0.5, 3000, first=3000) for name, frames in SHOWN.items()}
    name = "kind: gollisch_ran1"
    assert found(NUMPY, [early[name]]) == [name] and found(NUMPY, [late[name]]) == []
    assert found(NUMPY, [early["kind: numpy, order: [y, x, frame]"]]) == []
