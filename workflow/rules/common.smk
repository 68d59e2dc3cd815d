import hashlib
import os
import re
from pathlib import Path

from snakemake.exceptions import WorkflowError
from snakemake.logging import logger

from finefield.config.reading import cells, check_images, check_recordings, complete
from finefield.config.reading import recording_files, stimulus_images, swept, trained
from finefield.config.reading import without_models
from finefield.base.errors import UserError
from finefield.base.provenance import code_version
from finefield.config.sweeps import points


def factorised(config):
    """Models that are not trained but found by STNMF."""
    models = config["models"].items()
    return [name for name, model in models if model["network"] == "stnmf"]


def leave_out_stnmf(config):
    """The config less these models, with a warning, if STNMF's own environment is not there."""
    absent, python = factorised(config), config["stnmf_python"]
    if not absent or os.path.exists(python):
        return config
    if len(absent) == len(config["models"]):
        expected, fix = "the Python of the environment of STNMF", "make stnmf"
        raise UserError("stnmf_python", f"{python}, no such file", expected, fix)
    if workflow.is_main_process:
        logger.warning(
            f"Left out, as stnmf_python, {python}, is not there: models {', '.join(absent)}. "
            "Fix: make stnmf"
        )
    return without_models(config, absent)


try:
    config = complete(config)
    config = leave_out_stnmf(config)
    if workflow.is_main_process:
        check_recordings(config)
        check_images(config)
    DATASETS = config["datasets"]
    CELLS = {name: cells(config, name) for name in DATASETS}
    TRAINED = {name: trained(config, name) for name in DATASETS}
    SWEPT = {name: swept(config, name) for name in DATASETS}
except UserError as error:
    raise WorkflowError(str(error)) from None


def any_of(names):
    """Regular expression for one of some names, and for nothing if there are none."""
    return "|".join(map(re.escape, sorted(names))) or "(?!)"


def of_kind(kind):
    """Regular expression for the datasets of one kind."""
    return any_of(name for name, dataset in DATASETS.items() if dataset["kind"] == kind)


def of_network(stnmf):
    """Regular expression for the models of the network stnmf, or for those of all others."""
    found = factorised(config)
    return any_of(name for name in config["models"] if (name in found) == stnmf)


wildcard_constraints:
    dataset=any_of(DATASETS),
    stimulus=any_of(
        {name for dataset in DATASETS.values() for name in dataset["stimuli"]}
    ),
    model=any_of(config["models"]),
    cell=any_of({name for names in CELLS.values() for name in names}),
    sweep=any_of({name for names in SWEPT.values() for name in names}),


def code(script):
    """Params entry: the code that a script uses, so that a change of it reruns the rule."""
    return code_version(Path(WORKFLOW, f"scripts/{script}.py"))


def program(name):
    """Params entry: a file of code that no script imports, so that a change of it reruns the rule."""
    return hashlib.sha256(Path(WORKFLOW, name).read_bytes()).hexdigest()


def dataset_part(*keys):
    """Params function: a part of the dataset's config, by keys and wildcards such as "{cell}"."""

    def part(wildcards):
        value = DATASETS[wildcards.dataset]
        for key in keys:
            value = value[key.format(**wildcards)]
        return value

    return part


def model_part(wildcards):
    """Params function: the network's settings."""
    return config["models"][wildcards.model]


def filter_settings(wildcards):
    """Params function: how filters are judged; STNMF has told localised modules itself."""
    settings = {
        key: value
        for key, value in config["filters"].items()
        if key != "recovered_cosine"
    }
    if model_part(wildcards)["network"] == "stnmf":
        lenient = dict(
            autocorrelation="threshold",
            morans_i_threshold=-1,
            contribution_threshold=0,
            removal_errors=None,
        )
        settings |= lenient
    return settings


def per_dataset(name):
    """One file of each dataset."""
    return [f"results/{dataset}/{name}" for dataset in DATASETS]


def first_stimulus(dataset):
    """Name of the stimulus that receptive fields and the quality of cells are found with."""
    return next(iter(DATASETS[dataset]["stimuli"]))


def per_cell(pattern):
    """Input function: one file for each cell of the dataset, of the first stimulus."""

    def files(wildcards):
        dataset = wildcards.dataset
        names = {"dataset": dataset, "stimulus": first_stimulus(dataset)}
        return [pattern.format(cell=cell, **names) for cell in CELLS[dataset]]

    return files


def trainings(dataset):
    """Network, stimulus and cell of every training of a dataset."""
    return [
        (model, stimulus, cell)
        for model, names in TRAINED[dataset].items()
        for stimulus in DATASETS[dataset]["stimuli"]
        for cell in names
    ]


def per_training(pattern, dataset):
    """One file for each training of a dataset."""
    return [
        pattern.format(dataset=dataset, model=model, stimulus=stimulus, cell=cell)
        for model, stimulus, cell in trainings(dataset)
    ]


