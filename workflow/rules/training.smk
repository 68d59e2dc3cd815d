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
    wildcard_constraints:
        model=of_network(stnmf=False),
    conda:
        "../../envs/finefield.yaml"
    threads: 1
    resources:
        mem_mb=3000,
        # A resource, as changing it reruns nothing.
        device=config["device"],
    params:
        seed=config["seed"],
        model_settings=model_part,
        code=code("train"),
    message:
        "{wildcards.dataset}: training {wildcards.model} on cell {wildcards.cell}, {wildcards.stimulus}"
    script:
        "../scripts/train.py"


rule factorise:
    input:
        stimulus="results/{dataset}/stimulus/{stimulus}.nc",
        cell="results/{dataset}/cells/{cell}.nc",
        responses="results/{dataset}/responses/{stimulus}/{cell}.nc",
    output:
        "results/{dataset}/models/{model}/{stimulus}/{cell}.nc",
    # Where a training has them, so that the summary finds the time of either.
    log:
        "logs/{dataset}/train/{model}/{stimulus}/{cell}.log",
    benchmark:
        "results/{dataset}/benchmarks/train/{model}/{stimulus}/{cell}.tsv"
    wildcard_constraints:
        model=of_network(stnmf=True),
    conda:
        "../../envs/finefield.yaml"
    threads: 1
    resources:
        mem_mb=3000,
        # A resource, as changing it reruns nothing.
        stnmf_python=config["stnmf_python"],
    params:
        seed=config["seed"],
        model_settings=model_part,
        code=code("factorise"),
        program=program("stnmf_run.py"),
    message:
        "{wildcards.dataset}: factorising cell {wildcards.cell} by {wildcards.model}, {wildcards.stimulus}"
    script:
        "../scripts/factorise.py"
