"""A config: read, checked against its types, and completed with defaults."""

from collections.abc import Mapping
from pathlib import Path

from finefield.base.settings import plain
from finefield.config import checks, sweeps
from finefield.config.checks import require
from finefield.config.messages import checked
from finefield.config.recorded import check_recorded
from finefield.config.types import AnyDataset, Config, SimulatedDataset
from finefield.config.written import read_written


def load(path: str | Path) -> Config:
    """Read a YAML config file and complete it.

    Parameters
    ----------
    path : str or Path
        The file.

    Returns
    -------
    Config
        As from `complete`.

    Raises
    ------
    UserError
        As from `read_written` and `complete`.

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "config.yaml"
    >>> _ = path.write_text("datasets: {r: {kind: recorded, recording: cells.mat}}")
    >>> load(path).datasets["r"].field.frame_rate
    30
    """
    return complete(read_written(path))


def complete(config: Mapping) -> Config:
    """Check a config and fill in every default.

    Parameters
    ----------
    config : dict
        As read from a file; left as it is.

    Returns
    -------
    Config
        With every default, cells drawn at random beside those that are named, and what stimuli and
        sweeps take from their dataset. Completing its `plain` form again changes nothing.

    Raises
    ------
    UserError
        If a key is unknown, missing, of the wrong type or out of range, or keys contradict each
        other. Of several faults, the one nested deepest is reported.

    Examples
    --------
    >>> cell = {"crop": {"y": 0, "x": 0}, "subunits": [{"shape": "block", "y": 0, "x": 0}]}
    >>> config = {"datasets": {"toy": {"kind": "simulated", "cells": {"one": cell}}}}
    >>> complete(config).datasets["toy"].cells["one"].spikes
    'bernoulli'
    >>> complete({**config, "sed": 2})
    Traceback (most recent call last):
    finefield.base.errors.UserError: sed: got an unknown key with the value 2; expected a key that \
config/README.md lists. Fix: rename it to seed, or remove it
    """
    full = checked(Config, plain(config))
    datasets = {name: _completed(full, name, each) for name, each in full.datasets.items()}
    full = full.model_copy(update={"datasets": datasets})
    checks.check_looks(full.figures)
    for name, dataset in full.datasets.items():
        _check_dataset(f"datasets.{name}", dataset, full)
    for name, model in sweeps.networks(full).items():
        checks.check_network(f"models.{name}", model)
        basis, lags = model.temporal_basis, model.lags
        thing = f"models.{name}.temporal_basis"
        require(basis <= lags, thing, basis, f"at most the {lags} lags", "lower it or raise lags")
    for name, dataset in full.datasets.items():
        if dataset.kind == "simulated":
            checks.check_lengths(f"datasets.{name}", dataset, full)
    return full


def _completed(full: Config, name: str, dataset: AnyDataset) -> AnyDataset:
    """A dataset with what its parts take from it."""
    first = next(iter(full.models))
    update = {
        "sweeps": {
            key: sweep if sweep.models else sweep.model_copy(update={"models": [first]})
            for key, sweep in dataset.sweeps.items()
        }
    }
    if dataset.kind == "simulated":
        update |= {"cells": _all_cells(full, name, dataset), "population": None, "circuit": None}
    else:
        own = {"recording": dataset.recording, "layout": dataset.layout}
        update["stimuli"] = {
            key: stimulus.model_copy(
                update={part: value for part, value in own.items() if not getattr(stimulus, part)}
            )
            for key, stimulus in dataset.stimuli.items()
        }
    return dataset.model_copy(update=update)


def _all_cells(full: Config, name: str, dataset: SimulatedDataset) -> dict:
    """Cells drawn at random, alone or in a circuit, beside those that are named."""
    where, cells = f"datasets.{name}", dict(dataset.cells or {})
    expected = "cells, a population or a circuit"
    fix = "add the key (one entry per cell), population or circuit"
    drawn = dataset.population or dataset.circuit
    require(bool(cells or drawn), f"{where}.cells", "no such key", expected, fix)
    if not drawn:
        return cells
    # Imported here, as it takes longer than the rest of a config's check.
    from finefield.simulation import draw_circuit, draw_population

    checks.check_contrasts(where, dataset)
    contrast_sd = next(iter(dataset.stimuli.values())).contrast_sd
    known = dataset.field, contrast_sd, full.seed, name
    if dataset.population:
        checks.check_population(f"{where}.population", dataset.population)
        population = draw_population(dataset.population, *known)
        _join(cells, population, where, "change population.prefix")
    if dataset.circuit:
        _join(cells, draw_circuit(dataset.circuit, *known), where, "rename the circuit's type")
    return cells


def _join(cells: dict, drawn: dict, where: str, fix: str) -> None:
    """Add drawn cells to those that are named."""
    clash = next((cell for cell in drawn if cell in cells), None)
    fix = f"rename the cell, or {fix}"
    require(clash is None, f"{where}.cells.{clash}", clash, "a name of its own", fix)
    cells |= drawn


def _check_dataset(where: str, dataset: AnyDataset, full: Config) -> None:
    """Nothing in a dataset contradicts itself or the networks."""
    if dataset.kind == "simulated":
        checks.check_simulated(where, dataset)
    else:
        check_recorded(where, dataset)
    checks.check_train(f"{where}.train", dataset, full.models)
    checks.check_sweeps(f"{where}.sweeps", dataset, full.models)
