"""What a config says of models of the network stnmf, which are factorised and not trained."""

from collections.abc import Mapping
from pathlib import Path

from finefield.base.errors import UserError
from finefield.config.reading import without_models

#: How the filters of STNMF are judged: STNMF itself has told localised modules from others.
LENIENT = {
    "autocorrelation": "threshold",
    "morans_i_threshold": -1,
    "contribution_threshold": 0,
    "removal_errors": None,
}


def factorised(config: Mapping) -> list[str]:
    """Models that are factorised by STNMF and not trained.

    Parameters
    ----------
    config : dict
        A complete config.

    Examples
    --------
    >>> factorised({"models": {"net": {"network": "finefield"}, "parts": {"network": "stnmf"}}})
    ['parts']
    """
    models = config["models"].items()
    return [name for name, model in models if model["network"] == "stnmf"]


def without_stnmf(config: Mapping) -> tuple[Mapping, list[str]]:
    """Leave out the models of STNMF if the Python of its environment does not exist.

    Parameters
    ----------
    config : dict
        A complete config.

    Returns
    -------
    config : dict
        A complete config.
    left_out : list of str
        The models that it lacks now.

    Raises
    ------
    UserError
        If no model would be left.

    Examples
    --------
    >>> models = {"net": {"network": "finefield"}, "parts": {"network": "stnmf"}}
    >>> config = {"models": models, "datasets": {}, "stnmf_python": "none/python"}
    >>> config, left_out = without_stnmf(config)
    >>> list(config["models"]), left_out
    (['net'], ['parts'])
    """
    left_out, python = factorised(config), config["stnmf_python"]
    if not left_out or Path(python).exists():
        return config, []
    if len(left_out) == len(config["models"]):
        expected, fix = "the Python of the environment of STNMF", "make stnmf"
        raise UserError("stnmf_python", f"{python}, no such file", expected, fix)
    return without_models(config, left_out), left_out


def filter_settings(config: Mapping, model: str) -> dict:
    """How the filters of a model are judged.

    Parameters
    ----------
    config : dict
        A complete config.
    model : str
        The model's name.

    Returns
    -------
    dict
        The config's `filters`, without the limit of recovery, which is matching's. For a model of
        STNMF with `LENIENT` limits.

    Examples
    --------
    >>> config = {"filters": {"removal_errors": 2, "recovered_cosine": 0.9}}
    >>> config["models"] = {"net": {"network": "finefield"}}
    >>> filter_settings(config, "net")
    {'removal_errors': 2}
    """
    settings = {key: value for key, value in config["filters"].items() if key != "recovered_cosine"}
    return settings | LENIENT if model in factorised(config) else settings
