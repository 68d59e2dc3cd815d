rule simulate_responses:
    input:
        stimulus="results/{dataset}/stimulus/{stimulus}.nc",
    output:
        "results/{dataset}/responses/{stimulus}/{cell}.nc",
    log:
        log_of("simulate_responses/{stimulus}/{cell}"),
    benchmark:
        benchmark_of("simulate_responses/{stimulus}/{cell}")
    wildcard_constraints:
        dataset=of_kind("simulated"),
    conda:
        "../../envs/finefield.yaml"
    threads: 1
    resources:
        mem_mb=growing(2000),
        runtime=growing(5),
    params:
        seed=config["seed"],
        cell_settings=setting("datasets/{dataset}/cells/{cell}"),
        repeats=setting("datasets/{dataset}/stimuli/{stimulus}/frozen_repeats"),
        min_spikes=setting("datasets/{dataset}/min_spikes"),
        code=code("simulate_responses"),
    message:
        "{wildcards.dataset}: simulating responses of cell {wildcards.cell} to {wildcards.stimulus}"
    script:
        "../scripts/simulate_responses.py"


rule try_physiology:
    output:
        "results/{dataset}/physiology/{cell}.nc",
    log:
        log_of("try_physiology/{cell}"),
    benchmark:
        benchmark_of("try_physiology/{cell}")
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
        frame_rate=setting("datasets/{dataset}/field/frame_rate"),
        cell_settings=setting("datasets/{dataset}/cells/{cell}"),
        code=code("try_physiology"),
    message:
        "{wildcards.dataset}: physiology of cell {wildcards.cell}"
    script:
        "../scripts/try_physiology.py"


rule import_recording:
    input:
        files=users(reading.recording_files),
    output:
        "results/{dataset}/recording/{stimulus}.nc",
    log:
        log_of("import_recording/{stimulus}"),
    benchmark:
        benchmark_of("import_recording/{stimulus}")
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
        recording=setting("datasets/{dataset}/stimuli/{stimulus}/recording"),
        layout=setting("datasets/{dataset}/stimuli/{stimulus}/layout"),
        frame_rate=setting("datasets/{dataset}/field/frame_rate"),
        contents=holding(reading.recording_files),
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
        log_of("read_responses/{stimulus}/{cell}"),
    benchmark:
        benchmark_of("read_responses/{stimulus}/{cell}")
    wildcard_constraints:
        dataset=of_kind("recorded"),
    conda:
        "../../envs/finefield.yaml"
    threads: 1
    resources:
        mem_mb=growing(2000),
        runtime=growing(2),
    params:
        seed=config["seed"],
        frame_rate=setting("datasets/{dataset}/field/frame_rate"),
        delay=setting("datasets/{dataset}/delay"),
        test_fraction=setting("datasets/{dataset}/test_fraction"),
        min_spikes=setting("datasets/{dataset}/min_spikes"),
        code=code("read_responses"),
    message:
        "{wildcards.dataset}: reading responses of cell {wildcards.cell} to {wildcards.stimulus}"
    script:
        "../scripts/read_responses.py"
