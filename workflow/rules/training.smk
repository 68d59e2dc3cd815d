rule train:
    input:
        stimulus="results/{dataset}/stimulus/{stimulus}.nc",
        cell="results/{dataset}/cells/{cell}.nc",
        responses="results/{dataset}/responses/{stimulus}/{cell}.nc",
    output:
        "results/{dataset}/models/{model}/{stimulus}/{cell}.nc",
    log:
        "logs/{dataset}/train/{model}/{stimulus}/{cell}.log",
    benchmark:
        "results/{dataset}/benchmarks/train/{model}/{stimulus}/{cell}.tsv"
    conda:
        "../../envs/finefield.yaml"
    threads: 1
    resources:
        mem_mb=3000,
        # A resource, as changing it reruns nothing.
        device=config["device"],
    params:
        seed=config["seed"],
        model=model_part,
        code=code("train"),
    message:
        "{wildcards.dataset}: training {wildcards.model} on cell {wildcards.cell}, {wildcards.stimulus}"
    script:
        "../scripts/train.py"
