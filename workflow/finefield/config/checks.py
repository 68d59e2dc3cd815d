"""Contradictions in a config that its types cannot tell, each a `UserError` that says the fix."""

from collections.abc import Iterable, Mapping

import numpy as np

from finefield.base.display import headless
from finefield.base.errors import UserError
from finefield.config import sweeps
from finefield.config.phrases import nearest, plain
from finefield.config.types import (
    AnyDataset,
    Config,
    SimulatedDataset,
)
from finefield.figures.settings import FigureSettings
from finefield.networks.settings import OF_STEPS, NetworkSettings
from finefield.simulation.settings import Population, TemporalFilter
from finefield.simulation.temporal_filter import difference_of_gammas
from finefield.stimuli.settings import Crop, Images


def require(good: bool, thing: str, got: object, expected: str, fix: str) -> None:
    """Raise a UserError unless `good`."""
    if not good:
        raise UserError(thing, got, expected, fix)


def named_cells(dataset: AnyDataset) -> list[str] | None:
    """Cell names that the config tells; None if only the recording does."""
    return None if dataset.cells == "all" else [str(cell) for cell in dataset.cells]


def check_network(where: str, network: NetworkSettings) -> None:
    """A network that starts from positions is given no key that it would not use."""
    if network.start != "positions":
        return
    default, fix = NetworkSettings(), "remove the key, or set start: random"
    for key in OF_STEPS:
        value, expected = getattr(network, key), "no such key with start: positions"
        require(value == getattr(default, key), f"{where}.{key}", value, expected, fix)
    expected = "1 or more functions with start: positions"
    lacking = network.temporal_basis > 0
    require(lacking, f"{where}.temporal_basis", 0, expected, "raise it, or set start: random")


def check_looks(figures: FigureSettings) -> None:
    """Ask Matplotlib about colours and colormaps that are not the defaults."""
    looks = {
        key: value
        for key, value in figures
        if "_color" in key and value != getattr(FigureSettings(), key)
    }
    if not looks:
        return
    headless()
    # Importing Matplotlib takes longer than the rest of a config's check.
    from matplotlib import colormaps, colors

    for key, value in looks.items():
        if key.endswith("colormap"):
            good, names, kind = value in colormaps, list(colormaps), "colormap"
        else:
            good, names, kind = colors.is_color_like(value), colors.CSS4_COLORS, "colour"
        near = nearest(value, names)
        fix = f"write {near}" if near else f"take a name from Matplotlib's list of {kind}s"
        require(good, f"figures.{key}", value, f"a {kind} that Matplotlib knows", fix)


def check_population(where: str, population: Population) -> None:
    """Limits are in order."""
    parts = {where: population}
    parts |= {f"{where}.types.{name}": part for name, part in (population.types or {}).items()}
    for thing, part in parts.items():
        for key in ("subunits", "sigma", "weights", "widths", "ratio"):
            low, high = getattr(part, key) or (0, 0)
            expected = "the lower limit first"
            require(low <= high, f"{thing}.{key}", plain([low, high]), expected, "swap them")


def check_simulated(where: str, dataset: SimulatedDataset) -> None:
    """Contrasts differ, crops lie on the field, subunits on their crops, filters are not empty."""
    check_contrasts(where, dataset)
    for name, cell in dataset.cells.items():
        thing = f"{where}.cells.{name}"
        check_inside(f"{thing}.crop", cell.crop, dataset.field, f"{where}.field")
        for number, subunit in enumerate(cell.subunits):
            one = f"{thing}.subunits[{number}]"
            if subunit.shape == "patch":
                _check_pixels(f"{one}.pixels", subunit.pixels, cell.crop, f"{thing}.crop")
            else:
                check_inside(one, subunit, cell.crop, f"{thing}.crop")
        fix = "remove the key, or set spikes: lif or fohlmeister_miller"
        good, got = cell.own_membrane or not cell.membrane, f"a membrane with spikes: {cell.spikes}"
        require(good, f"{thing}.membrane", got, "no membrane where spikes are drawn", fix)
        others = sorted({one.shape for one in cell.subunits} - {"gaussian"})
        got, good = f"a surround of subunits of shape {' and '.join(others)}", not others
        expected, fix = "Gaussian subunits where there is a surround", "remove it, or change them"
        require(good or not cell.surround, f"{thing}.surround", got, expected, fix)
        temporal = cell.temporal_filter
        least, orders = temporal.delay + 2, temporal.orders
        expected, good = f"at least {least}, two more than delay", temporal.lags >= least
        require(good, f"{thing}.temporal_filter.lags", temporal.lags, expected, "raise it")
        expected = "the lower order first, so that the first lobe has the polarity's sign"
        good = orders[0] < orders[1]
        require(good, f"{thing}.temporal_filter.orders", orders, expected, "swap or change them")
        expected = "a filter whose first lobe lasts for a frame or longer"
        good = _has_first_lobe(temporal, dataset.field.frame_rate)
        got, key = temporal.time_constant, f"{thing}.temporal_filter.time_constant"
        require(good, key, got, expected, "raise it: it is in seconds")


def _has_first_lobe(temporal: TemporalFilter, frame_rate: float) -> bool:
    """Whether frames sample a temporal filter finely enough to begin with its positive lobe."""
    with np.errstate(all="ignore"):
        weights = difference_of_gammas(frame_rate=frame_rate, **dict(temporal))
    return bool(np.isfinite(weights).all() and weights[weights != 0][0] > 0)


