rule matching:
    message:
        "{wildcards.dataset}: matching filters of {wildcards.model} to subunits of cell {wildcards.cell}"
    input:
        cell=RESULTS + "/cells/{cell}.nc",
        model=RESULTS + "/models/{model}/{stimulus}/{cell}.nc",
    output:
        RESULTS + "/matching/{model}/{stimulus}/{cell}.nc",
    wildcard_constraints:
        dataset=of_kind("simulated"),
    log:
        log_path("matching", "{model}", "{stimulus}", "{cell}"),
    benchmark:
        benchmark_path("matching", "{model}", "{stimulus}", "{cell}")
    params:
        seed=config["seed"],
        filters={key: config["filters"][key] for key in ("morans_i_threshold", "contribution_threshold")},
        code=code("matching"),
    threads: 1
    resources:
        mem_mb=1000,
    conda:
        "../../envs/finefield.yaml"
    script:
        "../scripts/matching.py"
