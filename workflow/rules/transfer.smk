rule collect_targets:
    input:
        stimulus="results/{dataset}/stimulus/{stimulus}.nc",
        cells=every("results/{dataset}/cells/{cell}.nc", cell=cells),
        responses=every("results/{dataset}/responses/{stimulus}/{cell}.nc", cell=cells),
        sta=every("results/{dataset}/sta/{stimulus}/{cell}.nc", cell=cells),
    output:
        "results/{dataset}/targets/{stimulus}.nc",
    log:
        log_of("collect_targets/{stimulus}"),
    benchmark:
        benchmark_of("collect_targets/{stimulus}")
    conda:
        "../../envs/finefield.yaml"
    threads: 1
    resources:
        mem_mb=growing(2000),
        runtime=growing(5),
    params:
        seed=config["seed"],
        cell_names=cells,
        lags=max(model["lags"] for model in config["models"].values()),
        n_samples=max(config["transfer"]["refit_frames"]),
        code=code("collect_targets"),
    message:
        "{wildcards.dataset}: collecting all cells as targets, {wildcards.stimulus}"
    script:
        "../scripts/collect_targets.py"


rule transfer:
    input:
        model="results/{dataset}/models/{model}/{stimulus}/{cell}.nc",
        stimuli=every("results/{dataset}/stimulus/{stimulus}.nc", stimulus=stimuli),
        targets=every("results/{dataset}/targets/{stimulus}.nc", stimulus=stimuli),
    output:
        "results/{dataset}/transfer/{model}/{stimulus}/{cell}.nc",
    log:
        log_of("transfer/{model}/{stimulus}/{cell}"),
    benchmark:
        benchmark_of("transfer/{model}/{stimulus}/{cell}")
    conda:
        "../../envs/finefield.yaml"
    threads: 1
    resources:
        mem_mb=growing(2000),
        runtime=growing(5),
    params:
        seed=config["seed"],
        stimulus_names=stimuli,
        cell_names=cells,
        transfer_settings=config["transfer"],
        code=code("transfer"),
    message:
        "{wildcards.dataset}: {wildcards.model} of cell {wildcards.cell} predicts every cell"
    script:
        "../scripts/transfer.py"


rule collect_transfer:
    input:
        transfers=every(
            "results/{dataset}/transfer/{model}/{stimulus}/{cell}.nc",
            stimulus=stimuli,
            cell=trained_cells,
        ),
        filters=every(
            "results/{dataset}/filters/{model}/{stimulus}/{cell}.nc",
            stimulus=stimuli,
            cell=trained_cells,
        ),
        targets=every("results/{dataset}/targets/{stimulus}.nc", stimulus=stimuli),
    output:
        dataset="results/{dataset}/transfer/{model}.nc",
        table="results/{dataset}/transfer/{model}.csv",
    log:
        log_of("collect_transfer/{model}"),
    benchmark:
        benchmark_of("collect_transfer/{model}")
    conda:
        "../../envs/finefield.yaml"
    threads: 1
    resources:
        mem_mb=growing(1000),
        runtime=growing(5),
    params:
        seed=config["seed"],
        stimulus_names=stimuli,
        code=code("collect_transfer"),
    message:
        "{wildcards.dataset}: transfer grid of {wildcards.model}"
    script:
        "../scripts/collect_transfer.py"
