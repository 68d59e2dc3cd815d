rule transfer:
    input:
        model="results/{dataset}/models/{model}/{stimulus}/{cell}.nc",
        stimuli=lambda wildcards: [
            f"results/{wildcards.dataset}/stimulus/{stimulus}.nc"
            for stimulus in DATASETS[wildcards.dataset]["stimuli"]
        ],
        cells=per_cell("results/{dataset}/cells/{cell}.nc"),
        responses=per_response("results/{dataset}/responses/{stimulus}/{cell}.nc"),
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
        stimuli=lambda wildcards: list(DATASETS[wildcards.dataset]["stimuli"]),
        cells=lambda wildcards: CELLS[wildcards.dataset],
        code=code("transfer"),
    message:
        "{wildcards.dataset}: {wildcards.model} of cell {wildcards.cell} predicts every cell"
    script:
        "../scripts/transfer.py"


rule collect_transfer:
    input:
        lambda wildcards: [
            f"results/{wildcards.dataset}/transfer/{wildcards.model}/{stimulus}/{cell}.nc"
            for stimulus in DATASETS[wildcards.dataset]["stimuli"]
            for cell in TRAINED[wildcards.dataset][wildcards.model]
        ],
    output:
        "results/{dataset}/transfer/{model}.nc",
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
        code=code("collect_transfer"),
    message:
        "{wildcards.dataset}: transfer grid of {wildcards.model}"
    script:
        "../scripts/collect_transfer.py"
