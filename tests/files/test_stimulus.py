"""Stimuli come back from their files crop by crop, whole and in bands."""

import numpy as np
import pytest
from helpers.damage import flipped_copies

from finefield.base.errors import UserError
from finefield.files.stimulus import (
    first_frames,
    read_held_out,
    read_stimulus,
    stimulus_bands,
    stimulus_mean,
    write_stimulus,
)
from finefield.stimuli.movie import BinaryStimulus, Blocks, GreyStimulus
from finefield.stimuli.noise import numpy_blocks
from finefield.stimuli.window import Window


def noise(n_frames):
    return numpy_blocks(np.random.default_rng(0), n_frames, 23, 12)


def test_a_binary_stimulus_is_read_crop_by_crop(tmp_path):
    sizes = {"running": 33_001, "frozen": 300}
    sequences = {
        name: Blocks((n_frames, 23, 12), noise(n_frames), BinaryStimulus, (-0.5, 0.5))
        for name, n_frames in sizes.items()
    }
    path = tmp_path / "stimulus.nc"
    write_stimulus(path, sequences, {"kind": "noise"})
    for name, n_frames in sizes.items():
        whole = np.concatenate([bits for _, bits in noise(n_frames)], axis=-1)
        crop = read_stimulus(path, Window(9, 3, 8, 5), name)
        assert crop.shape == (n_frames, 8, 5) and (crop.low, crop.high) == (-0.5, 0.5)
        assert np.array_equal(crop.codes, whole[9:17, 3:8])
    assert stimulus_mean(path) == pytest.approx(read_stimulus(path).frames().mean())
    assert np.array_equal(
        read_stimulus(path, n_frames=90).frames(), read_stimulus(path).frames()[:90]
    )
    with pytest.raises(UserError, match="field of 23 rows"):
        read_stimulus(path, Window(20, 0, 8, 8))


def test_a_grey_stimulus_comes_back_whole_and_in_bands(tmp_path):
    levels = np.random.default_rng(0).integers(0, 256, (23, 12, 500), dtype=np.uint8)
    blocks = [(0, levels[..., :320]), (320, levels[..., 320:])]
    held_out = np.arange(500) < 100
    shown = {"held_out": held_out.astype("int8"), "photograph": np.arange(500) // 100}
    sequences = {
        "running": Blocks((500, 23, 12), blocks, GreyStimulus, (-4.0, 0.25), shown, ("x", "y")),
        "frozen": Blocks((500, 23, 12), blocks, GreyStimulus, (-4.0, 0.25)),
    }
    path = tmp_path / "stimulus.nc"
    write_stimulus(path, sequences, {"kind": "images"})
    whole = read_stimulus(path)
    assert np.array_equal(whole.codes, levels) and (whole.offset, whole.step) == (-4.0, 0.25)
    assert np.array_equal(whole.held_out, held_out)
    assert np.array_equal(read_held_out(path), held_out)
    assert stimulus_mean(path) == pytest.approx(levels.mean() * 0.25 - 4)
    bands = list(stimulus_bands(path))
    assert len(bands) > 1
    assert np.array_equal(np.concatenate([band.codes for band in bands]), levels)


@pytest.mark.parametrize("frozen", [True, False])
def test_first_frames_are_those_of_the_tested_sequence(tmp_path, frozen):
    blocks = {one: np.concatenate([bits for _, bits in noise(90 + one)], -1) for one in (0, 10)}
    sequences = {"running": blocks[0], "frozen": blocks[10]}
    path = tmp_path / "stimulus.nc"
    lengths = {"running": 90, "frozen": 100} if frozen else {"running": 90}
    write_stimulus(
        path,
        {
            name: Blocks((n, 23, 12), [(0, sequences[name])], BinaryStimulus, (-0.5, 0.5))
            for name, n in lengths.items()
        },
        {"kind": "noise", "frame_rate": 30.0},
    )
    found = first_frames(path, 3, Window(9, 3, 8, 5))
    expected = read_stimulus(path, group="frozen" if frozen else "running").frames()
    np.testing.assert_array_equal(found, expected[:3, 9:17, 3:8])
    assert found["frame"].values.tolist() == [0, 1, 2] and found.attrs["frame_rate"] == 30.0
    assert first_frames(path, 1000).shape == (100 if frozen else 90, 23, 12)


def test_of_photographs_a_frame_of_each_is_taken(tmp_path):
    levels = np.random.default_rng(0).integers(0, 256, (4, 5, 60), dtype=np.uint8)
    photograph = np.repeat([-1, 2, -1, 0, 2, 1], 10)
    blocks = Blocks((60, 4, 5), [(0, levels)], GreyStimulus, (0.0, 1.0), {"photograph": photograph})
    path = tmp_path / "stimulus.nc"
    write_stimulus(path, {"running": blocks, "frozen": blocks}, {"kind": "images"})
    found = first_frames(path, 2)
    assert found["frame"].values.tolist() == [10, 30]
    np.testing.assert_array_equal(found, levels.transpose(2, 0, 1)[[10, 30]])


def test_no_flipped_bit_of_a_small_stimulus_is_read(tmp_path):
    """Neither in values nor in the index of chunks, which has no checksum of its own."""
    sequence = Blocks((3_000, 23, 12), noise(3_000), BinaryStimulus, (-0.5, 0.5))
    write_stimulus(tmp_path / "good.nc", {"running": sequence}, {"kind": "noise"})
    good, named = read_stimulus(tmp_path / "good.nc").codes, 0
    for path in flipped_copies(tmp_path / "good.nc", 500):
        try:
            assert np.array_equal(read_stimulus(path).codes, good)
        except UserError as error:
            named += "expected a whole NetCDF file" in str(error)
    assert named >= 490  # the others are in the mark of the checksum, which says that there is one
