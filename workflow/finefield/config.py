"""The configuration: read, checked against its schema, completed with defaults and described."""

import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

import yaml

from finefield import schema, sweeps
from finefield.errors import UserError


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
    finefield.errors.UserError: sed: got an unknown key with the value 2; expected a key that \
config/README.md lists. Fix: rename it to seed, or remove it
    """
    full = _with_populations(schema.validate(sweeps.without_variants(config)))
    for dataset in full["datasets"].values():
        if dataset["kind"] == "recorded":
            for stimulus in dataset["stimuli"].values():
                for key in ("recording", "layout"):
                    stimulus.setdefault(key, dataset[key])
    _check_looks(full["figures"])
    for name, dataset in full["datasets"].items():
        where = f"datasets.{name}"
        check = {"simulated": _check_simulated, "recorded": _check_recorded}[dataset["kind"]]
        check(where, dataset)
        _check_train(f"{where}.train", dataset, full["models"])
        for sweep in dataset["sweeps"].values():
            sweep.setdefault("models", [next(iter(full["models"]))])
        _check_sweeps(f"{where}.sweeps", dataset, full["models"])
    full["models"] |= sweeps.variants(full)
    for name, model in full["models"].items():
        basis, lags = model["temporal_basis"], model["lags"]
        thing = f"models.{name}.temporal_basis"
        _require(basis <= lags, thing, basis, f"at most the {lags} lags", "lower it or raise lags")
    for name, dataset in full["datasets"].items():
        if dataset["kind"] == "simulated":
            _check_lengths(f"datasets.{name}", dataset, full)
    return full


def _with_populations(full: dict) -> dict:
    """Cells drawn at random beside those that are named."""
    for name, dataset in full["datasets"].items():
        if dataset["kind"] != "simulated":
            continue
        where, named = f"datasets.{name}", dataset.get("cells", {})
        good = named or "population" in dataset
        expected, fix = "cells or a population", "add the key (one entry per cell) or population"
        _require(good, f"{where}.cells", "no such key", expected, fix)
        if population := dataset.pop("population", None):
            # Imported here, as it takes longer than the rest of a config's check.
            from finefield.population import draw_population

            _check_population(f"{where}.population", population)
            _check_contrasts(where, dataset)
            contrast_sd = _contrast_sd(next(iter(dataset["stimuli"].values())))
            drawn = draw_population(population, dataset["field"], contrast_sd, full["seed"], name)
            clash = next((cell for cell in drawn if cell in named), None)
            fix = "rename the cell, or change population.prefix"
            _require(clash is None, f"{where}.cells.{clash}", clash, "a name of its own", fix)
            dataset["cells"] = named | drawn
    return schema.validate(full)


def _contrast_sd(stimulus: Mapping) -> float:
    """SD of a stimulus' contrast in a pixel [1]."""
    if stimulus["kind"] != "binary_noise":
        return stimulus["contrast"]
    low, high = stimulus["contrasts"]
    return abs(high - low) / 2


def _check_population(where: str, population: Mapping) -> None:
    """Limits are in order."""
    parts = {where: population}
    parts |= {f"{where}.types.{name}": part for name, part in population.get("types", {}).items()}
    for thing, part in parts.items():
        for key in ("subunits", "sigma", "weights"):
            low, high = part.get(key, (0, 0))
            fix = "swap them"
            _require(low <= high, f"{thing}.{key}", [low, high], "the lower limit first", fix)


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
    from finefield.photographs import BUILT_IN, image_files

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
    names = _named_cells(chosen)
    if names is None:
        from finefield.recording import cell_names

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


def _networks(config: Mapping, dataset: Mapping) -> list[str]:
    """Networks that a dataset trains, those of its sweeps among them."""
    found = dict.fromkeys(dataset.get("train", sweeps.named(config["models"])))
    for sweep in dataset["sweeps"].values():
        found |= dict.fromkeys(one.variant for one in sweeps.points(sweep, config["models"]))
    return list(found)


def _require(good: bool, thing: str, got: object, expected: str, fix: str) -> None:
    """Raise a UserError unless `good`."""
    if not good:
        raise UserError(thing, got, expected, fix)


def _named_cells(dataset: Mapping) -> list[str] | None:
    """Cell names that the config tells; None if only the recording does."""
    return None if dataset["cells"] == "all" else [str(cell) for cell in dataset["cells"]]


