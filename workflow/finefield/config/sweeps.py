"""Sweeps: a setting of a network takes several values, each of them a variant of the network."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from finefield.base.errors import UserError
from finefield.base.labels import value_text
from finefield.config.messages import checked
from finefield.config.phrases import nearest, show
from finefield.config.types import AnyDataset, Config, Sweep
from finefield.networks.settings import NetworkSettings

#: Keys that STNMF uses, of which a sweep can vary all.
OF_STNMF = (
    "lags", "filters", "nonnegative_readout", "drift_trials", "validation_fraction",
    "data_fraction", "max_frames",
)  # fmt: skip


class Point(NamedTuple):
    """One network at one value of a sweep.

    Attributes
    ----------
    model : str
        The network whose setting is varied.
    value : float, int, bool, str or None
        The setting's value.
    variant : str
        Name of the network with that value, the network itself if it has it already.
    """

    model: str
    value: object
    variant: str


def points(sweep: Sweep, models: Mapping[str, NetworkSettings]) -> list[Point]:
    """Every network of a sweep at every value.

    Parameters
    ----------
    sweep : Sweep
        An entry of ``sweeps`` in a complete config.
    models : dict of str to NetworkSettings
        ``models`` of the config.

    Returns
    -------
    list of Point
        For each network all values, both in the order of the config.

    Examples
    --------
    >>> sweep = Sweep(setting="filters", values=[4, 16], models=["wide"])
    >>> [point.variant for point in points(sweep, {"wide": NetworkSettings(filters=16)})]
    ['wide.filters-4', 'wide']
    """
    setting = sweep.setting
    return [
        Point(name, value, _variant_name(name, getattr(models[name], setting), setting, value))
        for name in sweep.models
        for value in sweep.values
    ]


def coordinate(values: Sequence) -> list:
    """Values as numbers or, if one of them is none, as text, in the order that they have.

    Examples
    --------
    >>> coordinate([1, 0.1]), coordinate([9, "crop"])
    ([1, 0.1], ['9', 'crop'])
    """
    if all(isinstance(value, int | float) and not isinstance(value, bool) for value in values):
        return list(values)
    return [value_text(value) for value in values]


def _variant_name(model: str, own: object, setting: str, value: object) -> str:
    """A name with a dot, which no name in a config has; the network's own if the value is."""
    return model if value == own else f"{model}.{setting}-{value_text(value)}"


def networks(config: Config) -> dict[str, NetworkSettings]:
    """All networks of a config: those that it names, and the variants of its sweeps.

    Parameters
    ----------
    config : Config
        A complete config.

    Returns
    -------
    dict of NetworkSettings
        Name -> settings. Sweeps with a variant in common share it.
    """
    sweeps = [one for dataset in config.datasets.values() for one in dataset.sweeps.values()]
    return config.models | {
        point.variant: config.models[point.model].changed(**{sweep.setting: point.value})
        for sweep in sweeps
        for point in points(sweep, config.models)
        if point.variant != point.model
    }


def filter_settings(config: Config, model: str) -> dict:
    """How the filters of a network are judged.

    Parameters
    ----------
    config : Config
        A complete config.
    model : str
        The network's name.

    Returns
    -------
    dict
        ``filters`` of the config as for this network, without the limit of recovery, which is
        matching's.
    """
    settings = config.filters.of_network(networks(config)[model])
    return settings.model_dump(exclude={"recovered_cosine"})


def networks_of(config: Config, dataset: AnyDataset) -> list[str]:
    """Networks that a dataset trains, those of its sweeps among them."""
    found = dict.fromkeys(config.models if dataset.train is None else dataset.train)
    for sweep in dataset.sweeps.values():
        found |= dict.fromkeys(one.variant for one in points(sweep, config.models))
    return list(found)


def units(setting: str) -> str:
    """Units of a setting, as its description says them in brackets; "1" without.

    Examples
    --------
    >>> units("filter_size"), units("data_fraction")
    ('pixels', '1')
    """
    described = NetworkSettings.model_fields[setting].description or ""
    _, bracket, rest = described.partition("[")
    return rest.partition("]")[0] if bracket else "1"


def check(where: str, sweep: Sweep, models: Mapping[str, NetworkSettings]) -> None:
    """Refuse a setting that its networks lack, and a value that the setting does not take.

    Parameters
    ----------
    where : str
        The sweep's place in the config, for messages.
    sweep : Sweep
        An entry of ``sweeps`` whose networks are known.
    models : dict of str to NetworkSettings
        ``models`` of the config.

    Raises
    ------
    UserError

    Examples
    --------
    >>> sweep = Sweep(setting="filters", values=[4, 0], models=["wide"])
    >>> check("datasets.toy.sweeps.number", sweep, {"wide": NetworkSettings()})
    Traceback (most recent call last):
    finefield.base.errors.UserError: datasets.toy.sweeps.number.values[1]: got 0; expected a whole \
number, at least 1. Fix: give a value within these limits
    """
    for name in sweep.models:
        keys = list(_settings(models[name]))
        if sweep.setting not in keys:
            near = nearest(sweep.setting, keys)
            expected = f"a setting of one value, not a list, that the model {name} uses"
            fix = f"write {near}" if near else "take a key that config/README.md lists under models"
            raise UserError(f"{where}.setting", show(sweep.setting), expected, fix)
        for number, value in enumerate(sweep.values):
            _check_value(f"{where}.values[{number}]", models[name], sweep.setting, value)


def _settings(model: NetworkSettings) -> Iterator[str]:
    """Keys of a network that a sweep can vary; not `network`, as the other keys depend on it."""
    for key in OF_STNMF if model.network == "stnmf" else NetworkSettings.model_fields:
        if key != "network" and not isinstance(getattr(model, key), list):
            yield key


def _check_value(where: str, model: NetworkSettings, setting: str, value: object) -> None:
    """Refuse a value that a network's setting does not take."""
    try:
        checked(NetworkSettings, model.model_dump() | {setting: value})
    except UserError as error:
        raise UserError(where, error.got, error.expected, error.fix) from None
