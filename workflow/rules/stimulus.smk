rule make_stimulus:
    input:
        recording=branch(
            simulated,
            then=[],
            otherwise="results/{dataset}/recording/{stimulus}.nc",
        ),
        frames=users(reading.stimulus_files),
    output:
        "results/{dataset}/stimulus/{stimulus}.nc",
    log:
        log_of("make_stimulus/{stimulus}"),
    benchmark:
        benchmark_of("make_stimulus/{stimulus}")
    conda:
        "../../envs/recordings.yaml"
    threads: 1
    resources:
        mem_mb=growing(2000),
        runtime=growing(10),
    params:
        seed=config["seed"],
        field=setting("datasets/{dataset}/field"),
        stimulus_settings=stimulus_settings,
        contents=holding(reading.stimulus_files),
        code=code("make_stimulus"),
    message:
        "{wildcards.dataset}: making {wildcards.stimulus}"
    script:
        "../scripts/make_stimulus.py"
