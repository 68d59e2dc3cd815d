rule simulate_responses:
    input:
        stimulus="results/{dataset}/stimulus/{stimulus}.nc",
    output:
        "results/{dataset}/responses/{stimulus}/{cell}.nc",
    log:
        "logs/{dataset}/simulate_responses/{stimulus}/{cell}.log",
    benchmark:
        "results/{dataset}/benchmarks/simulate_responses/{stimulus}/{cell}.tsv"
    wildcard_constraints:
        dataset=of_kind("simulated"),
    conda:
        "../../envs/finefield.yaml"
    threads: 1
    resources:
        mem_mb=2000,
    params:
        seed=config["seed"],
        cell_settings=dataset_part("cells", "{cell}"),
        repeats=dataset_part("stimuli", "{stimulus}", "frozen_repeats"),
        min_spikes=dataset_part("min_spikes"),
        code=code("simulate_responses"),
    message:
        "{wildcards.dataset}: simulating responses of cell {wildcards.cell} to {wildcards.stimulus}"
    script:
        "../scripts/simulate_responses.py"


rule import_recording:
    input:
        files=responses_files,
    output:
        "results/{dataset}/recording/{stimulus}.nc",
    log:
        "logs/{dataset}/import_recording/{stimulus}.log",
    benchmark:
        "results/{dataset}/benchmarks/import_recording/{stimulus}.tsv"
    wildcard_constraints:
        dataset=of_kind("recorded"),
    conda:
        "../../envs/recordings.yaml"
    threads: 1
    resources:
        mem_mb=2000,
    params:
        seed=config["seed"],
        recording=dataset_part("stimuli", "{stimulus}", "recording"),
        layout=dataset_part("stimuli", "{stimulus}", "layout"),
        frame_rate=dataset_part("field", "frame_rate"),
        code=code("import_recording"),
    message:
        "{wildcards.dataset}: reading the responses to {wildcards.stimulus}"
    script:
        "../scripts/import_recording.py"


rule read_responses:
    input:
        recording="results/{dataset}/recording/{stimulus}.nc",
    output:
        "results/{dataset}/responses/{stimulus}/{cell}.nc",
    log:
        "logs/{dataset}/read_responses/{stimulus}/{cell}.log",
    benchmark:
        "results/{dataset}/benchmarks/read_responses/{stimulus}/{cell}.tsv"
    wildcard_constraints:
        dataset=of_kind("recorded"),
    conda:
        "../../envs/finefield.yaml"
    threads: 1
    resources:
        mem_mb=2000,
    params:
        seed=config["seed"],
        frame_rate=dataset_part("field", "frame_rate"),
        delay=dataset_part("delay"),
        min_spikes=dataset_part("min_spikes"),
        code=code("read_responses"),
    message:
        "{wildcards.dataset}: reading responses of cell {wildcards.cell} to {wildcards.stimulus}"
    script:
        "../scripts/read_responses.py"
