rule matching:
    input:
        cell="results/{dataset}/cells/{cell}.nc",
        model="results/{dataset}/models/{model}/{stimulus}/{cell}.nc",
    output:
        "results/{dataset}/matching/{model}/{stimulus}/{cell}.nc",
    log:
        "logs/{dataset}/matching/{model}/{stimulus}/{cell}.log",
    benchmark:
        "results/{dataset}/benchmarks/matching/{model}/{stimulus}/{cell}.tsv"
    wildcard_constraints:
        dataset=of_kind("simulated"),
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
        code=code("matching"),
    message:
        "{wildcards.dataset}: matching filters of {wildcards.model} to subunits of cell {wildcards.cell}"
    script:
        "../scripts/matching.py"
