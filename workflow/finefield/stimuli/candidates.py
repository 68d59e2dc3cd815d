"""Which noise a seed may stand for: other generators, other calls, other orders of axes."""

from collections.abc import Iterator
from itertools import permutations, product

from finefield.stimuli.settings import (
    MatlabNoise,
    NumpyNoise,
    NumpyPart,
    Ran1Noise,
    Ran1Part,
    Regenerated,
)

#: Numbers in the largest array that is drawn again as a whole.
LARGEST = 2**28
#: Smallest seed that RandomState and MATLAB, and that ran1, do not take.
SEED_LIMIT, RAN1_LIMIT = 2**32, 2**31 - 1


def candidates(
    settings: Regenerated, n_frames: int, n_pixels: int
) -> tuple[list[Regenerated], list[Regenerated]]:
    """Noise that the seed of a stimulus gives, with its settings and with others.

    Parameters
    ----------
    settings : Ran1Noise, NumpyNoise or MatlabNoise
        The stimulus as the config has it.
    n_frames, n_pixels : int
        Frames of the running sequence, and pixels of a frame.

    Returns
    -------
    drawn, whole : list of Ran1Noise, NumpyNoise or MatlabNoise
        Those whose frames are drawn one after the other, and those that are drawn as a whole, none
        if the array would have more than `LARGEST` numbers. All have the seed of the first part.

    Examples
    --------
    >>> shown = NumpyNoise(kind="numpy", running_seed=7, frozen_seed=8)
    >>> drawn, whole = candidates(shown, 1000, 100)
    >>> len(drawn), len(whole), described(drawn[0]), described(drawn[-1])
    (11, 20, 'kind: numpy, order: [frame, y, x]', 'kind: gollisch_ran1')
    """
    seed, frames = settings.running_seed, n_frames
    if not isinstance(seed, int):
        seed, frames = seed[0].seed, seed[0].frames
    found = list(_all(settings, abs(seed), frames))
    drawn = [one for one in found if _order(one)[0] == "frame"]
    whole = [one for one in found if one not in drawn]
    return drawn, whole if frames * n_pixels <= LARGEST else []


def described(settings: Regenerated) -> str:
    """What tells noise from that of the same seed, as in a config."""
    keys, fields = {"kind": settings.kind}, type(settings).model_fields
    for name in ("generator", "threshold", "order"):
        value = getattr(settings, name, None)
        if name in fields and (name == "order" or value != fields[name].default):
            keys[name] = value
    return ", ".join(f"{key}: {value}".replace("'", "") for key, value in keys.items())


def _all(settings: Regenerated, seed: int, frames: int) -> Iterator[Regenerated]:
    """All that may be drawn from a seed."""
    shared = {"frozen_seed": 0, "distribution": settings.distribution}
    part = {"running_seed": [NumpyPart(seed=seed, frames=frames)]}
    orders = [list(order) for order in permutations(("frame", "y", "x"))]
    binary = settings.distribution == "binary"
    threshold = getattr(settings, "threshold", None) or 0.5
    generators = ["default_rng", "RandomState"] if seed < SEED_LIMIT else ["default_rng"]
    for generator, call in product(generators, [None, threshold] if binary else [None]):
        keys = {"kind": "numpy", "generator": generator, "threshold": call} | shared | part
        yield from (NumpyNoise(order=order, **keys) for order in orders)
    if binary and seed < SEED_LIMIT:
        keys = {"kind": "matlab", "threshold": threshold} | shared | part
        yield from (MatlabNoise(order=order, **keys) for order in orders)
    if seed < RAN1_LIMIT:
        parts = [Ran1Part(seed=-seed, frames=frames)]
        yield Ran1Noise(running_seed=parts, **shared)


def _order(settings: Regenerated) -> list[str]:
    return getattr(settings, "drawn_order", ["frame", "x", "y"])
