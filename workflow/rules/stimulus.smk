rule synthesise_stimulus:
    message:
        "{wildcards.dataset}: synthesising {wildcards.stimulus}"
    output:
        RESULTS + "/stimulus/{stimulus}.nc",
    wildcard_constraints:
        dataset=of_kind("simulated"),
    log:
        log_path("synthesise_stimulus", "{stimulus}"),
    benchmark:
        benchmark_path("synthesise_stimulus", "{stimulus}")
    params:
        seed=config["seed"],
        field=dataset_part("field"),
        stimulus=dataset_part("stimuli", "{stimulus}"),
        code=code("synthesise_stimulus"),
    threads: 1
    resources:
        mem_mb=2000,
    conda:
        "../../envs/finefield.yaml"
    script:
        "../scripts/synthesise_stimulus.py"


rule regenerate_stimulus:
    message:
        "{wildcards.dataset}: regenerating {wildcards.stimulus} from its seeds"
    output:
        RESULTS + "/stimulus/{stimulus}.nc",
    wildcard_constraints:
        dataset=of_kind("recorded"),
    log:
        log_path("regenerate_stimulus", "{stimulus}"),
    benchmark:
        benchmark_path("regenerate_stimulus", "{stimulus}")
    params:
        seed=config["seed"],
        field=dataset_part("field"),
        layout=dataset_part("layout"),
        stimulus=dataset_part("stimuli", "{stimulus}"),
        code=code("regenerate_stimulus"),
    threads: 1
    resources:
        mem_mb=2000,
    conda:
        "../../envs/finefield.yaml"
    script:
        "../scripts/regenerate_stimulus.py"
