"""A short config of both kinds of dataset, and what can be wrong with it."""

import re
from copy import deepcopy

#: All four parts of what a user is told.
MESSAGE = r"\S.*: got .+; expected .+\. Fix: .+"
TOY = "datasets.toy"
CELL = "datasets.toy.cells.one"
EYE = "datasets.eye"


def base():
    """A config with one simulated and one recorded dataset, as short as can be."""
    subunits = [{"shape": "block", "y": 3, "x": 3}, {"shape": "gaussian", "y": 1.5, "x": 7}]
    one = {"crop": {"y": 0, "x": 0}, "subunits": subunits}
    return {
        "datasets": {
            "toy": {"kind": "simulated", "cells": {"one": one, "two": deepcopy(one)}},
            "eye": {"kind": "recorded", "recording": "eye.mat"},
        }
    }


def steps(path):
    """datasets.a.subunits[0].y as a list of keys and indices."""
    return [int(s) if s.isdigit() else s for s in re.findall(r"[^.\[\]]+", path)]


def changed(path, value):
    """`base` with one value set; mappings on the way are made."""
    config = base()
    *way, last = steps(path)
    place = config
    for step in way:
        place = place[step] if isinstance(place, list) else place.setdefault(step, {})
    place[last] = value
    return config


def without(path):
    """`base` less one key."""
    config = base()
    *way, last = steps(path)
    place = config
    for step in way:
        place = place[step]
    del place[last]
    return config


