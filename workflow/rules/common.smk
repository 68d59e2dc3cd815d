import re
from collections import namedtuple
from functools import partial

from snakemake.exceptions import WorkflowError
from snakemake.logging import logger

from finefield import config as reading
from finefield import folder
from finefield.base import UserError, code_version, plain
from finefield.contents import contents

try:
    # Only a run that goes on writes, and needs the lock of one that was killed.
    if workflow.is_main_process and not workflow.output_settings.dryrun:
        folder.check_writable()
        if said := folder.remove_stale():
            logger.warning(said)
        folder.claim()
    if workflow.is_main_process:
        reading.check_places(sys.executable, HERE, os.getcwd())
        for path in workflow.configfiles:
            reading.read_written(path)
    DIFFERING = reading.differing(config)
    COMPLETE, LEFT_OUT = reading.without_stnmf(reading.complete(config))
    if workflow.is_main_process:
        reading.check_files(COMPLETE)
    DATASETS = COMPLETE.datasets
    CELLS = {name: reading.cells(COMPLETE, name) for name in DATASETS}
    TRAINED = {name: reading.trained(COMPLETE, name) for name in DATASETS}
    SWEPT = {name: reading.swept(COMPLETE, name) for name in DATASETS}
except UserError as error:
    raise WorkflowError(str(error)) from None

# What rules take their params from; a sweep's variants are networks like any other.
config = plain(COMPLETE) | {"models": plain(reading.networks(COMPLETE))}
# What report/workflow.rst says, which sees the config alone.
config["differing"] = DIFFERING

# Models that STNMF finds; the others are trained.
FACTORISED = reading.factorised(COMPLETE)

# A network of one cell.
Training = namedtuple("Training", "dataset model stimulus cell")
TRAININGS = [
    Training(dataset, model, stimulus, cell)
    for dataset, models in TRAINED.items()
    for model, names in models.items()
    for stimulus in DATASETS[dataset].stimuli
    for cell in names
]


def any_of(names):
    """Regular expression for one of some names, and for nothing if there are none."""
    return "|".join(map(re.escape, sorted(names))) or "(?!)"


def of_kind(kind):
    """Regular expression for the datasets of one kind."""
    return any_of(name for name, dataset in DATASETS.items() if dataset.kind == kind)


wildcard_constraints:
    dataset=any_of(DATASETS),
    stimulus=any_of({name for dataset in DATASETS.values() for name in dataset.stimuli}),
    model=any_of(config["models"]),
    cell=any_of({name for names in CELLS.values() for name in names}),
    sweep=any_of({name for names in SWEPT.values() for name in names}),


# Names that belong to a job's wildcards: for inputs by `every`, and for params.
def cells(wildcards):
    return CELLS[wildcards.dataset]


def stimuli(wildcards):
    return list(DATASETS[wildcards.dataset].stimuli)


def first_stimulus(wildcards):
    """The stimulus that receptive fields and the quality of cells are found with."""
    return stimuli(wildcards)[0]


def trained_models(wildcards):
    return list(TRAINED[wildcards.dataset])


def trained_cells(wildcards):
    return TRAINED[wildcards.dataset][wildcards.model]


def trainings(wildcards):
    return [one for one in TRAININGS if one.dataset == wildcards.dataset]


def swept_names(wildcards):
    return list(SWEPT[wildcards.dataset])


def swept_cells(wildcards):
    return SWEPT[wildcards.dataset][wildcards.sweep]


def swept_models(wildcards):
    """The variants of networks that a sweep compares."""
    sweep = DATASETS[wildcards.dataset].sweeps[wildcards.sweep]
    return [point.variant for point in reading.points(sweep, COMPLETE.models)]


def simulated(wildcards):
    return DATASETS[wildcards.dataset].kind == "simulated"


# Input function: a pattern's file for every name; other wildcards are the job's.
every = partial(collect, allow_missing=True)


# What composites show: of a dataset's first network.
FIRST_CELLS = {"simulated": 1, "recorded": 3}


def first_model(wildcards):
    return trained_models(wildcards)[0]


def first_cells(wildcards):
    """The cells that composites show; one that was dropped is left out."""
    most = FIRST_CELLS[DATASETS[wildcards.dataset].kind]
    return TRAINED[wildcards.dataset][first_model(wildcards)][:most]


def of_first(path):
    """Input: files of the cells that composites show."""
    return every(
        f"results/{{dataset}}/{path}.nc",
        model=first_model,
        stimulus=first_stimulus,
        cell=first_cells,
    )


