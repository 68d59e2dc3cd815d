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
        filters={
            key: config["filters"][key]
            for key in ("morans_i_threshold", "contribution_threshold")
        },
        code=code("filters"),
    message:
        "{wildcards.dataset}: filters of {wildcards.model} for cell {wildcards.cell}"
    script:
        "../scripts/filters.py"
