rule synthesise_stimulus:
    output:
        "results/{dataset}/stimulus/{stimulus}.nc",
    log:
        "logs/{dataset}/synthesise_stimulus/{stimulus}.log",
    benchmark:
        "results/{dataset}/benchmarks/synthesise_stimulus/{stimulus}.tsv"
    wildcard_constraints:
        dataset=of_kind("simulated"),
    conda:
        "../../envs/finefield.yaml"
    threads: 1
    resources:
        mem_mb=2000,
    params:
        seed=config["seed"],
        field=dataset_part("field"),
        stimulus=dataset_part("stimuli", "{stimulus}"),
        code=code("synthesise_stimulus"),
    message:
        "{wildcards.dataset}: synthesising {wildcards.stimulus}"
    script:
        "../scripts/synthesise_stimulus.py"


rule regenerate_stimulus:
    output:
        "results/{dataset}/stimulus/{stimulus}.nc",
    log:
        "logs/{dataset}/regenerate_stimulus/{stimulus}.log",
    benchmark:
        "results/{dataset}/benchmarks/regenerate_stimulus/{stimulus}.tsv"
    wildcard_constraints:
        dataset=of_kind("recorded"),
    conda:
        "../../envs/finefield.yaml"
    threads: 1
    resources:
        mem_mb=2000,
    params:
        seed=config["seed"],
        field=dataset_part("field"),
        layout=dataset_part("layout"),
        stimulus=dataset_part("stimuli", "{stimulus}"),
        code=code("regenerate_stimulus"),
    message:
        "{wildcards.dataset}: regenerating {wildcards.stimulus} from its seeds"
    script:
        "../scripts/regenerate_stimulus.py"
