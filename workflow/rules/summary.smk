rule summary:
    input:
        models=every("results/{t.dataset}/models/{t.model}/{t.stimulus}/{t.cell}.nc", t=trainings),
        matching=branch(
            simulated,
            then=every(
                "results/{t.dataset}/matching/{t.model}/{t.stimulus}/{t.cell}.nc",
                t=trainings,
            ),
        ),
        sta=every("results/{t.dataset}/sta/{t.stimulus}/{t.cell}.nc", t=trainings),
    output:
        "results/{dataset}/summary.csv",
    log:
        log_of("summary/summary"),
    benchmark:
        benchmark_of("summary/summary")
    conda:
        "../../envs/finefield.yaml"
    threads: 1
    resources:
        mem_mb=growing(1000),
        runtime=growing(5),
    params:
        trainings=lambda wildcards: [
            (one.model, one.stimulus, one.cell) for one in trainings(wildcards)
        ],
        recovered_cosine=config["filters"]["recovered_cosine"],
        code=code("summary"),
    message:
        "{wildcards.dataset}: summary of all cells and networks"
    script:
        "../scripts/summary.py"
