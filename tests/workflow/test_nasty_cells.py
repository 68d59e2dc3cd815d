"""No cell stops a run, whatever it fires: every stage of a cell ends with a result or a reason."""

import importlib.util
from functools import cache
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from helpers.project import ROOT
from scipy.io import savemat
from snakemake.iocontainers import InputFiles, Log, OutputFiles, Params, ResourceList, Wildcards

from finefield import job
from finefield.base.settings import plain
from finefield.config.reading import complete
from finefield.files import store

pytestmark = pytest.mark.slow

HEIGHT, WIDTH, LAGS = 8, 9, 8
TRIALS, RUNNING, FROZEN = 12, 400, 60


def silent_after_a_minute(running, frozen):
    running[5:], frozen[5:] = 0, 0


def one_burst(running, frozen):
    running[:], frozen[:] = 0, 0
    running[5, 300:303] = 60


def one_spike_in_every_frame(running, frozen):
    running[:], frozen[:] = 1, 1


def bursts_of_255(running, frozen):
    running[running > 0], frozen[frozen > 0] = 255, 255


def silent_in_the_frozen_sequence(running, frozen):
    frozen[:] = 0


def one_spike_in_the_frozen_sequence(running, frozen):
    frozen[:] = 0
    frozen[3, 40] = 1


def one_burst_in_the_frozen_sequence(running, frozen):
    frozen[:] = 0
    frozen[3, 40] = 200


def the_same_in_every_frozen_frame(running, frozen):
    frozen[:] = 2


def before_any_history(running, frozen):
    running[:, LAGS:], frozen[:, LAGS:] = 0, 0
    running[:, :LAGS], frozen[:, :LAGS] = 3, 3


def in_the_last_trial_alone(running, frozen):
    running[:-1], frozen[:-1] = 0, 0
    running[-1] *= 3


CELLS = (
    None, silent_after_a_minute, one_burst, one_spike_in_every_frame, bursts_of_255,
    silent_in_the_frozen_sequence, one_spike_in_the_frozen_sequence,
    one_burst_in_the_frozen_sequence,
    the_same_in_every_frozen_frame, before_any_history, in_the_last_trial_alone,
)  # fmt: skip
NAMES = ["good", *(spoil.__name__ for spoil in CELLS[1:])]
DATASET = {
    "kind": "recorded",
    "recording": "eye.mat",
    "field": {"height": HEIGHT, "width": WIDTH, "pixel_size": 60},
    "layout": {"names_key": "names"},
    "stimuli": {"noise": {"kind": "numpy", "running_seed": 1, "frozen_seed": 2}},
    "receptive_field": {"min_crop": 6, "max_crop": 6},
}
MODELS = {
    "random": {"start": "random", "lags": LAGS, "steps": 20, "check_every": 10, "filters": 4},
    "positions": {"lags": LAGS, "halves": True, "bootstraps": 2},
}
CONFIG = {"datasets": {"eye": DATASET}, "models": MODELS, "sta": {"lags": LAGS}}
CONFIG["sta"]["covariance_shuffles"] = 3
CONFIG = plain(complete(CONFIG))
EYE = CONFIG["datasets"]["eye"]
RATE = EYE["field"]["frame_rate"]
STYLE = {key: value for key, value in CONFIG["figures"].items() if key != "film"}
#: Those that no stage can use, with what is said of their training.
DROPPED = {"one_burst": "no spike in 0", "before_any_history": "no spike in"}


def write_recording(path):
    """An OFF cell that sees one pixel, good and spoilt in each way."""

    def counts(seed, rng, trials):
        frames = np.random.default_rng(seed).integers(0, 2, (trials, HEIGHT, WIDTH))
        drive = np.roll(1 - 2 * frames[:, 3, 4], 2) + np.roll(1 - 2 * frames[:, 4, 4], 2)
        return rng.poisson(0.35 * np.maximum(drive, 0))

    rng = np.random.default_rng(3)
    running = counts(1, rng, TRIALS * RUNNING).reshape(TRIALS, RUNNING)
    frozen = np.stack([counts(2, rng, FROZEN) for _ in range(TRIALS)])
    cells = []
    for spoil in CELLS:
        own = running.copy(), frozen.copy()
        if spoil:
            spoil(*own)
        cells.append(own)
    names = np.array(NAMES, object)
    arrays = {f"spk{n + 1}": np.stack([own[n].T for own in cells]) for n in (0, 1)}
    savemat(path, arrays | {"names": names})


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("nasty")
    write_recording(folder / "eye.mat")
    return folder


@pytest.fixture(scope="module")
def perform(folder):
    """Run a script as a job on files of the folder; returns the first file that it made."""

    def performed(script, made, given, wildcards, **params):
        spec = importlib.util.spec_from_file_location(
            script, ROOT / f"workflow/scripts/{script}.py"
        )
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        *_, function = (v for v in vars(module).values() if getattr(v, "__module__", "") == script)
        paths = {name: str(folder / path) for name, path in made.items()}
        for path in paths.values():
            Path(path).parent.mkdir(parents=True, exist_ok=True)
        snakemake = SimpleNamespace(
            rule=script,
            input=InputFiles(fromdict=given),
            output=OutputFiles(fromdict=paths) if len(made) > 1 else OutputFiles(paths.values()),
            params=Params(fromdict={"seed": 1, "code": "", **params}),
            wildcards=Wildcards(fromdict={"dataset": "eye", "stimulus": "noise", **wildcards}),
            resources=ResourceList(),
            config={"device": "cpu"},
            log=Log([str(folder / "job.log")]),
            threads=1,
        )
        try:
            job.run(function, snakemake, getattr(module, "save_reason", None))
        except SystemExit:
            pytest.fail(f"{script} {wildcards}: a job that fails stops the run")
        return next(iter(paths.values()))

    return performed


