rule collect_targets:
    input:
        stimulus="results/{dataset}/stimulus/{stimulus}.nc",
        cells=per_cell("results/{dataset}/cells/{cell}.nc"),
        responses=of_every_cell("results/{dataset}/responses/{stimulus}/{cell}.nc"),
        sta=of_every_cell("results/{dataset}/sta/{stimulus}/{cell}.nc"),
    output:
        "results/{dataset}/targets/{stimulus}.nc",
    log:
        "logs/{dataset}/collect_targets/{stimulus}.log",
    benchmark:
        "results/{dataset}/benchmarks/collect_targets/{stimulus}.tsv"
    conda:
        "../../envs/finefield.yaml"
    threads: 1
    resources:
        mem_mb=2000,
    params:
        seed=config["seed"],
        cell_names=lambda wildcards: CELLS[wildcards.dataset],
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
        stimuli=of_every_stimulus("results/{dataset}/stimulus/{stimulus}.nc"),
        targets=of_every_stimulus("results/{dataset}/targets/{stimulus}.nc"),
    output:
        "results/{dataset}/transfer/{model}/{stimulus}/{cell}.nc",
    log:
        "logs/{dataset}/transfer/{model}/{stimulus}/{cell}.log",
    benchmark:
        "results/{dataset}/benchmarks/transfer/{model}/{stimulus}/{cell}.tsv"
    conda:
        "../../envs/finefield.yaml"
    threads: 1
    resources:
        mem_mb=2000,
    params:
        seed=config["seed"],
        stimulus_names=lambda wildcards: list(DATASETS[wildcards.dataset]["stimuli"]),
        cell_names=lambda wildcards: CELLS[wildcards.dataset],
        transfer_settings=config["transfer"],
        code=code("transfer"),
    message:
        "{wildcards.dataset}: {wildcards.model} of cell {wildcards.cell} predicts every cell"
    script:
        "../scripts/transfer.py"


rule collect_transfer:
    input:
        transfers=per_trained_stimulus("transfer"),
        filters=per_trained_stimulus("filters"),
        targets=of_every_stimulus("results/{dataset}/targets/{stimulus}.nc"),
    output:
        dataset="results/{dataset}/transfer/{model}.nc",
        table=report(
            "results/{dataset}/transfer/{model}.csv",
            caption="../report/transfer.rst",
            category="{dataset}",
            subcategory="{model}",
            labels={"cell": "all", "figure": "transfer statistics"},
        ),
    log:
        "logs/{dataset}/collect_transfer/{model}.log",
    benchmark:
        "results/{dataset}/benchmarks/collect_transfer/{model}.tsv"
    conda:
        "../../envs/finefield.yaml"
    threads: 1
    resources:
        mem_mb=1000,
    params:
        seed=config["seed"],
        stimulus_names=lambda wildcards: list(DATASETS[wildcards.dataset]["stimuli"]),
        code=code("collect_transfer"),
    message:
        "{wildcards.dataset}: transfer grid of {wildcards.model}"
    script:
        "../scripts/collect_transfer.py"