def _check_looks(figures: Mapping) -> None:
    """Ask Matplotlib about colours and colormaps that are not the defaults."""
    defaults = schema.read()["properties"]["figures"]["properties"]
    looks = {key: value for key, value in figures.items() if "_color" in key}
    looks = {key: value for key, value in looks.items() if value != defaults[key]["default"]}
    if not looks:
        return
    # Importing Matplotlib takes longer than the rest of a config's check.
    from matplotlib import colormaps, colors

    for key, value in looks.items():
        if key.endswith("colormap"):
            good, names, kind = value in colormaps, list(colormaps), "colormap"
        else:
            good, names, kind = colors.is_color_like(value), colors.CSS4_COLORS, "colour"
        near = schema.nearest(value, names)
        fix = f"write {near}" if near else f"take a name from Matplotlib's list of {kind}s"
        _require(good, f"figures.{key}", value, f"a {kind} that Matplotlib knows", fix)


def _check_simulated(where: str, dataset: Mapping) -> None:
    """Contrasts differ, crops lie on the field, subunits on their crops, filters are not empty."""
    _check_contrasts(where, dataset)
    for name, cell in dataset["cells"].items():
        thing, crop = f"{where}.cells.{name}", cell["crop"]
        _check_inside(f"{thing}.crop", crop, dataset["field"], f"{where}.field")
        for number, subunit in enumerate(cell["subunits"]):
            _check_inside(f"{thing}.subunits[{number}]", subunit, crop, f"{thing}.crop")
        temporal = cell["temporal_filter"]
        lags, least, orders = temporal["lags"], temporal["delay"] + 2, temporal["orders"]
        expected = f"at least {least}, two more than delay"
        _require(lags >= least, f"{thing}.temporal_filter.lags", lags, expected, "raise it")
        expected = "the lower order first, so that the first lobe has the polarity's sign"
        good = orders[0] < orders[1]
        _require(good, f"{thing}.temporal_filter.orders", orders, expected, "swap or change them")


def _check_contrasts(where: str, dataset: Mapping) -> None:
    """Each stimulus has two contrasts that differ."""
    for name, stimulus in dataset["stimuli"].items():
        low, high = stimulus.get("contrasts", (0, 1))
        thing = f"{where}.stimuli.{name}.contrasts"
        _require(low != high, thing, [low, high], "two contrasts that differ", "change one of them")


def _check_inside(thing: str, inner: Mapping, outer: Mapping, outer_name: str) -> None:
    """Raise UserError unless a rectangle, or a Gaussian's centre, lies on another rectangle."""
    for start, size in (("y", "height"), ("x", "width")):
        # A centre may lie anywhere from the first to the last pixel's middle.
        last = inner[start] + inner.get(size, 1) - 1
        if last <= outer[size] - 1:
            continue
        # A size alone too large is the size's fault, otherwise the position's.
        key = size if inner.get(size, 1) > outer[size] else start
        reach = f"{inner[key]}, which ends at {'row' if start == 'y' else 'column'} {last}"
        expected = f"an end at {outer[size] - 1} or before, the last on {outer_name}"
        fix = f"lower {start} or {size}" if size in inner else f"lower {start}"
        raise UserError(f"{thing}.{key}", reach, expected, f"{fix}, or raise {outer_name}.{size}")


def _check_recorded(where: str, dataset: Mapping) -> None:
    """Cells are named once, sizes are in order, the two sequences differ."""
    names = _named_cells(dataset) or []
    good = len(set(names)) == len(names)
    _require(good, f"{where}.cells", dataset["cells"], "each cell once", "remove the repeats")
    receptive = dataset["receptive_field"]
    thing = f"{where}.receptive_field"
    for small, large, unit in (("min_crop", "max_crop", "pixels"), ("min_size", "max_size", "um")):
        low, high = receptive[small], receptive[large]
        expected, fix = f"at least {small}, {low} {unit}", f"raise it or lower {small}"
        _require(high >= low, f"{thing}.{large}", high, expected, fix)
    _check_own_responses(where, dataset)


def _check_own_responses(where: str, dataset: Mapping) -> None:
    """No two sequences of a recorded dataset are the same variable of the same file."""
    taken = {}
    for name, stimulus in dataset["stimuli"].items():
        layout = stimulus["layout"]
        running = next(key for key in layout if key.startswith("running_") and "frames" not in key)
        for key in (running, running.replace("running", "frozen")):
            found = stimulus["recording"], layout[key]
            other, other_key = taken.setdefault(found, (name, key))
            if other != name:
                got = f"a stimulus without responses of its own: {key} is that of {other}, too"
                expected = f"another {key}, or another recording"
                fix = "give the stimulus its layout or its recording, or remove it"
                raise UserError(f"{where}.stimuli.{name}", got, expected, fix)
            thing = f"{where}.layout.{key}"
            if stimulus["layout"] is not dataset["layout"]:
                thing = f"{where}.stimuli.{name}.layout.{key}"
            expected, fix = f"another one than {running}", "name both as in the recording"
            _require(other_key == key, thing, layout[key], expected, fix)


