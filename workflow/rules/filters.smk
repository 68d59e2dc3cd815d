rule filters:
    message:
        "{wildcards.dataset}: filters of {wildcards.model} for cell {wildcards.cell}"
    input:
        stimulus=RESULTS + "/stimulus/{stimulus}.nc",
        cell=RESULTS + "/cells/{cell}.nc",
        responses=RESULTS + "/responses/{stimulus}/{cell}.nc",
        model=RESULTS + "/models/{model}/{stimulus}/{cell}.nc",
    output:
        RESULTS + "/filters/{model}/{stimulus}/{cell}.nc",
    log:
        log_path("filters", "{model}", "{stimulus}", "{cell}"),
    benchmark:
        benchmark_path("filters", "{model}", "{stimulus}", "{cell}")
    params:
        seed=config["seed"],
        filters={key: config["filters"][key] for key in ("morans_i_threshold", "contribution_threshold")},
        code=code("filters"),
    threads: 1
    resources:
        mem_mb=1000,
    conda:
        "../../envs/finefield.yaml"
    script:
        "../scripts/filters.py"
