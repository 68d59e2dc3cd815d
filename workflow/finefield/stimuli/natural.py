"""Images as stimuli: divided by photograph, normalised, flashed or under moving eyes."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from finefield.base.errors import UserError
from finefield.stimuli.dead_leaves import dead_leaves
from finefield.stimuli.photographs import check, read_folder, shipped
from finefield.stimuli.settings import FlashedImages, MovingImages, StimulusField

#: Code of the contrast 0; the lowest code is 1, so that both limits are as far from it.
GREY = 128
#: The running sequence alternates so many times between training and validation images.
CHUNKS = 10
#: Frames that are made at once.
BLOCK = 2048


@dataclass(frozen=True)
class Images:
    """Images as contrast, divided into parts.

    Attributes
    ----------
    names : list of str
        Their names.
    contrast : list of ndarray of float32, shape (y, x)
        Contrast in photograph pixels [1].
    part : list of str
        "training", "validation" or "test", for each image.
    """

    names: list[str]
    contrast: list[np.ndarray]
    part: list[str]


@dataclass(frozen=True)
class NaturalSequence:
    """A sequence of images, made block by block.

    Attributes
    ----------
    blocks : iterator of (int, ndarray of uint8)
        First frame and codes (y, x, frame) of each block.
    contrasts : (float, float)
        Contrast of code 0, and between neighbouring codes [1].
    photograph : ndarray of int16, shape (frame,)
        Number of the image shown, -1 for grey.
    validation : ndarray of bool, shape (frame,)
        Frames of validation images and of the grey after them.
    """

    blocks: Iterator[tuple[int, np.ndarray]]
    contrasts: tuple[float, float]
    photograph: np.ndarray
    validation: np.ndarray


def load_images(
    settings: FlashedImages | MovingImages, field: StimulusField, rng: np.random.Generator
) -> dict[str, np.ndarray]:
    """Images that a stimulus is made of.

    Parameters
    ----------
    settings : FlashedImages or MovingImages
        What is shown.
    field : StimulusField
        The stimulus field.
    rng : numpy.random.Generator
        Source of the dead leaves.

    Returns
    -------
    dict of str to ndarray of float32, shape (y, x)
        Name -> grey values from 0 to 1.

    Raises
    ------
    UserError
        As from `photographs.read_folder` and `photographs.check`.
    """
    least = settings.scale * field.height, settings.scale * field.width
    if settings.images == "dead_leaves":
        images = dead_leaves(settings.n_images, *(2 * side for side in least), rng)
    elif settings.images == "photographs":
        images = shipped()
    else:
        images = read_folder(settings.images)
    check(images, *least)
    return images


def prepare(
    images: Mapping[str, np.ndarray],
    settings: FlashedImages | MovingImages,
    rng: np.random.Generator,
) -> Images:
    """Divide images into parts and turn their grey values into contrast.

    Parameters
    ----------
    images : dict of str to ndarray, shape (y, x)
        Name -> grey values.
    settings : FlashedImages or MovingImages
        How they are divided, and their contrast.
    rng : numpy.random.Generator
        Source of the division.

    Returns
    -------
    Images
        Training images, averaged over stimulus pixels, have a mean contrast of 0 and the
        configured SD; the same line from grey to contrast is used for all others.

    Raises
    ------
    UserError
        If there are fewer than three images, or the training ones would be none.
    """
    names = list(images)
    n_test, n_unknown = (
        max(1, round(part * len(names)))
        for part in (settings.test_images, settings.validation_images)
    )
    if len(names) - n_test - n_unknown < 1:
        expected = "at least three, one each for training, validation and test"
        fix = "add images, or lower test_images and validation_images"
        raise UserError(f"images {settings.images}", f"{len(names)} images", expected, fix)
    part = dict.fromkeys(names, "training")
    order = rng.permutation(names)
    part |= dict.fromkeys(map(str, order[:n_test]), "test")
    part |= dict.fromkeys(map(str, order[n_test : n_test + n_unknown]), "validation")
    known = [_averaged(images[name], settings.scale) for name in names if part[name] == "training"]
    seen = np.concatenate([image.ravel() for image in known]).astype(float)
    gain = settings.contrast / seen.std()
    contrast = [((images[name] - seen.mean()) * gain).astype(np.float32) for name in names]
    return Images(names, contrast, [part[name] for name in names])


def sequence(
    images: Images,
    parts: Sequence[str],
    settings: FlashedImages | MovingImages,
    field: StimulusField,
    n_frames: int,
    rng: np.random.Generator,
) -> NaturalSequence:
    """A sequence of images of some parts.

    Parameters
    ----------
    images : Images
        As from `prepare`.
    parts : sequence of str
        Parts to show, such as ("training", "validation"); where there are both, they take turns.
    settings : FlashedImages or MovingImages
        How they are shown.
    field : StimulusField
        The stimulus field.
    n_frames : int
        Frames.
    rng : numpy.random.Generator
        Source of the order of images, of places on them, and of eye movements.

    Returns
    -------
    NaturalSequence

    Notes
    -----
    Each image of a part is shown once before any of it is shown again, each time at a new place.
    Fixational eye movements are drift, a Brownian motion, and microsaccades, jumps at Poisson times
    (Rucci & Victor 2015, Trends Neurosci. 38:195), in whole photograph pixels, and turned back at
    the image's border.
    """
    rate = field.frame_rate
    shown = max(1, round(settings.image_duration * rate))
    grey = round(getattr(settings, "grey_duration", 0) * rate)
    number, validation = _order(images, parts, settings, -(-n_frames // (shown + grey)), rng)
    photograph = np.full((len(number), shown + grey), -1, np.int16)
    photograph[:, :shown] = number[:, None]
    photograph = photograph.ravel()[:n_frames]
    places = _places(images, number, settings, field, shown, rng)
    padded = np.zeros((len(number), shown + grey, 2), int)
    padded[:, :shown] = places
    step = settings.limit / (GREY - 1)
    blocks = _blocks(images, photograph, padded.reshape(-1, 2), settings.scale, field, step)
    validation = np.repeat(validation, shown + grey)[:n_frames]
    return NaturalSequence(blocks, (-GREY * step, step), photograph, validation)


def _order(
    images: Images, parts: Sequence[str], settings: FlashedImages | MovingImages, n_shown: int, rng
) -> tuple[np.ndarray, np.ndarray]:
    """Number of the image and whether it is one for validation, for each presentation."""
    share = settings.validation_images if "validation" in parts else 0
    place = np.arange(n_shown) * CHUNKS / n_shown % 1
    validation = place >= 1 - share
    number = np.empty(n_shown, int)
    for part in parts:
        where = np.flatnonzero(validation == (part == "validation"))
        own = np.flatnonzero(np.array(images.part) == part)
        rounds = [rng.permutation(own) for _ in range(-(-len(where) // len(own)))]
        number[where] = np.concatenate([*rounds, own])[: len(where)]
    return number, validation


def _places(
    images: Images,
    number: np.ndarray,
    settings: FlashedImages | MovingImages,
    field: StimulusField,
    shown: int,
    rng,
) -> np.ndarray:
    """First row and column of the window (presentation, frame, 2) [photograph pixels]."""
    size = np.array([field.height, field.width]) * settings.scale
    room = np.array([images.contrast[one].shape for one in number]) - size
    start = rng.random((len(number), 2)) * (room + 1)
    if settings.kind == "flashed_images":
        return np.repeat(start.astype(int)[:, None], shown, axis=1)
    per_um, rate = settings.scale / field.pixel_size, field.frame_rate
    moves = rng.normal(0, settings.drift / np.sqrt(rate) * per_um, (len(number), shown, 2))
    jumps = rng.poisson(settings.saccade_rate / rate, (len(number), shown, 1))
    sd = settings.saccade_size * per_um * np.sqrt(jumps)
    moves += sd * rng.normal(size=moves.shape)
    moves[:, 0] = 0
    path, room = start[:, None] + moves.cumsum(1), room[:, None]
    # Turned back at either border: a triangle wave of the free path.
    folded = np.abs((path + room) % np.maximum(2 * room, 1) - room)
    return np.where(room > 0, np.minimum(folded, room), 0).astype(int)


def _blocks(
    images: Images,
    photograph: np.ndarray,
    places: np.ndarray,
    scale: int,
    field: StimulusField,
    step: float,
) -> Iterator[tuple[int, np.ndarray]]:
    """Codes of the frames, block by block."""
    shape = field.height, field.width
    sums = {one: _integral(images.contrast[one]) for one in np.unique(photograph) if one >= 0}
    rows, columns = (scale * np.arange(side + 1) for side in shape)
    for first in range(0, len(photograph), BLOCK):
        numbers = photograph[first : first + BLOCK]
        codes = np.full((len(numbers), *shape), GREY, np.uint8)
        for one in np.unique(numbers[numbers >= 0]):
            chosen = np.flatnonzero(numbers == one)
            # Neighbouring frames of a flash are the same.
            at, same = np.unique(places[first + chosen], axis=0, return_inverse=True)
            y, x = (at[:, :1] + rows)[:, :, None], (at[:, 1:] + columns)[:, None]
            corners = sums[one][y, x]
            contrast = np.diff(np.diff(corners, axis=1), axis=2) / scale**2
            levels = np.clip(np.round(contrast / step) + GREY, 1, 255).astype(np.uint8)
            codes[chosen] = levels[same.ravel()]
        yield first, np.ascontiguousarray(np.moveaxis(codes, 0, -1))


def _integral(image: np.ndarray) -> np.ndarray:
    """Sums over all rows above and columns left of each corner, (y + 1, x + 1)."""
    return np.pad(image.astype(float), ((1, 0), (1, 0))).cumsum(0).cumsum(1)


def _averaged(image: np.ndarray, scale: int) -> np.ndarray:
    """Means over squares of `scale` pixels a side; what is left at the border is cut off."""
    height, width = (side // scale for side in image.shape)
    image = image[: height * scale, : width * scale]
    return image.reshape(height, scale, width, scale).mean((1, 3))
