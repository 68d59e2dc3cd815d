"""Stimuli as the config describes them, made block by block."""

from collections.abc import Callable, Iterable, Iterator, Mapping

import numpy as np

from finefield.base.errors import UserError
from finefield.base.rng import SEQUENCES
from finefield.base.settings import Settings
from finefield.stimuli.files.frames import n_frames_in, open_frames
from finefield.stimuli.movie import BinaryStimulus, Blocks, GreyStimulus, Stimulus
from finefield.stimuli.natural import load_images, prepare, sequence
from finefield.stimuli.noise import (
    NORMAL_OFFSET,
    NORMAL_STEP,
    numpy_blocks,
    ran1_blocks,
    ran1_normal_blocks,
)
from finefield.stimuli.numpy_noise import numpy_stream_blocks
from finefield.stimuli.settings import (
    Images,
    NumpyNoise,
    NumpyPart,
    Ran1Noise,
    Ran1Part,
    StimulusField,
)

#: Kind of a movie and its contrasts, by the distribution of the numbers drawn.
DRAWN = {
    "binary": (BinaryStimulus, (-1.0, 1.0)),
    "gaussian": (GreyStimulus, (NORMAL_OFFSET, NORMAL_STEP)),
}
#: Pixels of all frames that are regenerated in two or three seconds, of bits and of other noise.
FEW_BITS, FEW_LEVELS = 600_000_000, 100_000_000


def sequences(
    settings: Settings,
    n_frames: Mapping[str, int],
    field: StimulusField,
    rng: Callable[[str], np.random.Generator],
) -> dict[str, Blocks]:
    """The sequences of a stimulus.

    Parameters
    ----------
    settings : one of AnyStimulus
        One entry of ``stimuli`` of the config.
    n_frames : dict of str to int
        Frames of the training sequence ("running") and, if there is one, of the test sequence
        ("frozen").
    field : StimulusField
        The stimulus field.
    rng : callable
        Random generator for a purpose: "None" for the training sequence, "frozen" or "images".

    Returns
    -------
    dict of str to Blocks

    Raises
    ------
    UserError
        As from `sequence_blocks`, `natural.load_images` and `natural.prepare`.
    """
    if not isinstance(settings, Images):
        shape = field.height, field.width
        return {
            name: sequence_blocks(settings, name, number, *shape, rng(SEQUENCES[name]))
            for name, number in n_frames.items()
        }
    source = rng("images")
    images = prepare(load_images(settings, field, source), settings, source)
    parts = {"running": ("training", "validation"), "frozen": ("test",)}
    found = {}
    for name, part in parts.items():
        movie = sequence(images, part, settings, field, n_frames[name], rng(SEQUENCES[name]))
        shown = {"photograph": movie.photograph}
        if name == "running":
            shown["held_out"] = movie.validation.astype(np.int8)
        shape = n_frames[name], field.height, field.width
        found[name] = Blocks(
            shape, movie.blocks, GreyStimulus, movie.contrasts, shown, tuple(images.names)
        )
    return found


def sequence_blocks(
    settings: Settings,
    sequence: str,
    n_frames: int,
    height: int,
    width: int,
    rng: np.random.Generator | None = None,
) -> Blocks:
    """One sequence of a stimulus.

    Parameters
    ----------
    settings : one of AnyStimulus
        One entry of ``stimuli`` of the config.
    sequence : {"running", "frozen"}
        The training sequence, or the frozen test sequence.
    n_frames : int
        Frames of the sequence; a file may hold more.
    height, width : int
        Size of the field [pixels].
    rng : numpy.random.Generator, optional
        Source of fresh noise, for kind ``binary_noise``.

    Returns
    -------
    Blocks

    Raises
    ------
    UserError
        If the configured stimulus is shorter than `n_frames`, or of another size than the field.
    """
    shape = n_frames, height, width
    if settings.kind == "binary_noise":
        blocks = numpy_blocks(rng, *shape)
        return Blocks(shape, blocks, BinaryStimulus, tuple(settings.contrasts))
    if settings.kind == "frames":
        return _from_file(settings, sequence, shape)
    kind, contrasts = DRAWN[settings.distribution]
    seed = getattr(settings, f"{sequence}_seed")
    if isinstance(seed, int):
        blocks = _drawn(settings, seed, n_frames, *shape)
    else:
        blocks = _in_parts(settings, seed, kind, *shape)
    return Blocks(shape, blocks, kind, contrasts)


