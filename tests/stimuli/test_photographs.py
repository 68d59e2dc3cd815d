"""Images of packages and of a user's folder, good and bad ones."""

import numpy as np
import pytest
from PIL import Image

from finefield.base.errors import UserError
from finefield.stimuli.photographs import (
    BUILT_IN,
    SUFFIXES,
    check,
    image_files,
    read_folder,
    shipped,
)


def save(path, values):
    Image.fromarray(values).save(path)


def test_shipped_photographs_are_grey_and_of_some_size():
    images = shipped()
    assert len(images) == 12
    for image in images.values():
        assert image.dtype == np.float32 and min(image.shape) >= 300
        assert 0 <= image.min() < 0.3 and 0.7 < image.max() <= 1


def test_grey_colour_and_16_bit_images_give_the_same_grey(tmp_path):
    grey = np.linspace(0, 255, 600).reshape(20, 30).astype(np.uint8)
    save(tmp_path / "grey.png", grey)
    save(tmp_path / "colour.tif", np.repeat(grey[..., None], 3, axis=2))
    save(tmp_path / "see_through.PNG", np.dstack([grey, grey, grey, np.full_like(grey, 9)]))
    save(tmp_path / "deep.png", grey.astype(np.uint16) * 257)
    images = read_folder(tmp_path)
    assert list(images) == ["colour.tif", "deep.png", "grey.png", "see_through.PNG"]
    for image in images.values():
        np.testing.assert_allclose(image, grey / 255, atol=1e-6)


def test_van_hateren_files_are_big_endian_numbers(tmp_path):
    values = np.arange(1024 * 1536, dtype=np.uint16).reshape(1024, 1536)
    values.astype(">u2").tofile(tmp_path / "imk00001.iml")
    np.testing.assert_allclose(read_folder(tmp_path)["imk00001.iml"], values / 65535, atol=1e-6)
    (tmp_path / "imk00002.imc").write_bytes(b"short")
    with pytest.raises(UserError, match=r"imk00002.imc: got 5 bytes; expected 1024 x 1536 numbers"):
        read_folder(tmp_path)


def test_a_broken_image_is_named(tmp_path):
    save(tmp_path / "whole.png", np.random.default_rng(0).integers(0, 255, (64, 64), np.uint8))
    data = (tmp_path / "whole.png").read_bytes()
    (tmp_path / "broken.png").write_bytes(data[: len(data) // 2])
    with pytest.raises(UserError, match=r"broken\.png: got .* expected a whole image"):
        read_folder(tmp_path)


def test_text_that_is_called_an_image_is_named(tmp_path):
    (tmp_path / "notes.jpg").write_text("no image")
    with pytest.raises(UserError, match=r"notes\.jpg"):
        read_folder(tmp_path)


def test_other_files_are_left_out_and_named(tmp_path, caplog):
    save(tmp_path / "a.png", np.eye(4, dtype=np.uint8))
    (tmp_path / "README.md").write_text("about")
    assert list(read_folder(tmp_path)) == ["a.png"]
    assert "README.md" in caplog.text


def test_folders_without_images_and_no_folders(tmp_path):
    (tmp_path / "README.md").write_text("about")
    with pytest.raises(UserError, match="a folder of 1 files, none of them an image") as error:
        image_files(tmp_path)
    assert all(suffix in str(error.value) for suffix in SUFFIXES)
    for path, got in ((tmp_path / "README.md", "a file"), (tmp_path / "no", "no such folder")):
        with pytest.raises(UserError, match=f"got {got}") as error:
            image_files(path)
        assert all(name in str(error.value) for name in BUILT_IN)


def test_small_and_empty_images_are_refused():
    images = {"a": np.eye(20), "small": np.eye(19, 40)}
    with pytest.raises(UserError, match="image small: got 19 x 40 pixels; expected at least 20 x"):
        check(images, 20, 20)
    with pytest.raises(UserError, match="image flat: got one grey value alone"):
        check({"flat": np.ones((20, 20))}, 20, 20)
    check({"a": images["a"]}, 20, 20)