def composites(name):
    """Numbers of the composites that a dataset has enough for."""
    dataset, trained = DATASETS[name], TRAINED[name]
    first = next(iter(trained.values()), [])
    shown = {
        1: dataset.kind == "simulated" and first,
        2: dataset.kind == "simulated" and first,
        3: SWEPT[name],
        4: dataset.kind == "recorded" and first,
        5: len(first) > 1,
        6: len(dataset.stimuli) > 1 and first,
    }
    return [number for number, is_shown in shown.items() if is_shown]


def made(paths):
    """Those of some files that are there; in another workflow, paths get its prefix."""
    return [one for one in paths if Path(workflow.modifier.path_modifier.modify(one)).exists()]


def first_looks(name):
    """The three files of a dataset to look at first; of a run for other targets, those made."""
    best = [number for number in composites(name) if number in (1, 4)]
    figures = [f"paper/{number}" for number in best] or ["field"]
    files = ["report/overview.html", *(f"figures/{one}.{FORMAT}" for one in (*figures, "summary"))]
    return made(f"results/{name}/{one}" for one in files)


def there(*paths):
    """Targets; for a report, those that are there, so that it opens also on a run that has not ended."""
    if not any(argument.partition("=")[0] == "--report" for argument in sys.argv):
        return list(paths)
    return made(paths)


def setting(path):
    """Params function: a part of the config, by a path such as "models/{model}"."""

    def part(wildcards):
        value = config
        for key in path.split("/"):
            value = value[key.format(**wildcards)]
        return value

    return part


def growing(amount):
    """Resource [MB or minutes]: an amount that a job gets once more at each further attempt."""
    return lambda wildcards, attempt: amount * attempt


def code(script):
    """Params entry: the library's code that a script uses; a change of it reruns the rule."""
    return code_version(workflow.source_path(f"../scripts/{script}.py"))


# How a stimulus is shown, and how it is made, wherever the responses to it lie.
stimulus_part = setting("datasets/{dataset}/stimuli/{stimulus}")


def how_made(part):
    return {key: part[key] for key in part if key not in ("recording", "layout")}


def stimulus_settings(wildcards):
    return how_made(stimulus_part(wildcards))


def sought_with(wildcards):
    """The stimulus that receptive fields are sought with, as they are in recorded cells."""
    parts = config["datasets"][wildcards.dataset]["stimuli"]
    return None if simulated(wildcards) else how_made(parts[first_stimulus(wildcards)])


def sought_lags(wildcards):
    return None if simulated(wildcards) else config["sta"]["lags"]


def what_was_shown(wildcards):
    """Kind, field and stimuli of a dataset, for the report."""
    part = config["datasets"][wildcards.dataset]
    return {key: part[key] for key in ("kind", "field", "stimuli")}


def of_user(find, wildcards):
    """Paths of the files that a stimulus' part of the config names."""
    return find(DATASETS[wildcards.dataset].stimuli[wildcards.stimulus])


def users(find):
    """Input function: files of the user; they get no prefix.

    Their contents are params, by `holding`, as the time of a large file would rerun the rule.
    """
    return lambda wildcards: [ancient(local(path)) for path in of_user(find, wildcards)]


def holding(find):
    """Params function: checksums of the files of `users`."""
    return lambda wildcards: contents(of_user(find, wildcards))


def log_of(job):
    return f"logs/{{dataset}}/{job}.log"


def benchmark_of(job):
    return f"results/{{dataset}}/benchmarks/{job}.tsv"


FORMAT = config["figures"]["format"]

# Subjects of the report in the order of its menu, and the labels that results of each have.
SUBJECTS = {
    "tables": "1 Overview and tables",
    "cells": "2 Cells and networks",
    "subunits": "3 Subunits",
    "transfer": "4 Transfer",
    "training": "5 Training",
    "paper": "6 Composites",
}


def reported(path, caption, subject, figure, cell="all"):
    """Output: a file of the report, which a file in report/ describes."""
    named = {"network": "{model}" if "{model}" in path else "all"}
    named["stimulus"] = "{stimulus}" if "{stimulus}" in path else "all"
    return report(
        f"results/{{dataset}}/{path}",
        caption=f"../report/{caption}.rst",
        category="{dataset}",
        subcategory=SUBJECTS[subject],
        labels={"figure": figure, **named, "cell": cell},
    )


def composite(number, caption):
    """Output: a composite of the report."""
    return reported(
        f"figures/paper/{number}.{FORMAT}",
        f"paper_{caption}",
        "paper",
        f"composite {number}",
    )
