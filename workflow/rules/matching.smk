rule matching:
    input:
        cell="results/{dataset}/cells/{cell}.nc",
        filters="results/{dataset}/filters/{model}/{stimulus}/{cell}.nc",
    output:
        "results/{dataset}/matching/{model}/{stimulus}/{cell}.nc",
    log:
        log_of("matching/{model}/{stimulus}/{cell}"),
    benchmark:
        benchmark_of("matching/{model}/{stimulus}/{cell}")
    wildcard_constraints:
        dataset=of_kind("simulated"),
    conda:
        "../../envs/finefield.yaml"
    threads: 1
    resources:
        mem_mb=growing(1000),
        runtime=growing(2),
    params:
        seed=config["seed"],
        recovered_cosine=config["filters"]["recovered_cosine"],
        code=code("matching"),
    message:
        "{wildcards.dataset}: matching subunits of {wildcards.model} to those of cell {wildcards.cell}"
    script:
        "../scripts/matching.py"
