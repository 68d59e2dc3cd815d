"""Configured stimuli against arrays made in one piece."""

import numpy as np
import pytest

from finefield.base.errors import UserError
from finefield.stimuli.build import sequence_blocks
from finefield.stimuli.movie import BinaryStimulus, GreyStimulus
from finefield.stimuli.noise import ran1_blocks, ran1_normal_blocks
from finefield.stimuli.settings import Frames, NumpyNoise, Ran1Noise

HEIGHT, WIDTH = 5, 7
KINDS = {"gollisch_ran1": Ran1Noise, "numpy": NumpyNoise, "frames": Frames}
RAN1 = {"kind": "gollisch_ran1", "distribution": "binary", "running_seed": -3, "frozen_seed": -4}


def whole(blocks):
    """The movie of some blocks; their first frames are checked on the way."""
    parts, per_code = [], 8 if blocks.kind is BinaryStimulus else 1
    for first, codes in blocks.blocks:
        assert first == per_code * sum(part.shape[2] for part in parts)
        parts.append(codes)
    return blocks.kind(np.concatenate(parts, axis=2), blocks.shape[0], *blocks.contrasts)


def typed(settings):
    """Settings given as in a config."""
    return KINDS[settings["kind"]](**settings)


def made(settings, sequence, n_frames):
    return whole(sequence_blocks(typed(settings), sequence, n_frames, HEIGHT, WIDTH)).frames()


def drawn(seed, n_frames, distribution="binary"):
    """Frames of one stream of ran1, as the generator's own tests know them."""
    if distribution == "binary":
        codes = [bits for _, bits in ran1_blocks(seed, n_frames, HEIGHT, WIDTH)]
        return BinaryStimulus(np.concatenate(codes, axis=2), n_frames).frames()
    codes = [levels for _, levels in ran1_normal_blocks(seed, n_frames, HEIGHT, WIDTH)]
    return GreyStimulus(np.concatenate(codes, axis=2), n_frames, -4, 1 / 32).frames()


def test_each_sequence_has_its_seed():
    assert np.array_equal(made(RAN1, "running", 100), drawn(-3, 100))
    assert np.array_equal(made(RAN1, "frozen", 50), drawn(-4, 50))


@pytest.mark.parametrize("distribution", ["binary", "gaussian"])
@pytest.mark.parametrize("n_frames", [10, 21, 2100, 2184, 5000])
def test_parts_follow_one_another(distribution, n_frames):
    """Also where a part ends inside a byte of eight frames, or a block."""
    lengths = {-5: 13, -6: 2051, -7: 120, -8: 4000}
    parts = [{"seed": seed, "frames": length} for seed, length in lengths.items()]
    settings = RAN1 | {"running_seed": parts, "distribution": distribution}
    pieces = [drawn(seed, length, distribution) for seed, length in lengths.items()]
    expected = np.concatenate(pieces)[:n_frames]
    assert np.array_equal(made(settings, "running", n_frames), expected)


def test_parts_shorter_than_the_responses_are_refused():
    settings = RAN1 | {"running_seed": [{"seed": -1, "frames": 60}, {"seed": -2, "frames": 30}]}
    with pytest.raises(UserError, match=r"parts \[-1, -2\]: got 90 frames.*at least the 91 frames"):
        made(settings, "running", 91)


@pytest.mark.parametrize(("generator", "order"), [("default_rng", "yx"), ("RandomState", "xy")])
def test_noise_of_numpy_is_what_one_call_gives(generator, order):
    settings = {
        "kind": "numpy",
        "generator": generator,
        "distribution": "binary",
        "order": ["frame", *order],
        "running_seed": 9,
        "frozen_seed": 10,
    }
    size = (300, HEIGHT, WIDTH) if order == "yx" else (300, WIDTH, HEIGHT)
    if generator == "default_rng":
        ones = np.random.default_rng(9).integers(0, 2, size)
    else:
        ones = np.random.RandomState(9).randint(0, 2, size)
    expected = 2 * (ones if order == "yx" else ones.swapaxes(1, 2)) - 1
    assert np.array_equal(made(settings, "running", 300), expected)


@pytest.fixture
def frames(tmp_path):
    """A file of grey frames, its settings and its values."""
    values = np.random.default_rng(0).integers(0, 256, (90, HEIGHT, WIDTH), dtype=np.uint8)
    np.save(tmp_path / "frames.npy", values)
    path = str(tmp_path / "frames.npy")
    settings = {"kind": "frames", "running_file": path, "frozen_file": path}
    settings |= {"running_key": None, "order": ["frame", "y", "x"], "contrast_range": None}
    return settings, values


def test_frames_of_a_file_are_its_first_ones(frames):
    settings, values = frames
    assert np.array_equal(made(settings, "running", 70), values[:70])


def test_frames_may_be_stored_column_by_column(frames):
    settings, values = frames
    np.save(settings["running_file"], values.swapaxes(1, 2))
    settings["order"] = ["frame", "x", "y"]
    assert np.array_equal(made(settings, "running", 90), values)


@pytest.mark.parametrize("levels", [[0, 255], [10, 60, 255]])
def test_contrasts_of_frames_may_be_given_a_range(frames, levels):
    settings, _ = frames
    values = np.random.default_rng(1).choice(levels, (70, HEIGHT, WIDTH))
    np.save(settings["running_file"], values.astype(np.uint8))
    contrasts = made(settings | {"contrast_range": [10, 60]}, "running", 70)
    np.testing.assert_allclose(contrasts, (values - 35) / 25, atol=1e-5)
    inverted = made(settings | {"contrast_range": [60, 10]}, "running", 70)
    np.testing.assert_allclose(inverted, (35 - values) / 25, atol=1e-5)


def test_frames_that_do_not_fit_are_refused(frames):
    settings, _ = frames
    with pytest.raises(UserError, match=r"frames\.npy: got 90 frames.*at least the 91 frames"):
        made(settings, "running", 91)
    with pytest.raises(UserError, match="5 rows and 7 columns; expected the field's 6 rows"):
        sequence_blocks(typed(settings), "running", 90, 6, WIDTH)