@pytest.fixture(scope="module")
def shared(folder, perform):
    """The files of the recording and of the stimulus."""
    noise = dict(EYE["stimuli"]["noise"])
    layout, _ = noise.pop("layout"), noise.pop("recording")
    given = {"recording": str(folder / "eye.mat"), "layout": layout, "frame_rate": RATE}
    recording = perform("import_recording", {"": "recording.nc"}, {}, {}, **given)
    given = {"field": EYE["field"], "stimulus_settings": noise}
    made = {"": "stimulus.nc"}
    stimulus = perform("make_stimulus", made, {"recording": recording}, {}, **given)
    return {"recording": recording, "stimulus": stimulus, "stnmf": [], "matching": []}


@pytest.fixture(scope="module")
def stages(perform, shared, folder):
    """Every stage of a cell and its network, once; returns the files."""

    @cache
    def done(name, model):
        files = dict(shared)

        def stage(script, keys, given, **params):
            endings = {"page": "svg", "film": "gif"}
            made = {key: f"{model}/{key}/{name}.{endings.get(key, 'nc')}" for key in keys.split()}
            files.update({key: str(folder / path) for key, path in made.items()})
            made = made if len(made) > 1 else {"": made[keys]}
            given = {one: files[one] for one in given}
            perform(script, made, given, {"model": model, "cell": name}, **params)

        settings, filters = CONFIG["models"][model], CONFIG["filters"]
        numbers = {"frame_rate": RATE, "delay": 1, "min_spikes": 50, "test_fraction": None}
        stage("read_responses", "responses", ["recording"], **numbers)
        numbers = {"field": EYE["field"], "lags": LAGS, "crop": None}
        numbers["receptive_field_settings"] = EYE["receptive_field"]
        stage("locate_cell", "cell", ["stimulus", "responses"], **numbers)
        if name != "good":
            # As if the user had told where the cell looks, so that later stages see every cell.
            files["located"], files["cell"] = files["cell"], done("good", "random")["cell"]
        read = ["stimulus", "cell", "responses"]
        stage("spike_triggered_average", "sta", read, average_settings=CONFIG["sta"])
        stage("train", "model", read, model_settings=settings)
        both = {"model_settings": settings, "filter_settings": filters}
        stage("filters", "filters pruning", [*read, "model"], **both)
        stage("stability", "stability", [*read, "model", "filters", "stnmf"], **both)
        drawn = "cell", "responses", "sta", "model", "filters", "pruning", "matching"
        stage("plot_cell", "page film", drawn, style=STYLE)
        return files

    return done


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("name", NAMES)
def test_every_stage_of_a_cell_ends(stages, name, model):
    files = stages(name, model)
    reason = store.dropped_reason([files["model"]])
    located = store.dropped_reason([files.get("located", files["cell"])])
    if name in DROPPED:
        assert DROPPED[name] in reason
        assert located
    else:
        assert not reason
    for key in ("filters", "pruning", "stability"):
        assert store.dropped_reason([files[key]]) == reason


def test_all_of_them_as_targets_and_in_tables(stages, perform, shared, folder):
    every = [stages(name, "random") for name in NAMES]
    given = {key: [files[key] for files in every] for key in ("cell", "responses", "sta")}
    given = {"stimulus": shared["stimulus"], "cells": given.pop("cell"), **given}
    numbers = {"cell_names": NAMES, "lags": LAGS, "n_samples": 3000}
    targets = perform("collect_targets", {"": "targets.nc"}, given, {}, **numbers)
    numbers = {"cell_names": NAMES, "stimulus_names": ["noise"]}
    numbers["transfer_settings"] = CONFIG["transfer"]
    rows = {"stimuli": [shared["stimulus"]], "targets": [targets]}
    for name in NAMES:
        given = {"model": stages(name, "random")["model"], **rows}
        made = {"": f"transfer/{name}.nc"}
        perform("transfer", made, given, {"model": "random", "cell": name}, **numbers)
    made = {"dataset": "transfer.nc", "table": "transfer.csv"}
    given = {"transfers": [str(folder / f"transfer/{name}.nc") for name in NAMES]}
    given |= {"filters": [files["filters"] for files in every], "targets": [targets]}
    perform("collect_transfer", made, given, {"model": "random"}, stimulus_names=["noise"])
    made = {"dataset": "cells.nc", "table": "cells.csv"}
    given = {key: [files[key[:-1] if key == "cells" else key] for files in every]
             for key in ("cells", "responses")}  # fmt: skip
    numbers = {"cell_names": NAMES, "field": EYE["field"], "sought_with": None, "lags": LAGS}
    perform("collect_cells", made, given, {}, **numbers)
    made = {"dataset": "subunits.nc", "table": "subunits.csv"}
    given = {key: [files[key] for files in every] for key in ("filters", "pruning", "stability")}
    perform(
        "collect_subunits", made, given | {"matching": []}, {"model": "random"}, cell_names=NAMES
    )
    table = pd.read_csv(folder / "cells.csv", dtype={"cell": str}).set_index("cell")
    assert table["duration"]["good"] == pytest.approx(TRIALS * RUNNING / RATE)
    lost = table["duration"]["silent_after_a_minute"]
    assert lost == pytest.approx(5 * RUNNING / RATE, rel=0.01)
