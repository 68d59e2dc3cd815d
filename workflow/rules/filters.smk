rule filters:
    input:
        stimulus="results/{dataset}/stimulus/{stimulus}.nc",
        cell="results/{dataset}/cells/{cell}.nc",
        responses="results/{dataset}/responses/{stimulus}/{cell}.nc",
        model="results/{dataset}/models/{model}/{stimulus}/{cell}.nc",
    output:
        filters="results/{dataset}/filters/{model}/{stimulus}/{cell}.nc",
        pruning="results/{dataset}/pruning/{model}/{stimulus}/{cell}.nc",
    log:
        log_of("filters/{model}/{stimulus}/{cell}"),
    benchmark:
        benchmark_of("filters/{model}/{stimulus}/{cell}")
    conda:
        "../../envs/finefield.yaml"
    threads: 1
    resources:
        mem_mb=growing(2000),
        runtime=growing(2),
    params:
        seed=config["seed"],
        model_settings=setting("models/{model}"),
        filter_settings=lambda wildcards: reading.filter_settings(COMPLETE, wildcards.model),
        code=code("filters"),
    message:
        "{wildcards.dataset}: filters of {wildcards.model} for cell {wildcards.cell}, and pruning"
    script:
        "../scripts/filters.py"
