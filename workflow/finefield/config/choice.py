"""What a complete config chooses: cells, networks, and the files that a run reads."""

import re
from collections.abc import Iterable

from finefield.config.checks import check_validation, lags_of, named_cells, require
from finefield.config.phrases import nearest
from finefield.config.types import Config, OwnResponses, RecordedDataset

#: What a shell takes as part of a word; letters of any script among them.
PLAIN = re.compile(r"[\w@%+=:,./-]+")
BRACES = re.compile(r"[{}]")
NO_BRACES = "a path without braces, which Snakemake takes for a wildcard"


def cells(config: Config, dataset: str) -> list[str]:
    """Names of a dataset's cells, in the order of the config.

    Parameters
    ----------
    config : Config
        A complete config. With ``cells: all``, the names are read from the recording.
    dataset : str
        Name of the dataset.

    Returns
    -------
    list of str

    Examples
    --------
    >>> from finefield.config.reading import complete
    >>> recorded = {"kind": "recorded", "recording": "cells.mat", "cells": [9, 0]}
    >>> cells(complete({"datasets": {"retina": recorded}}), "retina")
    ['9', '0']
    """
    chosen = config.datasets[dataset]
    names = named_cells(chosen)
    if names is None:
        from finefield.recordings.read import cell_names

        first = next(iter(chosen.stimuli.values()))
        names = cell_names(first.recording, first.layout)
    return names


def trained(config: Config, dataset: str) -> dict[str, list[str]]:
    """Cells of a dataset that each network is trained on, apart from sweeps.

    Parameters
    ----------
    config, dataset
        As for `cells`.

    Returns
    -------
    dict of list of str
        Network -> cells; without `train` every network and all cells, with it only those named.
    """
    chosen = config.datasets[dataset].train
    chosen = dict.fromkeys(config.models, "all") if chosen is None else chosen
    return {model: _chosen(config, dataset, names) for model, names in chosen.items()}


def swept(config: Config, dataset: str) -> dict[str, list[str]]:
    """Cells of a dataset that the networks of each sweep are trained on, by sweep."""
    chosen = config.datasets[dataset].sweeps
    return {name: _chosen(config, dataset, sweep.cells) for name, sweep in chosen.items()}


def _chosen(config: Config, dataset: str, chosen: str | Iterable) -> list[str]:
    """Cells by name, of a list or of `all`."""
    return cells(config, dataset) if chosen == "all" else [str(name) for name in chosen]


def recording_files(stimulus: OwnResponses) -> list[str]:
    """Files with the responses to a recorded stimulus, as `recordings.read.recording_files`."""
    from finefield.recordings.read import recording_files

    return [str(path) for path in recording_files(stimulus.recording, stimulus.layout)]


def stimulus_files(stimulus: object) -> list[str]:
    """Files that a stimulus is made from: frames of a recording's, or a folder of images.

    Raises
    ------
    UserError
        As from `photographs.image_files`.
    """
    from finefield.stimuli.photographs import BUILT_IN, image_files

    folder = getattr(stimulus, "images", None)
    found = [] if folder in (None, *BUILT_IN) else [str(path) for path in image_files(folder)]
    files = (getattr(stimulus, key, None) for key in ("running_file", "frozen_file"))
    return found + [path for path in files if path is not None]


def check_files(config: Config) -> None:
    """Check what a run reads as far as headers tell, so that faults show before any job.

    Parameters
    ----------
    config : Config
        A complete config.

    Raises
    ------
    UserError
        If a recording is missing or unreadable, lacks a configured cell, or has trials too short
        for a configured network; if a folder of images holds none; as from `check_paths`.
    """
    for name, dataset in config.datasets.items():
        for key, stimulus in dataset.stimuli.items():
            check_paths(f"datasets.{name}.stimuli.{key}", stimulus_files(stimulus))
        if dataset.kind == "recorded":
            for stimulus in dataset.stimuli.values():
                check_paths(f"datasets.{name}.recording", recording_files(stimulus))
                _check_cells(config, name, stimulus)
                _check_trials(config, dataset, stimulus)


def _check_cells(config: Config, name: str, stimulus: OwnResponses) -> None:
    """The recording of a stimulus holds every cell that is named, or that the first one holds."""
    from finefield.recordings.read import cell_names

    dataset = config.datasets[name]
    known = cell_names(stimulus.recording, stimulus.layout)
    chosen = {"cells": cells(config, name)}
    chosen |= {f"train.{model}": names for model, names in (dataset.train or {}).items()}
    chosen |= {f"crops.{cell}": [cell] for cell in dataset.crops}
    chosen |= {f"sweeps.{key}.cells": sweep.cells for key, sweep in dataset.sweeps.items()}
    for key, names in chosen.items():
        for cell in [] if names == "all" else map(str, names):
            near = nearest(cell, known)
            fix = f"write {near}" if near else "name cells of the recording"
            held = f"{known[0]} to {known[-1]}" if len(known) > 8 else ", ".join(known)
            expected = f"one of the {len(known)} cells of {_named(stimulus)}, {held}"
            require(cell in known, f"datasets.{name}.{key}", f"cell {cell}", expected, fix)


def _named(stimulus: OwnResponses) -> str:
    """The recording of a stimulus, in words."""
    files = stimulus.recording
    return files if isinstance(files, str) else " and ".join(files)


def _check_trials(config: Config, dataset: RecordedDataset, stimulus: OwnResponses) -> None:
    """Trials are longer than what looks at them, as far as the recording's headers tell."""
    from finefield.recordings.read import trial_lengths

    sequences = trial_lengths(stimulus.recording, stimulus.layout)
    for key, lags in lags_of(config, dataset).items():
        for kind, n_frames in sequences.items():
            most = max(n_frames) - dataset.delay
            expected = f"less than the {most} frames of the {kind} trials of {_named(stimulus)}"
            require(lags < most, key, lags, expected, "lower it, or use longer trials")
    if sequences:
        check_validation(config, dataset, sum(sequences["running"]))


def check_places(python: str, *folders: str) -> None:
    """Check where Python, the workflow and the results lie, as Snakemake uses their paths.

    Parameters
    ----------
    python : str
        Path of Python.
    *folders : str
        Folders of the Snakefile and of the run.

    Raises
    ------
    UserError
        If the path of Python has a blank or another character that a shell does not take as it is,
        or a folder's a brace.

    Examples
    --------
    >>> check_places("/home/me/retina/.venv/bin/python", "/home/me/retina/workflow")
    """
    expected = "letters, digits and _@%+=:,./- alone, as jobs start it without quotes"
    fix = "rename or move the folder, remove .venv in it, and run make again"
    require(bool(PLAIN.fullmatch(python)), "the path of Python", python, expected, fix)
    for folder in folders:
        fix = "rename or move the folder, and make its environment again if it lies there"
        require(not BRACES.search(folder), "a folder of the run", folder, NO_BRACES, fix)


def check_paths(thing: str, paths: Iterable[str]) -> None:
    """Raise UserError if the path of a file that a run reads has a brace.

    Parameters
    ----------
    thing : str
        Key of the config that names the files.
    paths : iterable of str
        The files.

    Examples
    --------
    >>> check_paths("datasets.eye", ["my eye/a(1).mat"])
    """
    for path in paths:
        require(not BRACES.search(path), thing, path, NO_BRACES, "rename the file or folder")
