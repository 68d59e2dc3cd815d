"""TIFF stacks and films against the frames that were written, and what codecs do to noise."""

import gc
import sys
import tracemalloc

import imageio.v3 as imageio
import numpy as np
import pytest
import tifffile
from helpers.frames import read, refused

from finefield.base.errors import UserError
from finefield.stimuli.build import sequence_blocks
from finefield.stimuli.files import frames as frame_files
from finefield.stimuli.files import pages
from finefield.stimuli.files.frames import open_frames
from finefield.stimuli.settings import Frames

RNG = np.random.default_rng(0)
GREY = RNG.integers(0, 256, (101, 16, 24)).astype(np.uint8)
COLOUR = RNG.integers(0, 256, (40, 16, 24, 3)).astype(np.uint8)
NOISE = RNG.integers(0, 2, (60, 16, 24)).astype(np.uint8) * 255
LOSSLESS = {"codec": "ffv1", "out_pixel_format": "bgr0"}


@pytest.fixture(autouse=True)
def few_objects():
    """Imageio collects garbage whenever it closes a film: fast without the older objects."""
    gc.freeze()
    yield
    gc.unfreeze()


def write_film(path, frames, codec, in_pixel_format="rgb24", **keys):
    """A film; grey frames are shown by three equal channels, as screens do."""
    if in_pixel_format == "rgb24" and frames.ndim == 3:
        frames = np.repeat(frames[..., None], 3, axis=-1)
    keys |= {"codec": codec, "in_pixel_format": in_pixel_format, "fps": 30}
    imageio.imwrite(path, frames, plugin="pyav", **keys)
    return path


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.float32])
@pytest.mark.parametrize("keys", [{}, {"bigtiff": True}, {"compression": "zlib"}, {"imagej": True}])
def test_stacks_of_every_type(tmp_path, monkeypatch, dtype, keys):
    monkeypatch.setattr(frame_files, "READ", 13 * GREY[0].size)
    monkeypatch.setattr(frame_files, "BLOCK", 32)
    path = tmp_path / "movie.tif"
    tifffile.imwrite(path, GREY.astype(dtype), **keys)
    np.testing.assert_array_equal(read(path), GREY)
    np.testing.assert_array_equal(read(path, n_frames=50), GREY[:50])
    np.testing.assert_array_equal(read(path, order=("frame", "x", "y")), GREY.swapaxes(1, 2))


def test_stacks_of_two_values_become_bits(tmp_path):
    tifffile.imwrite(tmp_path / "movie.tiff", NOISE)
    movie = open_frames(tmp_path / "movie.tiff")
    assert movie.binary and movie.contrasts == (0, 255)
    np.testing.assert_array_equal(read(tmp_path / "movie.tiff"), NOISE)


def test_stacks_in_colour_have_channels(tmp_path):
    path = tmp_path / "movie.tif"
    tifffile.imwrite(path, COLOUR, photometric="rgb")
    np.testing.assert_array_equal(read(path, channel=2), COLOUR[..., 2])
    refused(path, "four axes", "add channel")


def test_stacks_that_do_not_list_their_pages_are_refused(tmp_path):
    """As ImageJ writes files above 4 GB: the description alone tells the number of pages."""
    path = tmp_path / "movie.tif"
    description = "ImageJ=1.53\nimages=101\nslices=101\n"
    tifffile.imwrite(path, GREY[:1], description=description, metadata=None)
    refused(path, "1 of 101 pages", "BigTIFF")


@pytest.mark.parametrize("part", [0.95, 0.5])
@pytest.mark.parametrize("keys", [{}, {"compression": "zlib"}, {"imagej": True}])
def test_truncated_stacks_are_damaged_or_too_short(tmp_path, part, keys):
    path = tmp_path / "movie.tif"
    tifffile.imwrite(path, GREY, **keys)
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * part)])
    settings = Frames(kind="frames", running_file=str(path), frozen_file=str(path))
    said = "cannot be read to the end|at least the 101 frames|of 101 pages"
    with pytest.raises(UserError, match=said):
        list(sequence_blocks(settings, "running", *GREY.shape).blocks)


@pytest.mark.parametrize(
    ("name", "keys"),
    [
        ("movie.avi", {"codec": "rawvideo", "out_pixel_format": "bgr24"}),
        ("movie.avi", {"codec": "ffv1", "in_pixel_format": "gray", "out_pixel_format": "gray"}),
        ("movie.mp4", {"codec": "png", "out_pixel_format": "rgb24"}),
        ("movie.mkv", LOSSLESS),
    ],
)
def test_films_without_loss(tmp_path, monkeypatch, name, keys):
    monkeypatch.setattr(frame_files, "READ", 13 * GREY[0].size)
    monkeypatch.setattr(frame_files, "BLOCK", 32)
    path = write_film(tmp_path / name, GREY, **keys)
    np.testing.assert_array_equal(read(path), GREY)
    np.testing.assert_array_equal(read(path, n_frames=50), GREY[:50])


