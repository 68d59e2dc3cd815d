# Composites as a paper prints them, of a dataset's first network and first stimulus. The target rule draws those
# that a dataset has enough for.
COMPOSITES = [(name, number) for name in DATASETS for number in composites(name)]


rule plot_paper_simulated:
    input:
        stimulus=of_first("stimulus/{stimulus}"),
        cell=of_first("cells/{cell}"),
        responses=of_first("responses/{stimulus}/{cell}"),
        sta=of_first("sta/{stimulus}/{cell}"),
        model=of_first("models/{model}/{stimulus}/{cell}"),
        filters=of_first("filters/{model}/{stimulus}/{cell}"),
        pruning=of_first("pruning/{model}/{stimulus}/{cell}"),
        matching=of_first("matching/{model}/{stimulus}/{cell}"),
    output:
        circuit=composite(1, "circuit"),
        judged=composite(2, "filters"),
    log:
        log_of("plot_paper_simulated/paper"),
    benchmark:
        benchmark_of("plot_paper_simulated/paper")
    wildcard_constraints:
        dataset=of_kind("simulated"),
    conda:
        "../../envs/finefield.yaml"
    threads: 1
    resources:
        mem_mb=growing(1000),
        runtime=growing(2),
    params:
        model_name=first_model,
        stimulus_name=first_stimulus,
        style=STYLE,
        code=code("plot_paper_simulated"),
    message:
        "{wildcards.dataset}: composites of a simulated cell"
    script:
        "../scripts/plot_paper_simulated.py"


rule plot_paper_sweeps:
    input:
        sweeps=every("results/{dataset}/sweeps/{sweep}.nc", sweep=swept_names),
    output:
        composite(3, "sweeps"),
    log:
        log_of("plot_paper_sweeps/paper"),
    benchmark:
        benchmark_of("plot_paper_sweeps/paper")
    conda:
        "../../envs/finefield.yaml"
    threads: 1
    resources:
        mem_mb=growing(1000),
        runtime=growing(2),
    params:
        sweep_names=swept_names,
        style=STYLE,
        code=code("plot_paper_sweeps"),
    message:
        "{wildcards.dataset}: composite of all sweeps"
    script:
        "../scripts/plot_paper_sweeps.py"


rule plot_paper_recorded:
    input:
        cell=of_first("cells/{cell}"),
        responses=of_first("responses/{stimulus}/{cell}"),
        sta=of_first("sta/{stimulus}/{cell}"),
        model=of_first("models/{model}/{stimulus}/{cell}"),
        filters=of_first("filters/{model}/{stimulus}/{cell}"),
    output:
        composite(4, "recorded"),
    log:
        log_of("plot_paper_recorded/paper"),
    benchmark:
        benchmark_of("plot_paper_recorded/paper")
    wildcard_constraints:
        dataset=of_kind("recorded"),
    conda:
        "../../envs/finefield.yaml"
    threads: 1
    resources:
        mem_mb=growing(1000),
        runtime=growing(2),
    params:
        model_name=first_model,
        stimulus_name=first_stimulus,
        style=STYLE,
        code=code("plot_paper_recorded"),
    message:
        "{wildcards.dataset}: composite of recorded cells"
    script:
        "../scripts/plot_paper_recorded.py"


rule plot_paper_transfer:
    input:
        transfer=every("results/{dataset}/transfer/{model}.nc", model=first_model),
    output:
        composite(5, "transfer"),
    log:
        log_of("plot_paper_transfer/paper"),
    benchmark:
        benchmark_of("plot_paper_transfer/paper")
    conda:
        "../../envs/finefield.yaml"
    threads: 1
    resources:
        mem_mb=growing(1000),
        runtime=growing(2),
    params:
        style=STYLE,
        code=code("plot_paper_transfer"),
    message:
        "{wildcards.dataset}: composite of the transfer grid and what explains it"
    script:
        "../scripts/plot_paper_transfer.py"


rule plot_paper_stimuli:
    input:
        stimuli=every("results/{dataset}/stimulus/{stimulus}.nc", stimulus=stimuli),
        cells="results/{dataset}/cells.nc",
        subunits=every(
            "results/{dataset}/subunits/{model}/{stimulus}.nc",
            model=first_model,
            stimulus=stimuli,
        ),
        transfers=every("results/{dataset}/transfer/{model}.nc", model=trained_models),
    output:
        composite(6, "stimuli"),
    log:
        log_of("plot_paper_stimuli/paper"),
    benchmark:
        benchmark_of("plot_paper_stimuli/paper")
    conda:
        "../../envs/finefield.yaml"
    threads: 1
    resources:
        mem_mb=growing(1000),
        runtime=growing(2),
    params:
        model_names=trained_models,
        stimulus_names=stimuli,
        style=STYLE,
        code=code("plot_paper_stimuli"),
    message:
        "{wildcards.dataset}: composite of one kind of stimulus and another"
    script:
        "../scripts/plot_paper_stimuli.py"
