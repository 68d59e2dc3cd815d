"""Populations of simulated cells drawn at random, as cell definitions of a config."""

from collections.abc import Mapping

import numpy as np

from finefield.errors import UserError
from finefield.rng import generator
from finefield.simulation import gaussian_subunit

#: Gaussian draws of the subunits' drives from which threshold and gain are set.
N_DRAWS = 20_000


def draw_population(
    settings: Mapping, field: Mapping, contrast_sd: float, seed: int, dataset: str
) -> dict[str, dict]:
    """Draw cells with Gaussian subunits on jittered hexagonal lattices.

    Parameters
    ----------
    settings : dict
        ``datasets.<name>.population`` of a config, all defaults filled in.
    field : dict
        Height and width of the stimulus field [pixels].
    contrast_sd : float
        SD of the stimulus' contrast in a pixel [1].
    seed : int
        The config's seed.
    dataset : str
        The dataset's name.

    Returns
    -------
    dict of str to dict
        Name -> definition as under ``datasets.<name>.cells``. Each cell has random numbers of its
        own, so that a larger population begins with a smaller one.

    Raises
    ------
    UserError
        If a cell's subunits do not fit into the crop, or the crop not on the field.
    """
    side, count = settings["crop"], settings["cells"]
    for key in ("height", "width"):
        if field[key] < side:
            got, expected = f"{side} pixels", f"at most the field's {key}, {field[key]} pixels"
            raise UserError(f"datasets.{dataset}.population.crop", got, expected, "lower it")
    digits = max(2, len(str(count - 1)))
    names = [f"{settings['prefix']}{number:0{digits}d}" for number in range(count)]
    return {
        name: _cell(
            settings, field, contrast_sd,
            generator(seed, dataset, f"{settings['prefix']}{number}", "population"),
            f"datasets.{dataset}.population.crop",
        )
        for number, name in enumerate(names)
    }  # fmt: skip


def _cell(settings: Mapping, field: Mapping, contrast_sd: float, rng, thing: str) -> dict:
    """One cell's definition; `thing` names the crop in an error."""
    side = settings["crop"]
    n_subunits = int(rng.integers(settings["subunits"][0], settings["subunits"][1] + 1))
    sigma = rng.uniform(*settings["sigma"])
    sigmas = sigma * rng.uniform(0.9, 1.1, n_subunits)
    step = settings["spacing"] * sigma
    centres = (side - 1) / 2 + step * _patch(n_subunits, settings["jitter"], rng)
    reach = np.abs(centres - (side - 1) / 2).max() + sigma
    if reach > side / 2:
        got, least = f"{side} pixels", int(np.ceil(2 * reach))
        fix = "raise it, or lower subunits, sigma or spacing"
        raise UserError(thing, got, f"at least {least} for {n_subunits} subunits", fix)
    weights = rng.uniform(*settings["weights"], n_subunits)
    columns = zip(*centres.T, sigmas, weights, strict=True)
    names = ("y", "x", "sigma", "weight")
    subunits = [
        {"shape": "gaussian"} | dict(zip(names, map(_round, values), strict=True))
        for values in columns
    ]
    polarity = str(rng.choice(settings["polarity"]))
    crop = {
        "y": int(rng.integers(field["height"] - side + 1)),
        "x": int(rng.integers(field["width"] - side + 1)),
        "height": side,
        "width": side,
    }
    output = _output(subunits, side, contrast_sd, settings, rng)
    return {
        "crop": crop, "polarity": polarity, "subunits": subunits, "output": output,
        "spikes": settings["spikes"],
    }  # fmt: skip


def _patch(n_points: int, jitter: float, rng: np.random.Generator) -> np.ndarray:
    """Points (point, 2) of a turned and shifted hexagonal lattice, nearest to 0 first."""
    rows, columns = np.mgrid[-6:7, -6:7].reshape(2, -1)
    lattice = np.stack([rows * np.sqrt(3) / 2, columns + rows % 2 / 2], 1) + rng.uniform(
        -0.5, 0.5, 2
    )
    angle = rng.uniform(0, 2 * np.pi)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    lattice = lattice @ turn
    nearest = lattice[np.argsort((lattice**2).sum(1))[:n_points]]
    nearest = nearest - nearest.mean(0)
    return nearest + jitter * rng.normal(size=nearest.shape)


def _output(subunits: list, side: int, contrast_sd: float, settings: Mapping, rng) -> dict:
    """Threshold at a number of SDs above the mean drive, and the gain that gives the rate.

    The drives of subunits to white noise are sums over many pixels and frames and so nearly
    Gaussian, with the covariance of their spatial filters, as temporal filters have unit norm.
    """
    shape = (side, side)
    images = [gaussian_subunit(one["y"], one["x"], one["sigma"], shape).ravel() for one in subunits]
    covariance = contrast_sd**2 * np.array(images) @ np.array(images).T
    drive = rng.multivariate_normal(np.zeros(len(images)), covariance, N_DRAWS, method="cholesky")
    total = np.maximum(drive, 0) @ np.array([one["weight"] for one in subunits])
    threshold = _round(total.mean() + settings["threshold_sd"] * total.std())
    above = np.maximum(total - threshold, 0).mean()
    return {"threshold": threshold, "gain": _round(settings["rate"] / above)}


def _round(value: float) -> float:
    """To four significant digits, so that a config can be read.

    >>> _round(0.123456), _round(1234.56)
    (0.1235, 1235.0)
    """
    return float(f"{value:.4g}")