def few_frames(settings: Settings, field: StimulusField) -> int:
    """Frames for a first look at a stimulus: as many as are made in two or three seconds."""
    few = FEW_BITS if getattr(settings, "distribution", "") == "binary" else FEW_LEVELS
    return -(-few // (field.height * field.width))


def first_frames(settings: Settings, n_frames: int, height: int, width: int) -> Stimulus:
    """The first frames of the training sequence, in memory.

    Parameters
    ----------
    settings, n_frames, height, width
        As for `sequence_blocks`.

    Raises
    ------
    UserError
        As from `sequence_blocks`.
    """
    made = sequence_blocks(settings, "running", n_frames, height, width)
    codes = np.concatenate([codes for _, codes in made.blocks], axis=-1)
    return made.kind(codes, n_frames, *made.contrasts)


def known_frames(settings: Settings, sequence: str) -> int | None:
    """Frames of a recorded sequence, if its file or its parts tell; None for a seed alone.

    Raises
    ------
    UserError
        If the file is missing, damaged or of another kind, as from `files.open_frames`.
    """
    if settings.kind == "frames":
        path, key = (getattr(settings, f"{sequence}_{part}") for part in ("file", "key"))
        return n_frames_in(path, key, settings.order, settings.channel)
    parts = getattr(settings, f"{sequence}_seed")
    return None if isinstance(parts, int) else sum(part.frames for part in parts)


def _drawn(
    settings: Ran1Noise | NumpyNoise, seed: int, drawn: int, *shape: int, **block: int
) -> Iterable:
    """Blocks of regenerated noise, the first frames of `drawn`."""
    if settings.kind != "gollisch_ran1":
        return numpy_stream_blocks(settings, seed, drawn, *shape, **block)
    make = {"binary": ran1_blocks, "gaussian": ran1_normal_blocks}[settings.distribution]
    return make(seed, *shape, **block)


def _in_parts(
    settings: Settings,
    parts: list[Ran1Part | NumpyPart],
    kind: type,
    n_frames: int,
    height: int,
    width: int,
) -> Iterator[tuple[int, np.ndarray]]:
    """Blocks of noise in several parts, each with its own seed, shown one after the other."""
    total = sum(part.frames for part in parts)
    if total < n_frames:
        _too_short(f"stimulus parts {[part.seed for part in parts]}", total, n_frames)
    first, rest = 0, np.zeros((height, width, 0), np.uint8)
    for part in parts:
        left = min(part.frames, n_frames - first - rest.shape[2])
        if left <= 0:
            break
        shape = left, height, width
        for start, codes in _drawn(settings, part.seed, part.frames, *shape, block=2048):
            if kind is BinaryStimulus:
                codes = np.unpackbits(codes, axis=2, bitorder="little")[..., : left - start]
            rest = np.concatenate([rest, codes], axis=2)
            whole = rest.shape[2] // 8 * 8
            yield first, _packed(rest[..., :whole], kind)
            first, rest = first + whole, rest[..., whole:]
    if rest.size:
        yield first, _packed(rest, kind)


def _packed(codes: np.ndarray, kind: type) -> np.ndarray:
    """Zeros and ones (y, x, frame) as bits (y, x, byte); grey levels as they are."""
    return np.packbits(codes, axis=2, bitorder="little") if kind is BinaryStimulus else codes


def _from_file(settings: Settings, sequence: str, shape: tuple[int, int, int]) -> Blocks:
    """The first frames of a file."""
    path, key = (getattr(settings, f"{sequence}_{part}") for part in ("file", "key"))
    frames = open_frames(path, key, settings.order, settings.channel)
    name = f"stimulus {path}" + (f", {key}" if key else "")
    n_frames, height, width = frames.shape
    if (height, width) != shape[1:]:
        raise UserError(
            name,
            f"frames of {height} rows and {width} columns",
            f"the field's {shape[1]} rows and {shape[2]} columns",
            "correct field in the config, or the stimulus' order of axes",
        )
    if n_frames < shape[0]:
        _too_short(name, n_frames, shape[0])
    kind, contrasts = (BinaryStimulus if frames.binary else GreyStimulus), frames.contrasts
    if settings.contrast_range:
        low, high = settings.contrast_range
        scale = 2 / (high - low)
        first, second = contrasts
        # Of two values both are moved; of grey levels the first, and their step is stretched.
        second = (second - low) * scale - 1 if frames.binary else second * scale
        contrasts = (first - low) * scale - 1, second
    return Blocks(shape, frames.blocks(shape[0]), kind, contrasts)


def _too_short(name: str, n_frames: int, needed: int) -> None:
    raise UserError(
        name,
        f"{n_frames} frames",
        f"at least the {needed} frames that the responses reach",
        "give the whole stimulus, or check that it belongs to this recording",
    )
