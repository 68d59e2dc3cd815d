rule check_recording:
    input:
        recording="results/{dataset}/recording/{stimulus}.nc",
        stimulus=lambda wildcards: [
            f"results/{{dataset}}/stimulus/{stimulus}.nc"
            for stimulus in [first_stimulus(wildcards)]
            if stimulus == wildcards.stimulus
        ],
        frames=users(reading.stimulus_files),
    output:
        quality="results/{dataset}/quality/{stimulus}.nc",
        table="results/{dataset}/quality/{stimulus}.csv",
    log:
        log_of("check_recording/{stimulus}"),
    benchmark:
        benchmark_of("check_recording/{stimulus}")
    wildcard_constraints:
        dataset=of_kind("recorded"),
    conda:
        "../../envs/recordings.yaml"
    threads: 1
    resources:
        mem_mb=growing(2000),
        runtime=growing(10),
    params:
        seed=config["seed"],
        cell_names=cells,
        field=setting("datasets/{dataset}/field"),
        delay=setting("datasets/{dataset}/delay"),
        min_spikes=setting("datasets/{dataset}/min_spikes"),
        lags=config["sta"]["lags"],
        receptive_field_settings=setting("datasets/{dataset}/receptive_field"),
        stimulus_settings=stimulus_settings,
        code=code("check_recording"),
    message:
        "{wildcards.dataset}: what the recording of {wildcards.stimulus} holds"
    script:
        "../scripts/check_recording.py"