def test_films_of_16_bits_keep_them(tmp_path):
    frames = RNG.integers(3000, 3256, (40, 16, 24)).astype(np.uint16)
    keys = {"codec": "ffv1", "in_pixel_format": "gray16le", "out_pixel_format": "gray16le"}
    np.testing.assert_array_equal(read(write_film(tmp_path / "movie.mkv", frames, **keys)), frames)


def test_films_in_colour_need_a_channel(tmp_path):
    path = write_film(tmp_path / "movie.mkv", COLOUR, **LOSSLESS)
    for channel in range(3):
        np.testing.assert_array_equal(read(path, channel=channel), COLOUR[..., channel])
    refused(path, "a film in colour", "1 for green", "add channel")
    refused(path, "channel 3 of 3", channel=3)


@pytest.mark.parametrize(
    ("name", "codec", "pixels"),
    [
        ("movie.avi", "mpeg4", "yuv420p"),
        ("movie.avi", "mjpeg", "yuvj420p"),
        ("movie.mp4", "libx264", "yuv420p"),
    ],
)
def test_compressed_noise_is_warned_of(tmp_path, caplog, name, codec, pixels):
    path = write_film(tmp_path / name, NOISE, codec=codec, out_pixel_format=pixels)
    found = read(path)
    assert found.shape == NOISE.shape and not open_frames(path).binary
    # Dark and bright pixels are still these, as grey levels.
    assert np.corrcoef(found.ravel(), NOISE.ravel())[0, 1] > 0.9
    assert "a compressed film?" in caplog.text and name in caplog.text


def test_grey_films_and_sparse_noise_are_not_warned_of(tmp_path, caplog):
    smooth = np.cumsum(np.cumsum(RNG.normal(0, 4, (60, 16, 24)), 1), 2)
    smooth = np.clip(128 + smooth, 0, 255).astype(np.uint8)
    sparse = RNG.choice(
        np.array([0, 100, 128, 255], np.uint8), GREY.shape, p=[0.02, 0.02, 0.94, 0.02]
    )
    few = RNG.choice(np.array([0, 128, 255], np.uint8), GREY.shape)
    for frames in (smooth, GREY, sparse, few):
        tifffile.imwrite(tmp_path / "movie.tif", frames)
        read(tmp_path / "movie.tif")
    read(write_film(tmp_path / "movie.mp4", smooth, codec="libx264"))
    assert "compressed" not in caplog.text


@pytest.mark.parametrize("name", ["movie.avi", "movie.mp4"])
def test_truncated_films(tmp_path, name):
    path = write_film(tmp_path / name, GREY, codec="mpeg4")
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    refused(path, "cannot be read to the end", "compare its size")
    path.write_bytes(path.read_bytes()[:12])
    refused(path, "12 bytes that cannot be read to the end")


def test_films_and_stacks_take_no_key_and_are_read_frame_by_frame(tmp_path):
    tifffile.imwrite(tmp_path / "movie.tif", GREY)
    refused(tmp_path / "movie.tif", "key movie", "leave the key out", key="movie")
    order = ("y", "x", "frame")
    refused(tmp_path / "movie.tif", "order", "frame first", ".npy", order=order)


def test_memory_is_that_of_a_block(tmp_path, monkeypatch):
    monkeypatch.setattr(frame_files, "READ", 2**14)
    monkeypatch.setattr(frame_files, "BLOCK", 16)
    frames = RNG.integers(0, 256, (500, 100, 120)).astype(np.uint8)
    path = tmp_path / "movie.tif"
    tifffile.imwrite(path, frames)
    tracemalloc.start()
    for _ in open_frames(path).blocks():
        pass
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < frames.nbytes / 2


def test_a_file_is_read_once_for_each_pass(tmp_path, monkeypatch):
    starts = []
    start = pages.film

    def counted(path, colour):
        found = start(path, colour)
        make = found._start
        found._start = lambda: starts.append(path) or make()
        return found

    monkeypatch.setattr("finefield.stimuli.files.containers.film", counted)
    monkeypatch.setattr(frame_files, "READ", 8 * GREY[0].size)
    read(write_film(tmp_path / "movie.mkv", GREY, **LOSSLESS))
    # The first pass began when the film was opened, and no pass began anew.
    assert starts == []


@pytest.mark.parametrize(("module", "name"), [("av", "movie.mkv"), ("imageio.v3", "movie.tif")])
def test_without_its_package_the_fix_installs_it(tmp_path, monkeypatch, module, name):
    if name == "movie.tif":
        tifffile.imwrite(tmp_path / name, GREY)
    else:
        write_film(tmp_path / name, GREY, **LOSSLESS)
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(UserError, match=f"package {module}.*--requirement envs/requirements-films"):
        open_frames(tmp_path / name)
