rule simulate_responses:
    message:
        "{wildcards.dataset}: simulating responses of cell {wildcards.cell} to {wildcards.stimulus}"
    input:
        stimulus=RESULTS + "/stimulus/{stimulus}.nc",
    output:
        RESULTS + "/responses/{stimulus}/{cell}.nc",
    wildcard_constraints:
        dataset=of_kind("simulated"),
    log:
        log_path("simulate_responses", "{stimulus}", "{cell}"),
    benchmark:
        benchmark_path("simulate_responses", "{stimulus}", "{cell}")
    params:
        seed=config["seed"],
        cell=dataset_part("cells", "{cell}"),
        repeats=dataset_part("stimuli", "{stimulus}", "frozen_repeats"),
        min_spikes=dataset_part("min_spikes"),
        code=code("simulate_responses"),
    threads: 1
    resources:
        mem_mb=2000,
    conda:
        "../../envs/finefield.yaml"
    script:
        "../scripts/simulate_responses.py"


rule read_responses:
    message:
        "{wildcards.dataset}: reading responses of cell {wildcards.cell}"
    input:
        recording=dataset_part("recording"),
    output:
        RESULTS + "/responses/{stimulus}/{cell}.nc",
    wildcard_constraints:
        dataset=of_kind("recorded"),
    log:
        log_path("read_responses", "{stimulus}", "{cell}"),
    benchmark:
        benchmark_path("read_responses", "{stimulus}", "{cell}")
    params:
        seed=config["seed"],
        layout=dataset_part("layout"),
        frame_rate=dataset_part("field", "frame_rate"),
        min_spikes=dataset_part("min_spikes"),
        code=code("read_responses"),
    threads: 1
    resources:
        mem_mb=2000,
    conda:
        "../../envs/finefield.yaml"
    script:
        "../scripts/read_responses.py"
