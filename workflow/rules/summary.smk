def of_every_training(pattern, kind=None):
    """Input function: one file for each training of a dataset; none if it is of another kind."""

    def files(wildcards):
        if kind not in (None, DATASETS[wildcards.dataset]["kind"]):
            return []
        return per_training(pattern, wildcards.dataset)

    return files


rule summary:
    message:
        "{wildcards.dataset}: summary of all cells and networks"
    input:
        models=of_every_training(RESULTS + "/models/{model}/{stimulus}/{cell}.nc"),
        seconds=of_every_training(benchmark_path("train", "{model}", "{stimulus}", "{cell}")),
        matching=of_every_training(RESULTS + "/matching/{model}/{stimulus}/{cell}.nc", "simulated"),
        sta=of_every_training(RESULTS + "/sta/{stimulus}/{cell}.nc"),
    output:
        report(
            RESULTS + "/summary.csv",
            caption="../report/summary.rst",
            category="{dataset}",
        ),
    log:
        log_path("summary", "summary"),
    benchmark:
        benchmark_path("summary", "summary")
    params:
        trainings=lambda wildcards: trainings(wildcards.dataset),
        recovered_cosine=config["filters"]["recovered_cosine"],
        code=code("summary"),
    threads: 1
    resources:
        mem_mb=1000,
    conda:
        "../../envs/finefield.yaml"
    script:
        "../scripts/summary.py"
