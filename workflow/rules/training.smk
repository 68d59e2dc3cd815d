rule train:
    input:
        stimulus="results/{dataset}/stimulus/{stimulus}.nc",
        cell="results/{dataset}/cells/{cell}.nc",
        responses="results/{dataset}/responses/{stimulus}/{cell}.nc",
    output:
        "results/{dataset}/models/{model}/{stimulus}/{cell}.nc",
    log:
        log_of("train/{model}/{stimulus}/{cell}"),
    benchmark:
        benchmark_of("train/{model}/{stimulus}/{cell}")
    wildcard_constraints:
        model=any_of(config["models"].keys() - FACTORISED),
    conda:
        "../../envs/finefield.yaml"
    threads: 1
    resources:
        mem_mb=growing(3000),
        runtime=growing(20),
    params:
        seed=config["seed"],
        model_settings=setting("models/{model}"),
        code=code("train"),
    message:
        "{wildcards.dataset}: training {wildcards.model} on cell {wildcards.cell}, {wildcards.stimulus}"
    script:
        "../scripts/train.py"