def per_trained_cell(stage):
    """Input function: a stage's file for each cell that the network is trained on."""

    def files(wildcards):
        dataset, model, stimulus = (
            wildcards.dataset,
            wildcards.model,
            wildcards.stimulus,
        )
        return [
            f"results/{dataset}/{stage}/{model}/{stimulus}/{cell}.nc"
            for cell in TRAINED[dataset][model]
        ]

    return files


def per_trained_stimulus(stage):
    """Input function: a stage's file for each stimulus and cell that the network is trained on."""

    def files(wildcards):
        dataset, model = wildcards.dataset, wildcards.model
        return [
            f"results/{dataset}/{stage}/{model}/{stimulus}/{cell}.nc"
            for stimulus in DATASETS[dataset]["stimuli"]
            for cell in TRAINED[dataset][model]
        ]

    return files


def of_every_cell(pattern):
    """Input function: one file for each cell of the dataset, of the rule's stimulus."""

    def files(wildcards):
        return [
            pattern.format(cell=cell, **wildcards) for cell in CELLS[wildcards.dataset]
        ]

    return files


def of_every_stimulus(pattern):
    """Input function: one file for each stimulus of the dataset."""

    def files(wildcards):
        return [
            pattern.format(dataset=wildcards.dataset, stimulus=stimulus)
            for stimulus in DATASETS[wildcards.dataset]["stimuli"]
        ]

    return files


def stimulus_settings(wildcards):
    """Params function: how a stimulus is made, wherever the responses to it lie."""
    stimulus = DATASETS[wildcards.dataset]["stimuli"][wildcards.stimulus]
    return {
        key: value
        for key, value in stimulus.items()
        if key not in ("recording", "layout")
    }


def responses_files(wildcards):
    """Files of the recording with the responses to a stimulus."""
    return recording_files(DATASETS[wildcards.dataset]["stimuli"][wildcards.stimulus])


def frame_files(wildcards):
    """Files that a stimulus is made from: frames of a recording's, or a folder of images."""
    stimulus = DATASETS[wildcards.dataset]["stimuli"][wildcards.stimulus]
    return stimulus_images(stimulus) + [
        stimulus[key] for key in ("running_file", "frozen_file") if key in stimulus
    ]


def of_first_stimulus(pattern):
    """Input function: a file of one cell or of none, of the first stimulus."""

    def file(wildcards):
        return pattern.format(stimulus=first_stimulus(wildcards.dataset), **wildcards)

    return file


def of_every_training(pattern, kind=None):
    """Input function: one file for each training of a dataset; none if it is of another kind."""

    def files(wildcards):
        if kind not in (None, DATASETS[wildcards.dataset]["kind"]):
            return []
        return per_training(pattern, wildcards.dataset)

    return files


def sweep_part(wildcards):
    """Params function: the sweep's part of the config."""
    return DATASETS[wildcards.dataset]["sweeps"][wildcards.sweep]


def of_every_point(pattern, kind=None):
    """Input function: one file for each network, value and cell of a sweep, of the first stimulus.

    None if the dataset is of another kind.
    """

    def files(wildcards):
        dataset = wildcards.dataset
        if kind not in (None, DATASETS[dataset]["kind"]):
            return []
        names = {"dataset": dataset, "stimulus": first_stimulus(dataset)}
        return [
            pattern.format(model=point.variant, cell=cell, **names)
            for point in points(sweep_part(wildcards), config["models"])
            for cell in SWEPT[dataset][wildcards.sweep]
        ]

    return files


FORMAT = config["figures"]["format"]
STYLE = {key: value for key, value in config["figures"].items() if key != "film"}


def figures():
    """Every figure of every dataset."""
    return [
        path
        for dataset in DATASETS
        for path in [
            *per_training(
                f"results/{{dataset}}/figures/{{model}}/{{stimulus}}/{{cell}}.{FORMAT}",
                dataset,
            ),
            *(
                per_training(
                    "results/{dataset}/figures/{model}/{stimulus}/{cell}_film.gif",
                    dataset,
                )
                if config["figures"]["film"]
                else []
            ),
            *(
                f"results/{dataset}/figures/{model}/{name}.{FORMAT}"
                for model in TRAINED[dataset]
                for name in ("transfer", "similarity")
            ),
            *(
                [f"results/{dataset}/figures/stimuli.{FORMAT}"]
                if len(DATASETS[dataset]["stimuli"]) > 1
                else []
            ),
            *(
                f"results/{dataset}/figures/{model}/subunits_{stimulus}.{FORMAT}"
                for model in TRAINED[dataset]
                for stimulus in DATASETS[dataset]["stimuli"]
            ),
            f"results/{dataset}/figures/summary.{FORMAT}",
            f"results/{dataset}/figures/field.{FORMAT}",
            *(
                f"results/{dataset}/figures/sweeps/{sweep}.{FORMAT}"
                for sweep in SWEPT[dataset]
            ),
        ]
    ]
