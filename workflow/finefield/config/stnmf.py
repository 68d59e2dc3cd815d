"""Networks stnmf of a config, which are factorised and not trained."""

from collections.abc import Iterable
from pathlib import Path

from finefield.base.errors import UserError
from finefield.config.sweeps import networks
from finefield.config.types import AnyDataset, Config


def factorised(config: Config) -> list[str]:
    """Names of the networks that STNMF finds, variants of sweeps among them."""
    return [name for name, model in networks(config).items() if model.network == "stnmf"]


def without_stnmf(config: Config) -> tuple[Config, list[str]]:
    """Leave out the networks of STNMF, also where datasets name them, if its Python is not there.

    Parameters
    ----------
    config : Config
        A complete config.

    Returns
    -------
    config : Config
        The same, or one without these networks and without sweeps of nothing but these.
    left_out : list of str
        The networks that it lacks now, those of sweeps included.

    Raises
    ------
    UserError
        If no other network is left.
    """
    names = [name for name, model in config.models.items() if model.network == "stnmf"]
    if not names or Path(config.stnmf_python).exists():
        return config, []
    kept = {name: model for name, model in config.models.items() if name not in names}
    if not kept:
        got = f"{config.stnmf_python}, no such file"
        expected = "the Python of the environment of STNMF"
        raise UserError("stnmf_python", got, expected, "make stnmf")
    datasets = {
        name: dataset.model_copy(update=_only(dataset, kept))
        for name, dataset in config.datasets.items()
    }
    return config.model_copy(update={"models": kept, "datasets": datasets}), factorised(config)


def _only(dataset: AnyDataset, models: Iterable[str]) -> dict:
    """What a dataset trains of some networks alone."""
    train = dataset.train
    if train is not None:
        train = {name: chosen for name, chosen in train.items() if name in models}
    swept = {
        key: sweep.model_copy(update={"models": [one for one in sweep.models if one in models]})
        for key, sweep in dataset.sweeps.items()
    }
    return {"train": train, "sweeps": {key: one for key, one in swept.items() if one.models}}
