"""Populations of simulated cells drawn at random, as cell definitions of a config."""

import numpy as np

from finefield.base.errors import UserError
from finefield.base.rng import generator
from finefield.simulation.drawn.calibration import round_off, summed
from finefield.simulation.drawn.lattice import patch
from finefield.simulation.settings import (
    CellSettings,
    Crop,
    Gaussian,
    Output,
    Patch,
    Population,
    Subunit,
)
from finefield.simulation.shapes import subunit_image, subunit_sign, tiles
from finefield.stimuli.settings import StimulusField


def draw_population(
    settings: Population, field: StimulusField, contrast_sd: float, seed: int, dataset: str
) -> dict[str, CellSettings]:
    """Draw cells with subunits on jittered hexagonal lattices.

    Parameters
    ----------
    settings : Population
        What is drawn.
    field : StimulusField
        The field that the crops lie on.
    contrast_sd : float
        SD of the stimulus' contrast in a pixel [1].
    seed, dataset : int, str
        The config's seed, and the dataset's name.

    Returns
    -------
    dict of str to CellSettings
        By name, as under ``datasets.<name>.cells``. Each cell has random numbers of its own, so
        that a larger population begins with a smaller one.

    Raises
    ------
    UserError
        If a cell's subunits do not fit into the crop, or the crop not on the field, if patches lie
        within a pixel, or if Bernoulli spikes cannot follow a cell's highest rates.

    Examples
    --------
    >>> two = Population(cells=2, polarity=["OFF"])
    >>> drawn = draw_population(two, StimulusField(), contrast_sd=0.5, seed=1, dataset="toy")
    >>> [(name, cell.polarity, len(cell.subunits)) for name, cell in drawn.items()]
    [('r00', 'OFF', 5), ('r01', 'OFF', 4)]
    """
    side, where = settings.crop, f"datasets.{dataset}.population"
    for key in ("height", "width"):
        if (room := getattr(field, key)) < side:
            got, expected = f"{side} pixels", f"at most the field's {key}, {room} pixels"
            raise UserError(f"{where}.crop", got, expected, "lower it")
    # Two digits also for more than 100 cells: more of them must not rename the first.
    types, drawn = list(settings.types or ()), {}
    for number in range(settings.cells):
        rng = generator(seed, dataset, f"{settings.prefix}{number}", "population")
        kind = types[number % len(types)] if types else None
        own = settings.of_type(kind) if kind else settings
        cell = _cell(own, field, contrast_sd, rng, where)
        drawn[f"{settings.prefix}{number:02d}"] = cell.changed(type=kind)
    return drawn


def _cell(
    settings: Population, field: StimulusField, contrast_sd: float, rng, where: str
) -> CellSettings:
    """One cell; `where` names the population in an error."""
    side = settings.crop
    if settings.shape == "patch" and (nearest := settings.spacing * settings.sigma[0]) < 1:
        got, fix = f"patches {nearest:.3g} pixels apart", "raise it, or spacing"
        raise UserError(f"{where}.sigma", got, "a pixel or more, spacing x sigma", fix)
    n_subunits = int(rng.integers(settings.subunits[0], settings.subunits[1] + 1))
    sigma = rng.uniform(*settings.sigma)
    sigmas = sigma * rng.uniform(*settings.widths, n_subunits)
    step = settings.spacing * sigma
    centres = (side - 1) / 2 + step * patch(n_subunits, settings.jitter, rng)
    reach = np.abs(centres - (side - 1) / 2).max() + sigma * max(1, settings.widths[1] - 0.1)
    if reach > side / 2:
        got, least = f"{side} pixels", int(np.ceil(2 * reach))
        fix = "raise it, or lower subunits, sigma or spacing"
        raise UserError(f"{where}.crop", got, f"at least {least} for {n_subunits} subunits", fix)
    weights = rng.uniform(*settings.weights, n_subunits)
    polarity = str(rng.choice(settings.polarity))
    subunits = _subunits(settings, centres, step, sigmas, weights, polarity, rng)
    y, x = (int(rng.integers(room - side + 1)) for room in (field.height, field.width))
    output, peak = _output(subunits, polarity, side, contrast_sd, settings, rng)
    if settings.spikes == "bernoulli" and peak > field.frame_rate:
        got = f"{settings.rate:g} Hz on average, and up to {peak:.3g} Hz"
        expected = f"at most one spike a frame, {field.frame_rate:g} Hz"
        least = settings.rate * field.frame_rate / peak
        fix = f"lower it to about {least:.2g}, lower threshold_sd, or set spikes: poisson"
        raise UserError(f"{where}.rate", got, expected, fix)
    return CellSettings(
        crop=Crop(y=y, x=x, height=side, width=side), polarity=polarity, subunits=subunits,
        output=output, spikes=settings.spikes,
    )  # fmt: skip


def _subunits(
    settings: Population, centres, step: float, sigmas, weights, polarity: str, rng
) -> list[Subunit]:
    """Subunits of one cell, at `centres` (subunit, 2) that are a `step` apart [pixels]."""
    # Random numbers of their own: the others stay the same whatever the shapes.
    (own,) = rng.spawn(1)
    other = {"ON": "OFF", "OFF": "ON"}[polarity]
    turned = own.random(len(weights)) < settings.opposite
    common = [
        {"weight": round_off(weight), "polarity": other if opposite else None}
        for weight, opposite in zip(weights, turned, strict=True)
    ]
    if settings.shape == "patch":
        size = max(2, round(np.sqrt(3) / 2 * step**2))
        patches = tiles(centres, size, settings.crop, own)
        return [
            Patch(shape="patch", pixels=pixels.tolist(), **each)
            for pixels, each in zip(patches, common, strict=True)
        ]
    ratios = own.uniform(*settings.ratio, len(sigmas))
    angles = own.uniform(0, 180, len(sigmas)) * (ratios > 1)
    columns = zip(*centres.T, sigmas, ratios, angles, strict=True)
    names = "y", "x", "sigma", "ratio", "angle"
    return [
        Gaussian(shape="gaussian", **dict(zip(names, map(round_off, values), strict=True)), **each)
        for values, each in zip(columns, common, strict=True)
    ]


def _output(
    subunits: list[Subunit],
    polarity: str,
    side: int,
    contrast_sd: float,
    settings: Population,
    rng,
) -> tuple[Output, float]:
    """Threshold at a number of SDs above the mean drive, and the gain that gives the rate.

    Also the highest rate to be expected [Hz].
    """
    shape = (side, side)
    images = [subunit_sign(one, polarity) * subunit_image(one, shape).ravel() for one in subunits]
    weights = np.array([one.weight for one in subunits])
    drawn = summed(np.array(images), weights, contrast_sd, rng)
    output = drawn.output(settings.threshold_sd, settings.rate)
    return output, output.gain * max(0, drawn.highest - output.threshold)
