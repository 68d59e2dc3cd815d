rule spike_triggered_average:
    message:
        "{wildcards.dataset}: spike-triggered average and LN model of cell {wildcards.cell}"
    input:
        stimulus=RESULTS + "/stimulus/{stimulus}.nc",
        cell=RESULTS + "/cells/{cell}.nc",
        responses=RESULTS + "/responses/{stimulus}/{cell}.nc",
    output:
        RESULTS + "/sta/{stimulus}/{cell}.nc",
    log:
        log_path("spike_triggered_average", "{stimulus}", "{cell}"),
    benchmark:
        benchmark_path("spike_triggered_average", "{stimulus}", "{cell}")
    params:
        seed=config["seed"],
        lags=config["sta"]["lags"],
        code=code("spike_triggered_average"),
    threads: 1
    resources:
        mem_mb=2000,
    conda:
        "../../envs/finefield.yaml"
    script:
        "../scripts/spike_triggered_average.py"
