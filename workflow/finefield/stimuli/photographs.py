"""Images to make stimuli of: photographs that packages bring, and a user's folder."""

import logging
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from finefield.base.errors import UserError

log = logging.getLogger(__name__)

#: What is shown without a folder.
BUILT_IN = ("photographs", "dead_leaves")
#: Photographs of scikit-image and of scikit-learn.
SKIMAGE = (
    "astronaut", "brick", "camera", "cat", "coffee", "coins", "grass", "gravel", "rocket",
)  # fmt: skip
SKLEARN = ("china.jpg", "flower.jpg")
#: Endings of the image files that are read; those of van Hateren are bare numbers.
SUFFIXES = (".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp", ".pgm", ".ppm", ".iml", ".imc")
VAN_HATEREN = (".iml", ".imc")
VAN_HATEREN_SHAPE = (1024, 1536)


def shipped() -> dict[str, np.ndarray]:
    """Photographs that scikit-image and scikit-learn bring.

    Returns
    -------
    dict of str to ndarray of float32, shape (y, x)
        Name -> grey values as on a screen, from 0 to 1.
    """
    from skimage import data
    from sklearn.datasets import load_sample_image

    images = {name: getattr(data, name)() for name in SKIMAGE}
    images["motorcycle"] = data.stereo_motorcycle()[0]
    images |= {Path(name).stem: load_sample_image(name) for name in SKLEARN}
    return {name: _grey(name, image) for name, image in images.items()}


def image_files(folder: str | Path) -> list[Path]:
    """Image files of a folder, by name.

    Raises
    ------
    UserError
        If it is no folder, or holds no image.
    """
    folder = Path(folder)
    known = ", ".join(SUFFIXES)
    if not folder.is_dir():
        got = "a file" if folder.exists() else "no such folder"
        expected = f"a folder of images, or one of {', '.join(BUILT_IN)}"
        raise UserError(f"images {folder}", got, expected, "correct the path")
    files = sorted(path for path in folder.iterdir() if path.suffix.lower() in SUFFIXES)
    if not files:
        got = f"a folder of {len(list(folder.iterdir()))} files, none of them an image"
        fix = "put images there, or correct the path"
        raise UserError(f"images {folder}", got, f"files that end in {known}", fix)
    return files


def read_folder(folder: str | Path) -> dict[str, np.ndarray]:
    """All images of a folder.

    Parameters
    ----------
    folder : path
        Files that end otherwise than in `SUFFIXES` are left out, and the log names them.

    Returns
    -------
    dict of str to ndarray of float32, shape (y, x)
        File name -> grey values from 0 to 1, the highest that the file's numbers can hold. They are
        used as they are: no gamma correction is undone, and colours are weighted as in Rec. 709.

    Raises
    ------
    UserError
        As from `image_files`, or for a file that is broken or no image.
    """
    files = image_files(folder)
    left_out = sorted(path.name for path in Path(folder).iterdir() if path not in files)
    if left_out:
        log.warning("%s: left out, as no images: %s", folder, ", ".join(left_out))
    return {path.name: _read(path) for path in files}


def check(images: Mapping[str, np.ndarray], height: int, width: int) -> None:
    """Raise UserError for an image of less than `height` x `width` pixels or of one grey alone."""
    for name, image in images.items():
        if image.shape[0] < height or image.shape[1] < width:
            raise UserError(
                f"image {name}",
                "{} x {} pixels".format(*image.shape),
                f"at least {height} x {width}, the field's rows and columns times scale",
                "lower scale, shrink the field, or take the image out of the folder",
            )
        if np.ptp(image) == 0:
            fix = "take it out of the folder"
            raise UserError(f"image {name}", "one grey value alone", "an image", fix)


def _read(path: Path) -> np.ndarray:
    """Grey values (y, x) of one file."""
    from skimage.io import imread

    name = f"image {path}"
    fix = "replace it, or take it out of the folder"
    if path.suffix.lower() in VAN_HATEREN:
        values = np.fromfile(path, ">u2")
        if values.size != np.prod(VAN_HATEREN_SHAPE):
            got, expected = f"{path.stat().st_size} bytes", "1024 x 1536 numbers of two bytes"
            raise UserError(name, got, expected, fix)
        return _grey(name, values.reshape(VAN_HATEREN_SHAPE).astype(np.uint16))
    try:
        image = imread(path)
    except Exception as error:  # whatever a reader raises for a broken file
        got = str(error).strip().splitlines()
        raise UserError(name, got[0] if got else repr(error), "a whole image", fix) from error
    return _grey(name, image)


def _grey(name: str, image: np.ndarray) -> np.ndarray:
    """Grey values (y, x) from 0 to 1 of whatever an image file holds."""
    from skimage.color import rgb2gray

    image = np.asarray(image)
    if image.dtype == bool:
        image = image.astype(np.uint8) * np.uint8(255)
    if np.issubdtype(image.dtype, np.integer):
        image = image / np.float32(np.iinfo(image.dtype).max)
    bad = not (np.isfinite(image).all() and image.min() >= 0 and image.max() <= 1)
    if bad:
        got = f"numbers from {image.min():g} to {image.max():g}"
        fix = "save it with whole numbers, of 8 or 16 bits"
        raise UserError(name, got, "fractions from 0 to 1", fix)
    if image.ndim == 3 and image.shape[2] in (2, 4):  # the last is transparency
        image = image[..., :-1]
    if image.ndim == 3 and image.shape[2] == 1:
        image = image[..., 0]
    if image.ndim == 3 and image.shape[2] == 3:
        image = rgb2gray(image)
    if image.ndim != 2:
        fix = "save it as one grey or colour image"
        raise UserError(name, f"an array of shape {image.shape}", "one image", fix)
    return image.astype(np.float32)
