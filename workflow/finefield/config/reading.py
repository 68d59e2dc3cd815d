"""The configuration: read, checked against its schema, completed with defaults and described."""

import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

import yaml

from finefield.base.errors import UserError
from finefield.config import schema, sweeps
from finefield.config.checks import (
    check_contrasts,
    check_lengths,
    check_looks,
    check_population,
    check_recorded,
    check_simulated,
    check_sweeps,
    check_train,
    check_validation,
    named_cells,
    require,
)


def load(path: str | Path) -> dict:
    """Read a YAML config file and complete it.

    Parameters
    ----------
    path : str or Path
        The file.

    Returns
    -------
    dict
        As from `complete`.

    Raises
    ------
    UserError
        If the file is missing or is not YAML, or as in `complete`.

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "config.yaml"
    >>> _ = path.write_text("datasets: {r: {kind: recorded, recording: cells.mat}}")
    >>> load(path)["datasets"]["r"]["field"]["frame_rate"]
    30
    """
    try:
        return complete(yaml.safe_load(Path(path).read_text(encoding="utf-8")))
    except OSError as error:
        got = error.strerror or str(error)
        raise UserError(f"config {path}", got, "a YAML file", "correct the path") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        mark = getattr(error, "problem_mark", None)
        line = f", line {mark.line + 1}" if mark else ""
        got = getattr(error, "problem", None) or str(error)
        fix = "correct the line or the one above: indent with spaces, close quotes and brackets"
        raise UserError(f"config {path}{line}", got, "YAML in UTF-8", fix) from error


def complete(config: Mapping) -> dict:
    """Check a config and fill in every default.

    Parameters
    ----------
    config : dict
        As read from a file; left as it is.

    Returns
    -------
    dict
        A copy with every key of config/README.md that has a default, and in ``models`` the variants
        of its sweeps as well. Completing it again changes nothing.

    Raises
    ------
    UserError
        If a key is unknown, missing, of the wrong type or out of range, or keys contradict each
        other. Of several faults, the one nested deepest is reported.

    Examples
    --------
    >>> cell = {"crop": {"y": 0, "x": 0}, "subunits": [{"shape": "block", "y": 0, "x": 0}]}
    >>> config = {"datasets": {"toy": {"kind": "simulated", "cells": {"one": cell}}}}
    >>> complete(config)["datasets"]["toy"]["cells"]["one"]["spikes"]
    'bernoulli'
    >>> complete({**config, "sed": 2})
    Traceback (most recent call last):
    finefield.base.errors.UserError: sed: got an unknown key with the value 2; expected a key that \
config/README.md lists. Fix: rename it to seed, or remove it
    """
    full = _with_populations(schema.validate(sweeps.without_variants(config)))
    for dataset in full["datasets"].values():
        if dataset["kind"] == "recorded":
            for stimulus in dataset["stimuli"].values():
                for key in ("recording", "layout"):
                    stimulus.setdefault(key, dataset[key])
    check_looks(full["figures"])
    for name, dataset in full["datasets"].items():
        where = f"datasets.{name}"
        check = {"simulated": check_simulated, "recorded": check_recorded}[dataset["kind"]]
        check(where, dataset)
        check_train(f"{where}.train", dataset, full["models"])
        for sweep in dataset["sweeps"].values():
            sweep.setdefault("models", [next(iter(full["models"]))])
        check_sweeps(f"{where}.sweeps", dataset, full["models"])
    full["models"] |= sweeps.variants(full)
    for name, model in full["models"].items():
        basis, lags = model["temporal_basis"], model["lags"]
        thing = f"models.{name}.temporal_basis"
        require(basis <= lags, thing, basis, f"at most the {lags} lags", "lower it or raise lags")
    for name, dataset in full["datasets"].items():
        if dataset["kind"] == "simulated":
            check_lengths(f"datasets.{name}", dataset, full)
    return full


def _with_populations(full: dict) -> dict:
    """Cells drawn at random beside those that are named."""
    for name, dataset in full["datasets"].items():
        if dataset["kind"] != "simulated":
            continue
        where, named = f"datasets.{name}", dataset.get("cells", {})
        good = named or "population" in dataset
        expected, fix = "cells or a population", "add the key (one entry per cell) or population"
        require(good, f"{where}.cells", "no such key", expected, fix)
        if population := dataset.pop("population", None):
            # Imported here, as it takes longer than the rest of a config's check.
            from finefield.simulation.population import draw_population

            check_population(f"{where}.population", population)
            check_contrasts(where, dataset)
            contrast_sd = _contrast_sd(next(iter(dataset["stimuli"].values())))
            drawn = draw_population(population, dataset["field"], contrast_sd, full["seed"], name)
            clash = next((cell for cell in drawn if cell in named), None)
            fix = "rename the cell, or change population.prefix"
            require(clash is None, f"{where}.cells.{clash}", clash, "a name of its own", fix)
            dataset["cells"] = named | drawn
    return schema.validate(full)