# set this key, to this value -> the message begins with the key and holds these words
FAULTS = [
    # unknown keys
    ("sed", 2, "sed", "2", "rename it to seed"),
    ("nonsense", 2, "nonsense", "seed, datasets, models, device, sta, filters", "remove it"),
    (f"{CELL}.crop.widht", 8, f"{CELL}.crop.widht", "the value 8", "rename it to width"),
    (f"{EYE}.layout.axis", [], f"{EYE}.layout.axis", "[]", "rename it to axes"),
    (f"{CELL}.subunits[1].height", 2, f"{CELL}.subunits[1].height", "sigma", "remove it"),
    ("figures.ln_colour", "red", "figures.ln_colour", '"red"', "rename it to ln_color"),
    # wrong types
    ("seed", "three", "seed", '"three"', "a whole number"),
    ("seed", True, "seed", "true", "a whole number"),
    ("seed", 2.0, "seed", "2.0", "a whole number", "write 2"),
    ("seed", 2.5, "seed", "2.5", "a whole number"),
    ("models.m.steps", "1e6", "models.m.steps", '"1e6"', "write 1000000 without quotes"),
    ("models.m.filter_l1", ".1", "models.m.filter_l1", '".1"', "a number", "write 0.1"),
    ("models.m.learning_rate", float("nan"), "models.m.learning_rate", "nan", "a number"),
    ("models.m.conv_noise", float("inf"), "models.m.conv_noise", "inf", "a number"),
    ("models.m.nonnegative_readout", "yes", "models.m.nonnegative_readout", "true or false"),
    ("models.m.max_frames", "all", "models.m.max_frames", '"all"', "or null"),
    ("filters", "{'morans_i': 2}", "filters", "a mapping", "`snakemake --config`", "config file"),
    (TOY, "simulated", TOY, '"simulated"', "a mapping"),
    (f"{TOY}.field", None, f"{TOY}.field", "nothing", "remove the key"),
    ("figures.measured_color", 0.25, "figures.measured_color", "0.25", "in quotes"),
    ("figures.measured_color", None, "figures.measured_color", "nothing", "quotes"),
    (f"{EYE}.recording", 7, f"{EYE}.recording", "7", "in quotes"),
    (f"{CELL}.subunits", {"shape": "block"}, f"{CELL}.subunits", "a list of at least 1 item"),
    # limits
    ("seed", -1, "seed", "-1", "at least 0"),
    ("figures.dpi", 1200, "figures.dpi", "1200", "from 50 to 600 [dots per inch]"),
    (f"{TOY}.field.pixel_size", 0, f"{TOY}.field.pixel_size", "0", "above 0 [um]"),
    ("models.m.lags", 1, "models.m.lags", "got 1", "at least 2"),
    ("models.m.validation_fraction", 0.7, "models.m.validation_fraction", "0.7", "at most 0.5"),
    ("models.m.max_frames", 10, "models.m.max_frames", "10", "at least 1000", "or null"),
    (f"{CELL}.subunits[0].y", -1, f"{CELL}.subunits[0].y", "-1", "at least 0 [pixels]"),
    (f"{EYE}.recording", "", f"{EYE}.recording", '""', "not empty"),
    # choices
    (f"{TOY}.kind", "simulate", f"{TOY}.kind", '"simulate"', "simulated, recorded", "simulated"),
    (f"{CELL}.spikes", "poison", f"{CELL}.spikes", '"poison"', "bernoulli", "write poisson"),
    (f"{CELL}.subunits[0].shape", "disc", f"{CELL}.subunits[0].shape", '"disc"', "block, gauss"),
    (f"{CELL}.polarity", "off", f"{CELL}.polarity", '"off"', "write 'OFF'"),
    (f"{CELL}.polarity", False, f"{CELL}.polarity", "false", "'ON', 'OFF'", "put it in quotes"),
    ("figures.format", "tiff", "figures.format", '"tiff"', "svg, png, pdf", "choose one"),
    (f"{TOY}.stimuli.w.kind", "noise", f"{TOY}.stimuli.w.kind", '"noise"', "binary_noise"),
    ("models.m.network", "lnl", "models.m.network", '"lnl"', "finefield, yan2020, deep, lnln, ln"),
    ("models.m.network", "Deep", "models.m.network", '"Deep"', "write deep"),
    ("models.m.network", None, "models.m.network", "nothing", "one of finefield"),
    ("models.m.network", ["ln"], "models.m.network", "['ln']", "one of finefield"),
    ("models.m.network", {"ln": {}}, "models.m.network", "{'ln': {}}", "one of finefield"),
    ("models.m.filter_size", "corp", "models.m.filter_size", '"corp"', "write crop"),
    ("models.m.seeds", 65, "models.m.seeds", "65", "from 1 to 64"),
    ("models.m.background", 0, "models.m.background", "0", "above 0"),
    ("device", "gpu", "device", '"gpu"', "auto, cpu, cuda"),
    # lists and mappings
    (f"{TOY}.cells", {}, f"{TOY}.cells", "{}", "name at least one"),
    (f"{TOY}.cells", [], f"{TOY}.cells", "[]", "a mapping", "name at least one"),
    (f"{EYE}.cells", [], f"{EYE}.cells", "[]", "all, or a list", "name at least one"),
    (f"{EYE}.cells", "al", f"{EYE}.cells", '"al"', "all, or a list", "write all"),
    (f"{EYE}.cells", 3, f"{EYE}.cells", "got 3", "all, or a list", "write [3]"),
    (f"{EYE}.cells", [0, 0], f"{EYE}.cells", "[0, 0]", "none twice", "each once"),
    (f"{EYE}.cells", [0, -1], f"{EYE}.cells[1]", "-1", "at least 0"),
    (f"{EYE}.cells", [0, "0"], f"{EYE}.cells", "[0, '0']", "each cell once"),
    (f"{EYE}.layout.format", "nbw", f"{EYE}.layout.format", '"nbw"', "write nwb"),
    (f"{EYE}.layout.units", "x", f"{EYE}.layout.units", "unknown key", "running_key"),
    (f"{EYE}.stimuli.w", {"frozen_seed": 7}, f"{EYE}.stimuli.w.frozen_seed", "7", "to 0"),
    (f"{EYE}.stimuli.w", {"kind": "numpy"}, f"{EYE}.stimuli.w.running_seed", "no such key"),
    (
        f"{EYE}.stimuli.w",
        {"running_seed": [{"seed": 1}]},
        f"{EYE}.stimuli.w.running_seed[0].frames",
        "no such key",
        "a whole number",
    ),
    (f"{EYE}.layout.axes", ["cell", "frame"], f"{EYE}.layout.axes", "a list of 3", "trial"),
    (f"{EYE}.layout.axes", ["cell", "cell", "trial"], f"{EYE}.layout.axes", "each once"),
    (f"{EYE}.layout.axes", ["cell", "time", "trial"], f"{EYE}.layout.axes[1]", '"time"', "frame"),
    (f"{EYE}.layout.format", "binary", f"{EYE}.layout.format", '"binary"', "counts, spike_times"),
    (f"{EYE}.stimuli", {"a": {}, "b": {}}, f"{EYE}.stimuli.b", "without responses", "its layout"),
    (
        f"{TOY}.stimuli.w",
        {"kind": "flashed_images", "scal": 2},
        f"{TOY}.stimuli.w.scal",
        "to scale",
    ),
    (
        f"{TOY}.stimuli.w",
        {"kind": "moving_images", "limit": 0},
        f"{TOY}.stimuli.w.limit",
        "above 0",
    ),
    ("datasets", {}, "datasets", "{}", "name at least one"),
    ("datasets", None, "datasets", "nothing", "a mapping"),
    ("models", {}, "models", "{}", "name at least one"),
    ("models", {"a b": {}}, "models.a b", '"a b"', "letters, digits", "rename it"),
    ("models", {True: {}}, "models.True", "true", "a name", "put it in quotes"),
    ("models", {1: {}}, "models[1]", "got 1", "a name", "put it in quotes"),
    # contradictions
    (f"{CELL}.crop.x", 29, f"{CELL}.crop.x", "29", "column 36", f"{TOY}.field", "lower x"),
    (f"{CELL}.crop.height", 25, f"{CELL}.crop.height", "25", "23", "field.height"),
    (f"{CELL}.subunits[0].x", 7, f"{CELL}.subunits[0].x", "7", f"{CELL}.crop", "width"),
    (f"{CELL}.subunits[0].height", 9, f"{CELL}.subunits[0].height", "9", "lower y or height"),
    (f"{CELL}.subunits[1].y", 7.1, f"{CELL}.subunits[1].y", "7.1", "7 or before", "lower y"),
    (f"{CELL}.temporal_filter.delay", 19, f"{CELL}.temporal_filter.lags", "20", "21", "raise it"),
    (f"{CELL}.temporal_filter.orders", [5, 5], f"{CELL}.temporal_filter.orders", "[5, 5]", "lower"),
    (
        f"{CELL}.temporal_filter.time_constant",
        1e-6,
        f"{CELL}.temporal_filter.time_constant",
        "lobe",
    ),
    (f"{CELL}.temporal_filter", {"time_constant": 0.001}, f"{CELL}.temporal_filter.time_constant"),
    (f"{EYE}.crops", {"3": None}, f"{EYE}.crops.3", "nothing", "a mapping"),
    (f"{TOY}.stimuli.w.contrasts", [1, 1], f"{TOY}.stimuli.w.contrasts", "[1, 1]", "differ"),
    (f"{TOY}.train", {"finfield": "all"}, f"{TOY}.train.finfield", "network", "finefield"),
    (f"{TOY}.train", {"finefield": ["on"]}, f"{TOY}.train.finefield", "got on", "one, two"),
    (f"{TOY}.train", {"finefield": ["twoo"]}, f"{TOY}.train.finefield", "twoo", "write two"),
    (f"{TOY}.train", {"finefield": []}, f"{TOY}.train.finefield", "[]", "name at least one"),
    (f"{EYE}.train", {"finefield": [1, "1"]}, f"{EYE}.train.finefield", "each cell once"),
    (f"{EYE}.receptive_field.min_crop", 40, f"{EYE}.receptive_field.max_crop", "32", "40", "raise"),
    (f"{EYE}.receptive_field.min_size", 901, f"{EYE}.receptive_field.max_size", "900", "raise it"),
    (f"{EYE}.layout.frozen_key", "spk1", f"{EYE}.layout.frozen_key", "spk1", "running_key"),
    ("models.m.temporal_basis", 21, "models.m.temporal_basis", "21", "20 lags"),
    ("models.m.lags", 300, f"{TOY}.stimuli.white_noise.frozen_frames", "300", "models.m.lags"),
    (
        "models.m.validation_fraction",
        1e-5,
        "models.m.validation_fraction",
        "10 of 1000000",
        "raise",
    ),
    ("figures.ln_color", "blu", "figures.ln_color", "blu", "Matplotlib", "write blue"),
    ("figures.sequential_colormap", "virdis", "figures.sequential_colormap", "write viridis"),
]
