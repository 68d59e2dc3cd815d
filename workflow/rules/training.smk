rule train:
    message:
        "{wildcards.dataset}: training {wildcards.model} on cell {wildcards.cell}, {wildcards.stimulus}"
    input:
        stimulus=RESULTS + "/stimulus/{stimulus}.nc",
        cell=RESULTS + "/cells/{cell}.nc",
        responses=RESULTS + "/responses/{stimulus}/{cell}.nc",
    output:
        RESULTS + "/models/{model}/{stimulus}/{cell}.nc",
    log:
        log_path("train", "{model}", "{stimulus}", "{cell}"),
    benchmark:
        benchmark_path("train", "{model}", "{stimulus}", "{cell}")
    params:
        seed=config["seed"],
        model=model_part,
        code=code("train"),
    threads: 1
    resources:
        mem_mb=3000,
    conda:
        "../../envs/finefield.yaml"
    script:
        "../scripts/train.py"
