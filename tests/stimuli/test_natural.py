"""Sequences of images: divided by photograph, normalised on training images, timed as asked."""

import numpy as np
import pytest

from finefield.base.errors import UserError
from finefield.stimuli.natural import CHUNKS, GREY, load_images, prepare, sequence
from finefield.stimuli.settings import FlashedImages, MovingImages, StimulusField

FIELD = StimulusField(height=6, width=9)


def settings(kind="flashed_images", **changes):
    kinds = {"flashed_images": FlashedImages, "moving_images": MovingImages}
    return kinds[kind](kind=kind, **({"scale": 2} | changes))


def some_images(number=10, seed=0):
    rng = np.random.default_rng(seed)
    return {f"i{one}": rng.random((30 + one, 41)).astype(np.float32) + one for one in range(number)}


def made(kind="flashed_images", parts=("training", "validation"), n_frames=3000, seed=3, **changes):
    chosen = settings(kind, **changes)
    images = prepare(some_images(), chosen, np.random.default_rng(1))
    movie = sequence(images, parts, chosen, FIELD, n_frames, np.random.default_rng(seed))
    codes = np.concatenate([block for _, block in movie.blocks], axis=2)
    return images, movie, codes, movie.contrasts[0] + movie.contrasts[1] * codes.astype(float)


def test_every_image_is_in_one_part_and_each_part_has_one():
    images = prepare(some_images(), settings(), np.random.default_rng(0))
    assert sorted(images.part) == ["test"] * 2 + ["training"] * 6 + ["validation"] * 2
    three = prepare(some_images(3), settings(), np.random.default_rng(0))
    assert sorted(three.part) == ["test", "training", "validation"]
    with pytest.raises(UserError, match="2 images; expected at least three"):
        prepare(some_images(2), settings(), np.random.default_rng(0))


def test_training_images_alone_set_mean_and_contrast():
    chosen, images = settings(contrast=0.2), some_images()
    first = prepare(images, chosen, np.random.default_rng(0))
    seen = []
    for contrast, part in zip(first.contrast, first.part, strict=True):
        height, width = (side // 2 for side in contrast.shape)
        blocks = contrast[: 2 * height, : 2 * width].reshape(height, 2, width, 2).mean((1, 3))
        seen += [blocks.ravel()] if part == "training" else []
    assert np.concatenate(seen).mean() == pytest.approx(0, abs=1e-6)
    assert np.concatenate(seen).std() == pytest.approx(0.2, rel=1e-5)
    # Other test and validation images change nothing.
    others = {
        name: image if part == "training" else 5 * image
        for (name, image), part in zip(images.items(), first.part, strict=True)
    }
    second = prepare(others, chosen, np.random.default_rng(0))
    for one, other, part in zip(first.contrast, second.contrast, first.part, strict=True):
        if part == "training":
            np.testing.assert_allclose(one, other)


@pytest.mark.parametrize("kind", ["flashed_images", "moving_images"])
def test_sequences_show_images_of_their_parts_alone(kind):
    images, movie, *_ = made(kind)
    part = np.array(images.part)
    shown = movie.photograph >= 0
    assert set(part[movie.photograph[shown & movie.validation]]) == {"validation"}
    assert set(part[movie.photograph[shown & ~movie.validation]]) == {"training"}
    assert movie.validation.mean() == pytest.approx(0.15, abs=0.06)
    assert np.abs(np.diff(movie.validation.astype(int))).sum() == 2 * CHUNKS - 1
    _, frozen, *_ = made(kind, parts=("test",))
    assert set(part[frozen.photograph[frozen.photograph >= 0]]) == {"test"}
    assert not frozen.validation.any()


def test_flashes_last_as_long_as_asked_and_grey_is_the_mean():
    _, movie, codes, contrast = made(limit=50, n_frames=3010)
    shown = movie.photograph.reshape(-1)[:3000].reshape(100, 30) >= 0
    assert shown[:, :6].all() and not shown[:, 6:].any()
    assert (codes[..., ~(movie.photograph >= 0)] == GREY).all()
    assert np.abs(contrast[..., movie.photograph < 0]).max() < 1e-12
    flashes = codes[..., :3000].reshape(6, 9, 100, 30)[..., :6]
    assert (flashes == flashes[..., :1]).all()


@pytest.mark.parametrize("kind", ["flashed_images", "moving_images"])
def test_each_frame_is_a_window_of_its_image_averaged(kind):
    images, movie, _, contrast = made(kind, limit=50, n_frames=200)
    for frame in (0, 3, 31, 121, 152):
        image = images.contrast[movie.photograph[frame]].astype(float)
        height, width = image.shape
        windows = [
            image[y : y + 12, x : x + 18].reshape(6, 2, 9, 2).mean((1, 3))
            for y in range(height - 11)
            for x in range(width - 17)
        ]
        distance = np.abs(np.array(windows) - contrast[..., frame]).max((1, 2))
        assert distance.min() <= movie.contrasts[1] / 2 + 1e-9


def test_contrasts_beyond_the_limit_are_clipped():
    _, _, codes, contrast = made(limit=0.1)
    assert codes.min() == 1 and codes.max() == 255
    assert np.abs(contrast).max() == pytest.approx(0.1)


def test_each_image_is_shown_before_any_is_shown_again():
    _, movie, *_ = made()
    order = movie.photograph[::30]
    training = order[~movie.validation[::30]]
    assert all(len(set(training[first : first + 6])) == 6 for first in range(0, 60, 6))


def test_gaze_drifts_as_fast_as_asked():
    """The window of a ramp tells the gaze by its mean; drift is a random walk of known SD."""
    chosen = settings("moving_images", drift=60, saccade_rate=0)
    ramp = np.tile(np.arange(200) / 200, (100, 1))
    images = prepare(dict.fromkeys("abc", ramp), chosen, np.random.default_rng(0))
    movie = sequence(images, ("training",), chosen, FIELD, 30 * 900, np.random.default_rng(1))
    codes = np.concatenate([block for _, block in movie.blocks], axis=2)
    mean = codes.mean((0, 1)).reshape(900, 30) * movie.contrasts[1]
    slope = np.diff(images.contrast[0][0, :2])[0] / 15  # photograph pixels are 15 um
    moved = (mean[:, 15] - mean[:, 0]) / slope
    assert moved.std() == pytest.approx(60 * np.sqrt(0.5), rel=0.1)


def test_the_same_seed_gives_the_same_sequence_and_another_does_not():
    one, same, other = (made("moving_images", seed=seed)[2] for seed in (3, 3, 4))
    np.testing.assert_array_equal(one, same)
    assert (one != other).any()


def test_images_smaller_than_the_field_are_refused():
    with pytest.raises(UserError, match=r"image .* pixels; expected at least 3000 x 20"):
        load_images(settings(), StimulusField(height=1500, width=10), np.random.default_rng(0))


def test_dead_leaves_are_as_many_as_asked_and_large_enough():
    images = load_images(
        settings(images="dead_leaves", n_images=4), FIELD, np.random.default_rng(0)
    )
    assert len(images) == 4 and all(one.shape == (24, 36) for one in images.values())
