rule transfer:
    message:
        "{wildcards.dataset}: {wildcards.model} of cell {wildcards.cell} predicts every cell"
    input:
        model=RESULTS + "/models/{model}/{stimulus}/{cell}.nc",
        stimuli=lambda wildcards: [
            f"results/{wildcards.dataset}/stimulus/{stimulus}.nc"
            for stimulus in DATASETS[wildcards.dataset]["stimuli"]
        ],
        cells=per_cell(RESULTS + "/cells/{cell}.nc"),
        responses=per_response(RESULTS + "/responses/{stimulus}/{cell}.nc"),
    output:
        RESULTS + "/transfer/{model}/{stimulus}/{cell}.nc",
    log:
        log_path("transfer", "{model}", "{stimulus}", "{cell}"),
    benchmark:
        benchmark_path("transfer", "{model}", "{stimulus}", "{cell}")
    params:
        seed=config["seed"],
        stimuli=lambda wildcards: list(DATASETS[wildcards.dataset]["stimuli"]),
        cells=lambda wildcards: CELLS[wildcards.dataset],
        code=code("transfer"),
    threads: 1
    resources:
        mem_mb=2000,
    conda:
        "../../envs/finefield.yaml"
    script:
        "../scripts/transfer.py"


rule collect_transfer:
    message:
        "{wildcards.dataset}: transfer grid of {wildcards.model}"
    input:
        lambda wildcards: [
            f"results/{wildcards.dataset}/transfer/{wildcards.model}/{stimulus}/{cell}.nc"
            for stimulus in DATASETS[wildcards.dataset]["stimuli"]
            for cell in TRAINED[wildcards.dataset][wildcards.model]
        ],
    output:
        RESULTS + "/transfer/{model}.nc",
    log:
        log_path("collect_transfer", "{model}"),
    benchmark:
        benchmark_path("collect_transfer", "{model}")
    params:
        seed=config["seed"],
        code=code("collect_transfer"),
    threads: 1
    resources:
        mem_mb=1000,
    conda:
        "../../envs/finefield.yaml"
    script:
        "../scripts/collect_transfer.py"
