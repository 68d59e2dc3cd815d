"""Populations of simulated cells drawn at random, as cell definitions of a config."""

import numpy as np

from finefield.base.errors import UserError
from finefield.base.rng import generator
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

#: Gaussian draws of the subunits' drives from which threshold and gain are set.
N_DRAWS = 20_000
#: The highest summed drive lies this many SDs of the sum without rectification above the mean; by
#: Gaussian concentration, exp(-5.5^2 / 2), fewer than 3 of 10 million frames exceed it.
PEAK_SD = 5.5


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
        If a cell's subunits do not fit into the crop, or the crop not on the field, or if Bernoulli
        spikes cannot follow a cell's highest rates.

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
    n_subunits = int(rng.integers(settings.subunits[0], settings.subunits[1] + 1))
    sigma = rng.uniform(*settings.sigma)
    sigmas = sigma * rng.uniform(*settings.widths, n_subunits)
    step = settings.spacing * sigma
    centres = (side - 1) / 2 + step * _patch(n_subunits, settings.jitter, rng)
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
        {"weight": _round(weight), "polarity": other if opposite else None}
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
        Gaussian(shape="gaussian", **dict(zip(names, map(_round, values), strict=True)), **each)
        for values, each in zip(columns, common, strict=True)
    ]


def _patch(n_points: int, jitter: float, rng: np.random.Generator) -> np.ndarray:
    """Points (point, 2) of a turned and shifted hexagonal lattice, nearest to 0 first."""
    # Well beyond the patch, so that it is round; more points change no patch that fits.
    far = max(6, int(np.sqrt(n_points)) + 2)
    rows, columns = np.mgrid[-far : far + 1, -far : far + 1].reshape(2, -1)
    lattice = np.stack([rows * np.sqrt(3) / 2, columns + rows % 2 / 2], 1) + rng.uniform(
        -0.5, 0.5, 2
    )
    angle = rng.uniform(0, 2 * np.pi)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    lattice = lattice @ turn
    nearest = lattice[np.argsort((lattice**2).sum(1))[:n_points]]
    nearest = nearest - nearest.mean(0)
    return nearest + jitter * rng.normal(size=nearest.shape)


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

    The drives of subunits to white noise are sums over many pixels and frames and so nearly
    Gaussian, with the covariance of their spatial filters, as temporal filters have unit norm.
    """
    shape = (side, side)
    images = [subunit_sign(one, polarity) * subunit_image(one, shape).ravel() for one in subunits]
    covariance = contrast_sd**2 * np.array(images) @ np.array(images).T
    drive = rng.multivariate_normal(np.zeros(len(images)), covariance, N_DRAWS, method="cholesky")
    weights = np.array([one.weight for one in subunits])
    total = np.maximum(drive, 0) @ weights
    threshold = _round(total.mean() + settings.threshold_sd * total.std())
    above = np.maximum(total - threshold, 0).mean()
    gain = _round(settings.rate / above)
    # Weights and covariances are above 0: the sum varies most where no subunit is rectified.
    highest = total.mean() + PEAK_SD * np.sqrt(weights @ covariance @ weights)
    return Output(threshold=threshold, gain=gain), gain * max(0, highest - threshold)


def _round(value: float) -> float:
    """To four significant digits, so that a config can be read.

    >>> _round(0.123456), _round(1234.56)
    (0.1235, 1235.0)
    """
    return float(f"{value:.4g}")
