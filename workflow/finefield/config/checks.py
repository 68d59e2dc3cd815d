"""Contradictions in a config that its schema cannot tell, each a `UserError` that says the fix."""

from collections.abc import Iterable, Mapping

from finefield.base.errors import UserError
from finefield.config import schema, sweeps


def require(good: bool, thing: str, got: object, expected: str, fix: str) -> None:
    """Raise a UserError unless `good`."""
    if not good:
        raise UserError(thing, got, expected, fix)


def named_cells(dataset: Mapping) -> list[str] | None:
    """Cell names that the config tells; None if only the recording does."""
    return None if dataset["cells"] == "all" else [str(cell) for cell in dataset["cells"]]


def check_looks(figures: Mapping) -> None:
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
        require(good, f"figures.{key}", value, f"a {kind} that Matplotlib knows", fix)


def check_population(where: str, population: Mapping) -> None:
    """Limits are in order."""
    parts = {where: population}
    parts |= {f"{where}.types.{name}": part for name, part in population.get("types", {}).items()}
    for thing, part in parts.items():
        for key in ("subunits", "sigma", "weights"):
            low, high = part.get(key, (0, 0))
            fix = "swap them"
            require(low <= high, f"{thing}.{key}", [low, high], "the lower limit first", fix)


def check_simulated(where: str, dataset: Mapping) -> None:
    """Contrasts differ, crops lie on the field, subunits on their crops, filters are not empty."""
    check_contrasts(where, dataset)
    for name, cell in dataset["cells"].items():
        thing, crop = f"{where}.cells.{name}", cell["crop"]
        _check_inside(f"{thing}.crop", crop, dataset["field"], f"{where}.field")
        for number, subunit in enumerate(cell["subunits"]):
            _check_inside(f"{thing}.subunits[{number}]", subunit, crop, f"{thing}.crop")
        temporal = cell["temporal_filter"]
        lags, least, orders = temporal["lags"], temporal["delay"] + 2, temporal["orders"]
        expected = f"at least {least}, two more than delay"
        require(lags >= least, f"{thing}.temporal_filter.lags", lags, expected, "raise it")
        expected = "the lower order first, so that the first lobe has the polarity's sign"
        good = orders[0] < orders[1]
        require(good, f"{thing}.temporal_filter.orders", orders, expected, "swap or change them")


def check_contrasts(where: str, dataset: Mapping) -> None:
    """Each stimulus has two contrasts that differ."""
    for name, stimulus in dataset["stimuli"].items():
        low, high = stimulus.get("contrasts", (0, 1))
        thing = f"{where}.stimuli.{name}.contrasts"
        require(low != high, thing, [low, high], "two contrasts that differ", "change one of them")


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


def check_recorded(where: str, dataset: Mapping) -> None:
    """Cells are named once, sizes are in order, the two sequences differ."""
    names = named_cells(dataset) or []
    good = len(set(names)) == len(names)
    require(good, f"{where}.cells", dataset["cells"], "each cell once", "remove the repeats")
    receptive = dataset["receptive_field"]
    thing = f"{where}.receptive_field"
    for small, large, unit in (("min_crop", "max_crop", "pixels"), ("min_size", "max_size", "um")):
        low, high = receptive[small], receptive[large]
        expected, fix = f"at least {small}, {low} {unit}", f"raise it or lower {small}"
        require(high >= low, f"{thing}.{large}", high, expected, fix)
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
            require(other_key == key, thing, layout[key], expected, fix)


def check_train(where: str, dataset: Mapping, models: Iterable[str]) -> None:
    """`train` names configured networks and cells of the dataset, each once."""
    for model, chosen in dataset.get("train", {}).items():
        _check_model(f"{where}.{model}", model, "an unknown network", models)
        _check_chosen(f"{where}.{model}", chosen, dataset)


def check_sweeps(where: str, dataset: Mapping, models: Mapping) -> None:
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
    require(model in models, thing, got, "one of the networks " + ", ".join(models), fix)


def _check_chosen(thing: str, chosen: str | Iterable, dataset: Mapping) -> None:
    """Cells are cells of the dataset, as far as the config tells, each once."""
    known = named_cells(dataset)
    names = [] if chosen == "all" else [str(name) for name in chosen]
    good = len(set(names)) == len(names)
    require(good, thing, chosen, "each cell once", "remove the repeats")
    for name in names:
        near = schema.nearest(name, known or [])
        fix = f"write {near}" if near else "name a cell under cells"
        good = known is None or name in known
        require(good, thing, name, f"one of {', '.join(known or [])}", fix)


def check_lengths(where: str, dataset: Mapping, config: Mapping) -> None:
    """Every simulated sequence is longer than the networks and averages that look at it."""
    models = sweeps.networks(config, dataset)
    lags = {f"models.{model}.lags": config["models"][model]["lags"] for model in models}
    lags["sta.lags"] = config["sta"]["lags"]
    for name, stimulus in dataset["stimuli"].items():
        for key, value in lags.items():
            got, expected = stimulus["frozen_frames"], f"more than the {value} frames of {key}"
            fix = f"raise it or lower {key}"
            require(got > value, f"{where}.stimuli.{name}.frozen_frames", got, expected, fix)
        for model in models if stimulus["kind"] == "binary_noise" else ():
            check_validation(model, config["models"][model], stimulus["frames"])


def check_validation(name: str, model: Mapping, n_frames: int) -> None:
    """The validation data are longer than what a network sees of them."""
    total = min(n_frames, model["max_frames"] or n_frames)
    kept = int(total * model["validation_fraction"])
    got = f"{model['validation_fraction']}, which keeps {kept} of {total} frames"
    expected, fix = f"more frames than the {model['lags']} lags", "raise it, or use more frames"
    require(kept > model["lags"], f"models.{name}.validation_fraction", got, expected, fix)