def _contrast_sd(stimulus: Mapping) -> float:
    """SD of a stimulus' contrast in a pixel [1]."""
    if stimulus["kind"] != "binary_noise":
        return stimulus["contrast"]
    low, high = stimulus["contrasts"]
    return abs(high - low) / 2


def check_recordings(config: Mapping, results: str | Path = "results") -> None:
    """Check every recording that a complete config names, so that faults show before any job.

    A recording that was imported since it last changed is not read again.

    Parameters
    ----------
    config : dict
        A complete config.
    results : path
        Folder with a folder for each dataset.

    Raises
    ------
    UserError
        As from `recording.read_recording`, if the recording lacks a configured cell, or if its
        trials are too short for a configured network.
    """
    for name, dataset in config["datasets"].items():
        if dataset["kind"] == "recorded":
            for stimulus in dataset["stimuli"]:
                _check_cells(config, name, stimulus)
                files = recording_files(dataset["stimuli"][stimulus])
                changed = max(Path(file).stat().st_mtime for file in files)
                imported = Path(results, name, "recording", f"{stimulus}.nc")
                if not imported.exists() or imported.stat().st_mtime < changed:
                    _check_recording(config, name, stimulus)


def check_images(config: Mapping) -> None:
    """Check that the folders of images that a complete config names hold some.

    Parameters
    ----------
    config : dict
        A complete config.

    Raises
    ------
    UserError
        As from `photographs.image_files`.
    """
    for dataset in config["datasets"].values():
        for stimulus in dataset["stimuli"].values():
            stimulus_images(stimulus)


def stimulus_images(stimulus: Mapping) -> list[str]:
    """Image files that a stimulus is made from; none if it takes no folder of images."""
    from finefield.stimuli.photographs import BUILT_IN, image_files

    folder = stimulus.get("images")
    return [] if folder in (None, *BUILT_IN) else [str(path) for path in image_files(folder)]


def recording_files(stimulus: Mapping) -> list[str]:
    """Files with the responses to a recorded stimulus: the file itself, or all of its folder."""
    path = Path(stimulus["recording"])
    return [str(file) for file in sorted(path.rglob("*")) if file.is_file()] or [str(path)]


def cells(config: Mapping, dataset: str) -> list[str]:
    """Names of a dataset's cells, in the order of the config.

    Parameters
    ----------
    config : dict
        A complete config. With ``cells: all``, the names are read from the recording.
    dataset : str
        Name of the dataset.

    Returns
    -------
    list of str

    Examples
    --------
    >>> recorded = {"kind": "recorded", "recording": "cells.mat", "cells": [9, 0]}
    >>> cells(complete({"datasets": {"retina": recorded}}), "retina")
    ['9', '0']
    """
    chosen = config["datasets"][dataset]
    names = named_cells(chosen)
    if names is None:
        from finefield.recordings.read import cell_names

        first = next(iter(chosen["stimuli"].values()))
        names = cell_names(first["recording"], first["layout"])
    return names


def trained(config: Mapping, dataset: str) -> dict[str, list[str]]:
    """Cells of a dataset that each network is trained on, apart from sweeps.

    Parameters
    ----------
    config : dict
        A complete config.
    dataset : str
        Name of the dataset.

    Returns
    -------
    dict of list of str
        Network -> cells; without `train` every network and all cells, with it only those named.

    Examples
    --------
    >>> recorded = {"kind": "recorded", "recording": "cells.mat", "cells": [9, 0]}
    >>> config = complete({"datasets": {"retina": recorded}})
    >>> trained(config, "retina")
    {'finefield': ['9', '0']}
    """
    every = dict.fromkeys(sweeps.named(config["models"]), "all")
    chosen = config["datasets"][dataset].get("train", every)
    return {model: _chosen_cells(config, dataset, names) for model, names in chosen.items()}


