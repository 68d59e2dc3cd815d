rule filters:
    input:
        stimulus="results/{dataset}/stimulus/{stimulus}.nc",
        cell="results/{dataset}/cells/{cell}.nc",
        responses="results/{dataset}/responses/{stimulus}/{cell}.nc",
        model="results/{dataset}/models/{model}/{stimulus}/{cell}.nc",
    output:
        "results/{dataset}/filters/{model}/{stimulus}/{cell}.nc",
    log:
        "logs/{dataset}/filters/{model}/{stimulus}/{cell}.log",
    benchmark:
        "results/{dataset}/benchmarks/filters/{model}/{stimulus}/{cell}.tsv"
    conda:
        "../../envs/finefield.yaml"
    threads: 1
    resources:
        mem_mb=1000,
    params:
        seed=config["seed"],
        model_settings=model_part,
        filter_settings=filter_settings,
        code=code("filters"),
    message:
        "{wildcards.dataset}: filters of {wildcards.model} for cell {wildcards.cell}"
    script:
        "../scripts/filters.py"


rule pruning:
    input:
        stimulus="results/{dataset}/stimulus/{stimulus}.nc",
        cell="results/{dataset}/cells/{cell}.nc",
        responses="results/{dataset}/responses/{stimulus}/{cell}.nc",
        model="results/{dataset}/models/{model}/{stimulus}/{cell}.nc",
        filters="results/{dataset}/filters/{model}/{stimulus}/{cell}.nc",
    output:
        "results/{dataset}/pruning/{model}/{stimulus}/{cell}.nc",
    log:
        "logs/{dataset}/pruning/{model}/{stimulus}/{cell}.log",
    benchmark:
        "results/{dataset}/benchmarks/pruning/{model}/{stimulus}/{cell}.tsv"
    conda:
        "../../envs/finefield.yaml"
    threads: 1
    resources:
        mem_mb=2000,
    params:
        seed=config["seed"],
        model_settings=model_part,
        code=code("pruning"),
    message:
        "{wildcards.dataset}: pruning {wildcards.model} of cell {wildcards.cell}"
    script:
        "../scripts/pruning.py"
