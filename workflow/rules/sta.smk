rule spike_triggered_average:
    input:
        stimulus="results/{dataset}/stimulus/{stimulus}.nc",
        cell="results/{dataset}/cells/{cell}.nc",
        responses="results/{dataset}/responses/{stimulus}/{cell}.nc",
    output:
        "results/{dataset}/sta/{stimulus}/{cell}.nc",
    log:
        log_of("spike_triggered_average/{stimulus}/{cell}"),
    benchmark:
        benchmark_of("spike_triggered_average/{stimulus}/{cell}")
    conda:
        "../../envs/finefield.yaml"
    threads: 1
    resources:
        mem_mb=growing(2000),
        runtime=growing(2),
    params:
        seed=config["seed"],
        average_settings=config["sta"],
        code=code("spike_triggered_average"),
    message:
        "{wildcards.dataset}: spike-triggered average and LN model of cell {wildcards.cell}"
    script:
        "../scripts/spike_triggered_average.py"