def _check_cells(config: Mapping, name: str, stimulus: str) -> None:
    """The recording of a stimulus holds every cell that is named, or that the first one holds."""
    from finefield.recording import cell_names

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
            _require(cell in known, f"datasets.{name}.{key}", f"cell {cell}", expected, fix)


def _check_recording(config: Mapping, name: str, stimulus: str) -> None:
    """The recording of a stimulus is good, its trials are longer than what looks at them."""
    from finefield.recording import read_recording

    dataset = config["datasets"][name]
    path, layout = (dataset["stimuli"][stimulus][key] for key in ("recording", "layout"))
    recording = read_recording(path, layout, dataset["field"]["frame_rate"])
    sequences = {"running": recording.running.n_frames, "frozen": recording.frozen.n_frames}
    models = _networks(config, dataset)
    lags = {f"models.{model}.lags": config["models"][model]["lags"] for model in models}
    lags["sta.lags"] = config["sta"]["lags"]
    for key, value in lags.items():
        for kind, n_frames in sequences.items():
            most = max(n_frames) - dataset["delay"]
            expected = f"less than the {most} frames of the {kind} trials of {path}"
            _require(value < most, key, value, expected, "lower it, or use longer trials")
    for model in models:
        _check_validation(model, config["models"][model], sum(sequences["running"]))


def _check_train(where: str, dataset: Mapping, models: Iterable[str]) -> None:
    """`train` names configured networks and cells of the dataset, each once."""
    for model, chosen in dataset.get("train", {}).items():
        _check_model(f"{where}.{model}", model, "an unknown network", models)
        _check_chosen(f"{where}.{model}", chosen, dataset)


def _check_sweeps(where: str, dataset: Mapping, models: Mapping) -> None:
    """`sweeps` name configured networks, a setting of theirs, good values, and known cells."""
    for key, sweep in dataset["sweeps"].items():
        for number, model in enumerate(sweep["models"]):
            _check_model(f"{where}.{key}.models[{number}]", model, model, models)
        _check_chosen(f"{where}.{key}.cells", sweep["cells"], dataset)
        sweeps.check(f"{where}.{key}", sweep, models)


def _check_model(thing: str, model: str, got: str, models: Iterable[str]) -> None:
    """A network is configured."""
    near = schema.nearest(model, models)
    fix = f"rename it to {near}" if near else "name one of these, or add it to models"
    _require(model in models, thing, got, "one of the networks " + ", ".join(models), fix)


def _check_chosen(thing: str, chosen: str | Iterable, dataset: Mapping) -> None:
    """Cells are cells of the dataset, as far as the config tells, each once."""
    known = _named_cells(dataset)
    names = [] if chosen == "all" else [str(name) for name in chosen]
    good = len(set(names)) == len(names)
    _require(good, thing, chosen, "each cell once", "remove the repeats")
    for name in names:
        near = schema.nearest(name, known or [])
        fix = f"write {near}" if near else "name a cell under cells"
        good = known is None or name in known
        _require(good, thing, name, f"one of {', '.join(known or [])}", fix)


def _check_lengths(where: str, dataset: Mapping, config: Mapping) -> None:
    """Every simulated sequence is longer than the networks and averages that look at it."""
    models = _networks(config, dataset)
    lags = {f"models.{model}.lags": config["models"][model]["lags"] for model in models}
    lags["sta.lags"] = config["sta"]["lags"]
    for name, stimulus in dataset["stimuli"].items():
        for key, value in lags.items():
            got, expected = stimulus["frozen_frames"], f"more than the {value} frames of {key}"
            fix = f"raise it or lower {key}"
            _require(got > value, f"{where}.stimuli.{name}.frozen_frames", got, expected, fix)
        for model in models if stimulus["kind"] == "binary_noise" else ():
            _check_validation(model, config["models"][model], stimulus["frames"])


def _check_validation(name: str, model: Mapping, n_frames: int) -> None:
    """The validation data are longer than what a network sees of them."""
    total = min(n_frames, model["max_frames"] or n_frames)
    kept = int(total * model["validation_fraction"])
    got = f"{model['validation_fraction']}, which keeps {kept} of {total} frames"
    expected, fix = f"more frames than the {model['lags']} lags", "raise it, or use more frames"
    _require(kept > model["lags"], f"models.{name}.validation_fraction", got, expected, fix)


if __name__ == "__main__":
    from finefield.config_readme import write_readme

    write_readme(sys.argv[1])
