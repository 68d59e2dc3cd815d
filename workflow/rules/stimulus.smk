rule make_stimulus:
    input:
        recording=branch(
            lambda wildcards: DATASETS[wildcards.dataset]["kind"] == "recorded",
            then="results/{dataset}/recording/{stimulus}.nc",
            otherwise=[],
        ),
        frames=frame_files,
    output:
        "results/{dataset}/stimulus/{stimulus}.nc",
    log:
        "logs/{dataset}/make_stimulus/{stimulus}.log",
    benchmark:
        "results/{dataset}/benchmarks/make_stimulus/{stimulus}.tsv"
    conda:
        "../../envs/recordings.yaml"
    threads: 1
    resources:
        mem_mb=2000,
    params:
        seed=config["seed"],
        field=dataset_part("field"),
        stimulus_settings=stimulus_settings,
        code=code("make_stimulus"),
    message:
        "{wildcards.dataset}: making {wildcards.stimulus}"
    script:
        "../scripts/make_stimulus.py"