def check_contrasts(where: str, dataset: SimulatedDataset) -> None:
    """Each stimulus has two contrasts that differ."""
    for name, stimulus in dataset.stimuli.items():
        contrasts = getattr(stimulus, "contrasts", (0, 1))
        thing, expected = f"{where}.stimuli.{name}.contrasts", "two contrasts that differ"
        good = contrasts[0] != contrasts[1]
        require(good, thing, plain(contrasts), expected, "change one of them")


def check_inside(thing: str, inner: object, outer: object, outer_name: str) -> None:
    """Raise UserError unless a rectangle, or a Gaussian's centre, lies on another rectangle."""
    for start, size in (("y", "height"), ("x", "width")):
        # A centre may lie anywhere from the first to the last pixel's middle.
        first, side, room = getattr(inner, start), getattr(inner, size, 1), getattr(outer, size)
        last = first + side - 1
        if last <= room - 1:
            continue
        # A size alone too large is the size's fault, otherwise the position's.
        key, got = (size, side) if side > room else (start, first)
        reach = f"{got}, which ends at {'row' if start == 'y' else 'column'} {last}"
        expected = f"an end at {room - 1} or before, the last on {outer_name}"
        fix = f"lower {start} or {size}" if hasattr(inner, size) else f"lower {start}"
        raise UserError(f"{thing}.{key}", reach, expected, f"{fix}, or raise {outer_name}.{size}")


def _check_pixels(thing: str, pixels: list, crop: Crop, crop_name: str) -> None:
    """Raise UserError unless pixels lie on a crop."""
    expected = f"a row below {crop.height} and a column below {crop.width}, those of {crop_name}"
    for number, (y, x) in enumerate(pixels):
        good = y < crop.height and x < crop.width
        require(good, f"{thing}[{number}]", [y, x], expected, "move it, or enlarge the crop")


def check_train(where: str, dataset: AnyDataset, models: Iterable[str]) -> None:
    """`train` names configured networks and cells of the dataset, each once."""
    for model, chosen in (dataset.train or {}).items():
        _check_model(f"{where}.{model}", model, "an unknown network", models)
        _check_chosen(f"{where}.{model}", chosen, dataset)


def check_sweeps(where: str, dataset: AnyDataset, models: Mapping[str, NetworkSettings]) -> None:
    """`sweeps` name configured networks, a setting of theirs, good values, and known cells."""
    for key, sweep in dataset.sweeps.items():
        for number, model in enumerate(sweep.models):
            _check_model(f"{where}.{key}.models[{number}]", model, model, models)
        _check_chosen(f"{where}.{key}.cells", sweep.cells, dataset)
        sweeps.check(f"{where}.{key}", sweep, models)


def _check_model(thing: str, model: str, got: str, models: Iterable[str]) -> None:
    """A network is configured."""
    near = nearest(model, models)
    fix = f"rename it to {near}" if near else "name one of these, or add it to models"
    require(model in models, thing, got, "one of the networks " + ", ".join(models), fix)


def _check_chosen(thing: str, chosen: str | Iterable, dataset: AnyDataset) -> None:
    """Cells are cells of the dataset, as far as the config tells, each once."""
    known = named_cells(dataset)
    names = [] if chosen == "all" else [str(name) for name in chosen]
    good = len(set(names)) == len(names)
    require(good, thing, chosen, "each cell once", "remove the repeats")
    for name in names:
        near = nearest(name, known or [])
        fix = f"write {near}" if near else "name a cell under cells"
        good = known is None or name in known
        require(good, thing, name, f"one of {', '.join(known or [])}", fix)


def check_lengths(where: str, dataset: SimulatedDataset, config: Config) -> None:
    """Every simulated sequence is longer than the networks and averages that look at it."""
    looks = lags_of(config, dataset)
    for name, stimulus in dataset.stimuli.items():
        for key, lags in looks.items():
            got, expected = stimulus.frozen_frames, f"more than the {lags} frames of {key}"
            fix = f"raise it or lower {key}"
            require(got > lags, f"{where}.stimuli.{name}.frozen_frames", got, expected, fix)
        if not isinstance(stimulus, Images):
            check_validation(config, dataset, stimulus.frames)


def lags_of(config: Config, dataset: AnyDataset) -> dict[str, int]:
    """Frames that each network of a dataset and its averages look at, by the key that tells."""
    every = sweeps.networks(config)
    names = sweeps.networks_of(config, dataset)
    return {f"models.{name}.lags": every[name].lags for name in names} | {
        "sta.lags": config.sta.lags
    }


def check_validation(config: Config, dataset: AnyDataset, n_frames: int) -> None:
    """The validation data are longer than what a network sees of them."""
    every = sweeps.networks(config)
    for name in sweeps.networks_of(config, dataset):
        model = every[name]
        total = min(n_frames, model.max_frames or n_frames)
        kept = int(total * model.validation_fraction)
        got = f"{model.validation_fraction}, which keeps {kept} of {total} frames"
        expected, fix = f"more frames than the {model.lags} lags", "raise it, or use more frames"
        require(kept > model.lags, f"models.{name}.validation_fraction", got, expected, fix)
