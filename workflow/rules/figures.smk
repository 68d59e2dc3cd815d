# What the target rule draws besides a page for each training.
WITH_STIMULI = [name for name, dataset in DATASETS.items() if len(dataset.stimuli) > 1]
RECORDED = [
    (name, stimulus)
    for name, dataset in DATASETS.items()
    if dataset.kind == "recorded"
    for stimulus in dataset.stimuli
]
FILMED = TRAININGS if config["figures"]["film"] else []

# Cells whose spikes are a membrane's, with their datasets.
MEMBRANES = [
    (name, cell)
    for name, dataset in DATASETS.items()
    if dataset.kind == "simulated"
    for cell, settings in dataset.cells.items()
    if settings.own_membrane
]

SWEEPS = [(dataset, sweep) for dataset, sweeps in SWEPT.items() for sweep in sweeps]

STYLE = {key: value for key, value in config["figures"].items() if key != "film"}


rule plot_subunits:
    input:
        subunits="results/{dataset}/subunits/{model}/{stimulus}.nc",
        cells="results/{dataset}/cells.nc",
    output:
        summary=reported(
            f"figures/{{model}}/subunits_{{stimulus}}.{FORMAT}",
            "subunits",
            "subunits",
            "subunits of all cells",
        ),
        mosaic=reported(
            f"figures/{{model}}/mosaic_{{stimulus}}.{FORMAT}",
            "mosaic",
            "subunits",
            "mosaic",
        ),
    log:
        log_of("plot_subunits/{model}/{stimulus}"),
    benchmark:
        benchmark_of("plot_subunits/{model}/{stimulus}")
    conda:
        "../../envs/finefield.yaml"
    threads: 1
    resources:
        mem_mb=growing(1000),
        runtime=growing(2),
    params:
        style=STYLE,
        code=code("plot_subunits"),
    message:
        "{wildcards.dataset}: figure of the subunits that {wildcards.model} found in all cells"
    script:
        "../scripts/plot_subunits.py"


rule plot_transfer:
    input:
        transfer="results/{dataset}/transfer/{model}.nc",
    output:
        grid=reported(
            f"figures/{{model}}/transfer.{FORMAT}",
            "transfer",
            "transfer",
            "transfer grid",
        ),
        similarity=reported(
            f"figures/{{model}}/similarity.{FORMAT}",
            "similarity",
            "transfer",
            "transfer and similarity",
        ),
    log:
        log_of("plot_transfer/{model}"),
    benchmark:
        benchmark_of("plot_transfer/{model}")
    conda:
        "../../envs/finefield.yaml"
    threads: 1
    resources:
        mem_mb=growing(1000),
        runtime=growing(2),
    params:
        style=STYLE,
        code=code("plot_transfer"),
    message:
        "{wildcards.dataset}: figures of the transfer of {wildcards.model} between cells"
    script:
        "../scripts/plot_transfer.py"


rule plot_stimuli:
    input:
        transfers=every("results/{dataset}/transfer/{model}.nc", model=trained_models),
    output:
        reported(f"figures/stimuli.{FORMAT}", "stimuli", "transfer", "transfer between stimuli"),
    log:
        log_of("plot_stimuli/stimuli"),
    benchmark:
        benchmark_of("plot_stimuli/stimuli")
    conda:
        "../../envs/finefield.yaml"
    threads: 1
    resources:
        mem_mb=growing(1000),
        runtime=growing(2),
    params:
        model_names=trained_models,
        style=STYLE,
        code=code("plot_stimuli"),
    message:
        "{wildcards.dataset}: figure of transfer between stimuli"
    script:
        "../scripts/plot_stimuli.py"


rule plot_summary:
    input:
        summary="results/{dataset}/summary.csv",
    output:
        reported(f"figures/summary.{FORMAT}", "summary", "cells", "summary"),
    log:
        log_of("plot_summary/summary"),
    benchmark:
        benchmark_of("plot_summary/summary")
    conda:
        "../../envs/finefield.yaml"
    threads: 1
    resources:
        mem_mb=growing(1000),
        runtime=growing(2),
    params:
        style=STYLE,
        code=code("plot_summary"),
    message:
        "{wildcards.dataset}: figure of all networks beside the LN model"
    script:
        "../scripts/plot_summary.py"


rule plot_recording:
    input:
        quality="results/{dataset}/quality/{stimulus}.nc",
    output:
        reported(
            f"figures/recording_{{stimulus}}.{FORMAT}",
            "recording",
            "cells",
            "recording {stimulus}",
        ),
    log:
        log_of("plot_recording/{stimulus}"),
    benchmark:
        benchmark_of("plot_recording/{stimulus}")
    conda:
        "../../envs/finefield.yaml"
    threads: 1
    resources:
        mem_mb=growing(1000),
        runtime=growing(5),
    params:
        field=setting("datasets/{dataset}/field"),
        style=STYLE,
        code=code("plot_recording"),
    message:
        "{wildcards.dataset}: figure of the recording of {wildcards.stimulus}"
    script:
        "../scripts/plot_recording.py"


rule plot_field:
    input:
        cells="results/{dataset}/cells.nc",
    output:
        reported(f"figures/field.{FORMAT}", "field", "cells", "receptive fields"),
    log:
        log_of("plot_field/field"),
    benchmark:
        benchmark_of("plot_field/field")
    conda:
        "../../envs/finefield.yaml"
    threads: 1
    resources:
        mem_mb=growing(1000),
        runtime=growing(2),
    params:
        style=STYLE,
        code=code("plot_field"),
    message:
        "{wildcards.dataset}: figure of all receptive fields"
    script:
        "../scripts/plot_field.py"


rule plot_sweep:
    input:
        sweep="results/{dataset}/sweeps/{sweep}.nc",
    output:
        reported(f"figures/sweeps/{{sweep}}.{FORMAT}", "sweep", "training", "sweep {sweep}"),
    log:
        log_of("plot_sweep/{sweep}"),
    benchmark:
        benchmark_of("plot_sweep/{sweep}")
    conda:
        "../../envs/finefield.yaml"
    threads: 1
    resources:
        mem_mb=growing(1000),
        runtime=growing(2),
    params:
        style=STYLE,
        code=code("plot_sweep"),
    message:
        "{wildcards.dataset}: figure of the sweep {wildcards.sweep}"
    script:
        "../scripts/plot_sweep.py"
