rule summary:
    input:
        models=of_every_training(
            "results/{dataset}/models/{model}/{stimulus}/{cell}.nc"
        ),
        seconds=of_every_training(
            "results/{dataset}/benchmarks/train/{model}/{stimulus}/{cell}.tsv"
        ),
        matching=of_every_training(
            "results/{dataset}/matching/{model}/{stimulus}/{cell}.nc", "simulated"
        ),
        sta=of_every_training("results/{dataset}/sta/{stimulus}/{cell}.nc"),
    output:
        report(
            "results/{dataset}/summary.csv",
            caption="../report/summary.rst",
            category="{dataset}",
        ),
    log:
        "logs/{dataset}/summary/summary.log",
    benchmark:
        "results/{dataset}/benchmarks/summary/summary.tsv"
    conda:
        "../../envs/finefield.yaml"
    threads: 1
    resources:
        mem_mb=1000,
    params:
        trainings=lambda wildcards: trainings(wildcards.dataset),
        recovered_cosine=config["filters"]["recovered_cosine"],
        code=code("summary"),
    message:
        "{wildcards.dataset}: summary of all cells and networks"
    script:
        "../scripts/summary.py"