def swept(config: Mapping, dataset: str) -> dict[str, list[str]]:
    """Cells of a dataset that the networks of each sweep are trained on.

    Parameters
    ----------
    config : dict
        A complete config.
    dataset : str
        Name of the dataset.

    Returns
    -------
    dict of list of str
        Sweep -> cells.

    Examples
    --------
    >>> sweep = {"setting": "data_fraction", "values": [0.1, 1], "cells": [9]}
    >>> recorded = {"kind": "recorded", "recording": "cells.mat", "sweeps": {"data": sweep}}
    >>> config = complete({"datasets": {"retina": recorded}})
    >>> swept(config, "retina"), list(config["models"])
    ({'data': ['9']}, ['finefield', 'finefield.data_fraction-0.1'])
    """
    chosen = config["datasets"][dataset]["sweeps"]
    return {name: _chosen_cells(config, dataset, sweep["cells"]) for name, sweep in chosen.items()}


def without_models(config: Mapping, names: Iterable[str]) -> dict:
    """Leave models out of a config, also where datasets name them.

    Parameters
    ----------
    config : dict
        A complete config.
    names : iterable of str
        The models; variants of sweeps are to be named as well.

    Returns
    -------
    dict
        A complete config. Sweeps of nothing but these models are left out, too.

    Examples
    --------
    >>> recorded = {"kind": "recorded", "recording": "cells.mat", "train": {"a": "all", "b": [0]}}
    >>> config = complete({"datasets": {"retina": recorded}, "models": {"a": {}, "b": {}}})
    >>> config = without_models(config, ["b"])
    >>> list(config["models"]), config["datasets"]["retina"]["train"]
    (['a'], {'a': 'all'})
    """
    kept = {name: model for name, model in config["models"].items() if name not in names}
    datasets = {name: dict(dataset) for name, dataset in config["datasets"].items()}
    for dataset in datasets.values():
        if "train" in dataset:
            chosen = dataset["train"].items()
            dataset["train"] = {name: cells for name, cells in chosen if name in kept}
        left = {
            key: sweep | {"models": [name for name in sweep["models"] if name in kept]}
            for key, sweep in dataset["sweeps"].items()
        }
        dataset["sweeps"] = {key: sweep for key, sweep in left.items() if sweep["models"]}
    return {**config, "models": kept, "datasets": datasets}


def _chosen_cells(config: Mapping, dataset: str, chosen: str | Iterable) -> list[str]:
    """Cells by name, of a list or of `all`."""
    return cells(config, dataset) if chosen == "all" else [str(name) for name in chosen]


def _check_cells(config: Mapping, name: str, stimulus: str) -> None:
    """The recording of a stimulus holds every cell that is named, or that the first one holds."""
    from finefield.recordings.read import cell_names

    dataset = config["datasets"][name]
    recording = dataset["stimuli"][stimulus]["recording"]
    known = cell_names(recording, dataset["stimuli"][stimulus]["layout"])
    chosen = {"cells": cells(config, name)}
    chosen |= {f"train.{model}": names for model, names in dataset.get("train", {}).items()}
    chosen |= {f"sweeps.{key}.cells": sweep["cells"] for key, sweep in dataset["sweeps"].items()}
    for key, names in chosen.items():
        for cell in [] if names == "all" else map(str, names):
            near = schema.nearest(cell, known)
            fix = f"write {near}" if near else "name cells of the recording"
            held = f"{known[0]} to {known[-1]}" if len(known) > 8 else ", ".join(known)
            expected = f"one of the {len(known)} cells of {recording}, {held}"
            require(cell in known, f"datasets.{name}.{key}", f"cell {cell}", expected, fix)


def _check_recording(config: Mapping, name: str, stimulus: str) -> None:
    """The recording of a stimulus is good, its trials are longer than what looks at them."""
    from finefield.recordings.read import read_recording

    dataset = config["datasets"][name]
    path, layout = (dataset["stimuli"][stimulus][key] for key in ("recording", "layout"))
    recording = read_recording(path, layout, dataset["field"]["frame_rate"])
    sequences = {"running": recording.running.n_frames, "frozen": recording.frozen.n_frames}
    models = sweeps.networks(config, dataset)
    lags = {f"models.{model}.lags": config["models"][model]["lags"] for model in models}
    lags["sta.lags"] = config["sta"]["lags"]
    for key, value in lags.items():
        for kind, n_frames in sequences.items():
            most = max(n_frames) - dataset["delay"]
            expected = f"less than the {most} frames of the {kind} trials of {path}"
            require(value < most, key, value, expected, "lower it, or use longer trials")
    for model in models:
        check_validation(model, config["models"][model], sum(sequences["running"]))


if __name__ == "__main__":
    from finefield.config.readme import write_readme

    write_readme(sys.argv[1])
