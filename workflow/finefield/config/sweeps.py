"""Sweeps: a setting of a network takes several values, each of them a variant of the network."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from finefield.base.errors import UserError
from finefield.base.labels import value_text
from finefield.config import schema

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


def points(sweep: Mapping, models: Mapping) -> list[Point]:
    """Every network of a sweep at every value.

    Parameters
    ----------
    sweep : dict
        An entry of ``sweeps`` in a complete config.
    models : dict
        ``models`` of the config.

    Returns
    -------
    list of Point
        For each network all values, both in the order of the config.

    Examples
    --------
    >>> sweep = {"setting": "filters", "values": [4, 16], "models": ["wide"]}
    >>> [point.variant for point in points(sweep, {"wide": {"filters": 16}})]
    ['wide.filters-4', 'wide']
    """
    setting = sweep["setting"]
    return [
        Point(name, value, _variant_name(name, models[name][setting], setting, value))
        for name in sweep["models"]
        for value in sweep["values"]
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


def variants(config: Mapping) -> dict[str, dict]:
    """The further networks that a config's sweeps train.

    Parameters
    ----------
    config : dict
        A config whose networks and sweeps are complete.

    Returns
    -------
    dict of dict
        Name -> settings. Sweeps with a variant in common share it.

    Examples
    --------
    >>> sweep = {"setting": "filters", "values": [4, 16], "models": ["wide"]}
    >>> dataset = {"sweeps": {"number": sweep}}
    >>> variants({"datasets": {"toy": dataset}, "models": {"wide": {"filters": 16, "lags": 20}}})
    {'wide.filters-4': {'filters': 4, 'lags': 20}}
    """
    models = config["models"]
    return {
        point.variant: {**models[point.model], sweep["setting"]: point.value}
        for dataset in config["datasets"].values()
        for sweep in dataset["sweeps"].values()
        for point in points(sweep, models)
        if point.variant != point.model
    }


def without_variants(config: Mapping) -> Mapping:
    """A config as its user wrote it: less the variants that completing it has added.

    What is no complete config is returned as it is, and so is a name with a dot that no sweep
    makes.
    """
    try:
        made = variants(config)
        kept = {name: part for name, part in config["models"].items() if made.get(name) != part}
    except (AttributeError, KeyError, TypeError):
        return config
    return {**config, "models": kept}


def named(models: Iterable[str]) -> list[str]:
    """The networks that a user named, without variants.

    Examples
    --------
    >>> named(["wide", "wide.filters-4"])
    ['wide']
    """
    return [name for name in models if "." not in name]


def units(setting: str) -> str:
    """Units of a setting, as its description says them in brackets; "1" without.

    Examples
    --------
    >>> units("filter_size"), units("data_fraction")
    ('pixels', '1')
    """
    described = schema.read()["$defs"]["model"]["properties"].get(setting, {})
    _, bracket, rest = described.get("description", "").partition("[")
    return rest.partition("]")[0] if bracket else "1"


def check(where: str, sweep: Mapping, models: Mapping) -> None:
    """Refuse a setting that its networks lack, and a value that the setting does not take.

    Parameters
    ----------
    where : str
        The sweep's place in the config, for messages.
    sweep : dict
        An entry of ``sweeps`` whose networks are known.
    models : dict
        ``models`` of the config, complete.

    Raises
    ------
    UserError

    Examples
    --------
    >>> sweep = {"setting": "filters", "values": [4, 0], "models": ["wide"]}
    >>> check("datasets.toy.sweeps.number", sweep, {"wide": {"filters": 16}})
    Traceback (most recent call last):
    finefield.base.errors.UserError: datasets.toy.sweeps.number.values[1]: got 0; expected a whole \
number, at least 1. Fix: give a value within these limits
    """
    setting = sweep["setting"]
    for name in sweep["models"]:
        keys = _settings(models[name])
        if setting not in keys:
            near = schema.nearest(setting, keys)
            expected = f"a setting of one value, not a list, that the model {name} uses"
            fix = f"write {near}" if near else "take a key that config/README.md lists under models"
            raise UserError(f"{where}.setting", schema.show(setting), expected, fix)
        for number, value in enumerate(sweep["values"]):
            _check_value(f"{where}.values[{number}]", {**models[name], setting: value})


def _settings(model: Mapping) -> list[str]:
    """Keys of a network that a sweep can vary; not `network`, as the other keys depend on it."""
    keys = OF_STNMF if model.get("network") == "stnmf" else model
    return [key for key in keys if key != "network" and not isinstance(model[key], list)]


def _check_value(where: str, model: Mapping) -> None:
    """Refuse a network's settings, one of which is a value of a sweep."""
    dataset = {"kind": "recorded", "recording": "none"}  # a config needs one; it is not read
    try:
        schema.validate({"datasets": {"none": dataset}, "models": {"swept": model}})
    except UserError as error:
        raise UserError(where, error.got, error.expected, error.fix) from None


def networks(config: Mapping, dataset: Mapping) -> list[str]:
    """Networks that a dataset trains, those of its sweeps among them."""
    found = dict.fromkeys(dataset.get("train", named(config["models"])))
    for sweep in dataset["sweeps"].values():
        found |= dict.fromkeys(one.variant for one in points(sweep, config["models"]))
    return list(found)
